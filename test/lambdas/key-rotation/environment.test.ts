import { expect, it } from 'vitest'
import { parseEnvironment } from '../../../lambdas/key-rotation/environment.ts'

const VARIABLES = { TABLE_NAME: 'factory', ACCESS_TOKEN_LIFETIME: '600', REFRESH_ABSOLUTE_LIFETIME: '5184000' }

it('reads the lifetimes as seconds', () => {
  expect(parseEnvironment(VARIABLES)).toEqual({
    tableName: 'factory',
    lifetimes: { accessToken: 600, refreshAbsolute: 5_184_000 },
  })
})

it.each(Object.keys(VARIABLES))('fails closed without %s or with a wrong one', (name) => {
  for (const value of [undefined, '', ...(name === 'TABLE_NAME' ? [] : ['0', '-1', '1.5', 'ten', '1e3', ' 600'])])
    expect(() => parseEnvironment({ ...VARIABLES, [name]: value })).toThrow(name)
})
