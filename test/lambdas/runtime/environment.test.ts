import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { EnvironmentError, parseEnvironment } from '../../../lambdas/runtime/environment.ts'
import { secret, table } from '../../../lambdas/runtime/needs.ts'

const skillset = {
  needs: [table(), secret('api-key'), secret('google-service-account', { optional: true })],
  options: z.strictObject({ speed: z.int().default(1) }),
}
const variables = {
  ISSUER: 'https://mcp.example.com',
  SERVER_NAME: 'sample',
  OPTIONS: '{"speed":2}',
  ALLOWED_ORIGINS: '[]',
  TABLE_NAME: 'data',
  SECRET_API_KEY: 'arn:aws:secretsmanager:eu-central-1:1:secret:api-key',
}

describe('parseEnvironment', () => {
  it('reads what the stack says', () => {
    expect(parseEnvironment(variables, skillset)).toEqual({
      issuer: 'https://mcp.example.com',
      serverName: 'sample',
      options: { speed: 2 },
      allowedOrigins: [],
      tableName: 'data',
      secretArns: new Map([['api-key', variables.SECRET_API_KEY]]),
    })
  })

  it.each(Object.keys(variables))('fails closed without %s', (name) => {
    expect(() => parseEnvironment({ ...variables, [name]: undefined }, skillset)).toThrow(name)
  })

  it.each([
    ['ISSUER', 'not a url'],
    ['OPTIONS', '{marked-secret'],
    ['OPTIONS', '{"speed":"marked-secret"}'],
    ['OPTIONS', '{"marked":1}'],
    ['ALLOWED_ORIGINS', '["marked-secret"]'],
    // Its origin would be `null`, which every sandboxed page has.
    ['ALLOWED_ORIGINS', '["data:marked-secret"]'],
    ['TABLE_NAME', ''],
    ['SECRET_API_KEY', ''],
  ])('names %s and not its value %s', (name, value) => {
    const parse = () => parseEnvironment({ ...variables, [name]: value }, skillset)
    expect(parse).toThrow(EnvironmentError)
    expect(parse).toThrow(new RegExp(name))
    expect(parse).not.toThrow(/marked-secret/)
  })

  it('takes the origin of an allowed URL', () => {
    const ALLOWED_ORIGINS = '["https://App.example.com:443/","http://x.test:8080/path"]'
    const { allowedOrigins } = parseEnvironment({ ...variables, ALLOWED_ORIGINS }, skillset)
    expect(allowedOrigins).toEqual(['https://app.example.com', 'http://x.test:8080'])
  })

  it('has no table where the skillset needs none', () => {
    const { tableName } = parseEnvironment(variables, { ...skillset, needs: [] })
    expect(tableName).toBeUndefined()
  })
})
