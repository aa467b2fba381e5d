import { describe, expect, it } from 'vitest'
import { parseEnvironment } from '../../../lambdas/authorizer/environment.ts'

const VARIABLES = {
  ISSUER: 'https://mcp.example.com',
  AUDIENCE: 'https://mcp.example.com/devops/mcp',
  SERVER_NAME: 'devops',
  METADATA_URL: 'https://mcp.example.com/devops/.well-known/oauth-protected-resource',
  TABLE_NAME: 'factory',
  AWS_REGION: 'eu-west-1',
  AWS_ACCESS_KEY_ID: 'id',
  AWS_SECRET_ACCESS_KEY: 'a-secret-value',
}

describe('the environment', () => {
  it('is who the gate is and where its table is', () => {
    expect(parseEnvironment(VARIABLES)).toEqual({
      gate: {
        issuer: VARIABLES.ISSUER,
        audience: VARIABLES.AUDIENCE,
        metadataUrl: VARIABLES.METADATA_URL,
        serverName: 'devops',
      },
      table: {
        endpoint: 'https://dynamodb.eu-west-1.amazonaws.com',
        region: 'eu-west-1',
        tableName: 'factory',
        accessKeyId: 'id',
        secretAccessKey: 'a-secret-value',
        sessionToken: undefined,
      },
    })
  })

  it('names the endpoint as for the AWS SDKs: the service’s own before the common one', () => {
    const common = { ...VARIABLES, AWS_ENDPOINT_URL: 'http://127.0.0.1:1' }
    expect(parseEnvironment(common).table.endpoint).toBe('http://127.0.0.1:1')
    expect(parseEnvironment({ ...common, AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:2' }).table.endpoint).toBe(
      'http://127.0.0.1:2',
    )
  })

  it.each(Object.keys(VARIABLES))('fails closed without %s, or with it empty', (name) => {
    for (const value of [undefined, '', ' '])
      expect(() => parseEnvironment({ ...VARIABLES, [name]: value })).toThrow(name)
  })

  it.each(['ISSUER', 'AUDIENCE', 'METADATA_URL', 'AWS_ENDPOINT_URL'])('fails closed for %s that is no URL', (name) => {
    for (const value of ['example.com', 'ftp://x.test', 'https://x.test/"', 'https://x.test/ y', 'https://x.test/\n'])
      expect(() => parseEnvironment({ ...VARIABLES, [name]: value })).toThrow(name)
  })

  it('never shows a value', () => {
    expect(() => parseEnvironment({ ...VARIABLES, ISSUER: 'a-secret-value' })).toThrow(/^(?!.*a-secret-value)/)
  })
})
