import { expect, it } from 'vitest'
import { parseEnvironment } from '../../../lambdas/registrar/environment.ts'

const VARIABLES = { TABLE_NAME: 'factory', AUTHORIZATION_STACK: 'prod-mcp-authorization' }

it('names the table and the stack that may write the policy', () => {
  expect(parseEnvironment(VARIABLES)).toEqual({ tableName: 'factory', authorizationStack: 'prod-mcp-authorization' })
})

it.each(Object.keys(VARIABLES))('fails closed without %s', (name) => {
  for (const value of [undefined, '']) expect(() => parseEnvironment({ ...VARIABLES, [name]: value })).toThrow(name)
})
