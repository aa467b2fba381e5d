import { Socket } from 'node:net'
import type { APIGatewayAuthorizerResult, APIGatewayRequestAuthorizerEvent } from 'aws-lambda'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type LocalTable, startLocalTable, TABLE_NAME } from '../store/local-table.ts'
import { CLAIMS, GATE, itemsOf, signToken } from './fixtures.ts'

const source = new URL('../../../lambdas/authorizer/handler.ts', import.meta.url)
const now = () => Math.floor(Date.now() / 1000)
const eventOf = (token: string) =>
  ({
    methodArn: 'arn:aws:execute-api:eu-west-1:123456789012:abcdef/v1/POST/mcp',
    httpMethod: 'POST',
    multiValueHeaders: { Authorization: [`Bearer ${token}`] },
    requestContext: { requestId: 'request-1' },
  }) as unknown as APIGatewayRequestAuthorizerEvent
const freshToken = (changes = {}) => signToken({ ...CLAIMS, iat: now(), exp: now() + 600, ...changes })

describe('the function as Lambda runs it', () => {
  let table: LocalTable
  let handler: (event: APIGatewayRequestAuthorizerEvent) => Promise<APIGatewayAuthorizerResult>

  beforeAll(async () => {
    table = await startLocalTable()
    const { keys, policy, server } = itemsOf()
    await table.put({ pk: 'KEYS', sk: 'KEYS', doc: keys ?? '' })
    await table.put({ pk: 'POLICY', sk: 'POLICY', doc: policy ?? '' })
    await table.put({ pk: 'SERVER#devops', sk: 'SERVER', doc: server ?? '' })
    await table.put({
      pk: 'DENY',
      sk: 'grant#ended',
      kind: 'grant',
      value: 'ended',
      before: now() + 60,
      expiresAt: now() + 660,
    })
    for (const [name, value] of Object.entries({
      ISSUER: GATE.issuer,
      AUDIENCE: GATE.audience,
      METADATA_URL: GATE.metadataUrl,
      SERVER_NAME: GATE.serverName,
      TABLE_NAME,
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'a-secret',
      AWS_ENDPOINT_URL_DYNAMODB: table.endpoint,
    }))
      vi.stubEnv(name, value)
    handler = (await import(source.href)).handler
  })

  afterAll(async () => {
    vi.unstubAllEnvs()
    await table[Symbol.asyncDispose]()
  })

  it('admits a person and refuses a grant that has ended', async () => {
    const connections = vi.spyOn(Socket.prototype, 'connect')
    const answer = await handler(eventOf(freshToken()))
    expect(connections).toHaveBeenCalled()
    connections.mockRestore()
    expect(answer).toMatchObject({ principalId: CLAIMS.sub, context: { email: CLAIMS.email } })
    await expect(handler(eventOf(freshToken({ sid: 'ended' })))).rejects.toThrow(/^Unauthorized$/)
  })

  it('makes no network call on the warm path', async () => {
    const token = freshToken()
    await handler(eventOf(token))
    const connections = vi.spyOn(Socket.prototype, 'connect')
    for (let call = 0; call < 50; call++) await handler(eventOf(token))
    await handler(eventOf(freshToken({ jti: 'another' })))
    expect(connections).not.toHaveBeenCalled()
    connections.mockRestore()
  })
})

it('its bundle stays under 40 KB', async () => {
  const { outputFiles, metafile } = await build({
    entryPoints: [source.pathname],
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    write: false,
    metafile: true,
  })
  expect(outputFiles[0]?.contents.byteLength).toBeLessThan(40_000)
  const inputs = Object.keys(metafile.inputs)
  for (const heavy of ['@aws-sdk', '@middy', '@aws-lambda-powertools', 'node_modules/jose', 'zod/v4/classic'])
    expect(inputs.filter((input) => input.includes(heavy))).toEqual([])
})
