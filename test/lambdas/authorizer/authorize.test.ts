import type { APIGatewayRequestAuthorizerEvent } from 'aws-lambda'
import { describe, expect, it } from 'vitest'
import { openAudit } from '../../../lambdas/audit/audit.ts'
import { authorizerHandler } from '../../../lambdas/authorizer/authorize.ts'
import { makeGate } from '../../../lambdas/authorizer/gate.ts'
import type { TableItems } from '../../../lambdas/authorizer/snapshot.ts'
import { snapshotSource } from '../../../lambdas/authorizer/snapshot-source.ts'
import { jsonLog } from '../../../lambdas/shell/json-log.ts'
import { CLAIMS, GATE, itemsOf, NOW, signToken } from './fixtures.ts'

const METHOD_ARN = 'arn:aws:execute-api:eu-west-1:123456789012:abcdef/v1/POST/mcp'

function setUp(read = async (): Promise<TableItems> => itemsOf()) {
  const lines: string[] = []
  const clock = () => NOW * 1000
  const write = (line: string) => void lines.push(line)
  const audit = openAudit(write, clock, () => ({ service: 'sample-authorizer', trace: 'Root=1-2-3;Sampled=0' }))
  const gate = makeGate(GATE, snapshotSource(read, clock), clock)
  const handler = authorizerHandler(gate, jsonLog(write, clock), audit, 'sample')
  return { handler, lines, records: () => lines.map((line) => JSON.parse(line)) }
}

function eventOf(
  headers: Record<string, string[]> | null,
  changes: Partial<APIGatewayRequestAuthorizerEvent> = {},
): APIGatewayRequestAuthorizerEvent {
  return {
    type: 'REQUEST',
    methodArn: METHOD_ARN,
    resource: '/mcp',
    path: '/mcp',
    httpMethod: 'POST',
    headers: headers && Object.fromEntries(Object.entries(headers).map(([name, values]) => [name, values.at(-1)])),
    multiValueHeaders: headers,
    pathParameters: null,
    queryStringParameters: null,
    multiValueQueryStringParameters: null,
    stageVariables: null,
    requestContext: { requestId: 'request-1' } as APIGatewayRequestAuthorizerEvent['requestContext'],
    ...changes,
  }
}
const bearer = (token: string) => ({ Authorization: [`Bearer ${token}`] })
const call = (tool: string) => ({
  'MCP-Protocol-Version': ['2026-07-28'],
  'Mcp-Method': ['tools/call'],
  'Mcp-Name': [tool],
})

describe('the table of answers', () => {
  it('a good token: Allow for the one method, context of strings (PLATFORM 3, 4)', async () => {
    const { handler, lines } = setUp()
    const answer = await handler(eventOf(bearer(signToken())))
    expect(answer).toMatchObject({
      principalId: 'alice-sub',
      policyDocument: {
        Version: '2012-10-17',
        Statement: [{ Action: 'execute-api:Invoke', Effect: 'Allow', Resource: METHOD_ARN }],
      },
      context: { sub: 'alice-sub', tenant: 'example', exp: String(CLAIMS.exp) },
    })
    for (const value of Object.values(answer.context ?? {})) expect(value).toBeTypeOf('string')
    expect(lines).toEqual([])
  })

  it('GET, DELETE and POST alike', async () => {
    const { handler } = setUp()
    for (const httpMethod of ['GET', 'DELETE', 'POST']) {
      const methodArn = METHOD_ARN.replace('POST', httpMethod)
      const allowed = await handler(eventOf(bearer(signToken()), { httpMethod, methodArn }))
      expect(allowed.policyDocument.Statement[0]).toMatchObject({ Effect: 'Allow', Resource: methodArn })
      await expect(handler(eventOf({}, { httpMethod, methodArn }))).rejects.toThrow(/^Unauthorized$/)
    }
  })

  it.each<[string, Record<string, string[]> | null]>([
    ['no header at all', null],
    ['no token', {}],
    ['a token that is none', bearer('x')],
    ['an expired one', bearer(signToken({ ...CLAIMS, exp: NOW }))],
    ['another server’s', bearer(signToken({ ...CLAIMS, aud: 'https://mcp.example.com/productivity/mcp' }))],
    ['two headers', { Authorization: [`Bearer ${signToken()}`, `Bearer ${signToken()}`] }],
    ['a person no longer allowed', bearer(signToken({ ...CLAIMS, email: 'mallory@evil.test' }))],
  ])('RS-02: %s throws exactly Unauthorized', async (_, headers) => {
    await expect(setUp().handler(eventOf(headers))).rejects.toThrow(/^Unauthorized$/)
  })

  it('a refusal is one line of the log that Lambda keeps of what is thrown', async () => {
    const refused = await setUp()
      .handler(eventOf({}))
      .catch((error: Error) => error)
    expect(refused).toHaveProperty('stack', 'Error: Unauthorized')
  })

  it('RS-02: a token in the query string is none', async () => {
    const token = signToken()
    const { handler } = setUp()
    for (const name of ['access_token', 'token', 'authorization', 'Authorization']) {
      const query = {
        queryStringParameters: { [name]: `Bearer ${token}` },
        multiValueQueryStringParameters: { [name]: [token] },
      }
      await expect(handler(eventOf({}, query))).rejects.toThrow(/^Unauthorized$/)
    }
  })

  it('a missing scope: Deny with the challenge in the context', async () => {
    const { handler } = setUp()
    const answer = await handler(eventOf({ ...bearer(signToken()), ...call('read_logs') }))
    expect(answer.policyDocument.Statement[0]).toMatchObject({ Effect: 'Deny' })
    expect(answer.context?.challenge).toMatch(/^Bearer error="insufficient_scope", scope="health:read logs:read", /)
  })

  it('beyond the ceiling: Deny without a challenge', async () => {
    const { handler } = setUp()
    const answer = await handler(eventOf({ ...bearer(signToken()), ...call('deploy') }))
    expect(answer.policyDocument.Statement[0]).toMatchObject({ Effect: 'Deny' })
    expect(answer.context).toEqual({})
  })

  it('2025-era: a missing scope is not judged by headers', async () => {
    const { handler } = setUp()
    const headers = { ...bearer(signToken()), ...call('read_logs'), 'MCP-Protocol-Version': ['2025-11-25'] }
    expect((await handler(eventOf(headers))).policyDocument.Statement[0]).toMatchObject({ Effect: 'Allow' })
  })

  it('no snapshot: any other throw, which says nothing', async () => {
    const { handler, records } = setUp(async () => {
      throw new Error('the table did not answer', { cause: new Error('connect ECONNREFUSED') })
    })
    await expect(handler(eventOf(bearer(signToken())))).rejects.toThrow(/^the gate is unavailable$/)
    expect(records()).toMatchObject([
      {
        level: 'ERROR',
        requestId: 'request-1',
        error: [
          'SnapshotUnavailable: no snapshot of the table may be used',
          'Error: the table did not answer',
          'Error: connect ECONNREFUSED',
        ],
      },
    ])
  })
})

describe('the log', () => {
  it('has a line per refusal: the rule, its detail, whose token, which request', async () => {
    const { handler, records } = setUp()
    await handler(eventOf(bearer(signToken({ ...CLAIMS, exp: NOW - 1 })))).catch(() => {})
    expect(records()).toEqual([
      {
        level: 'INFO',
        audit: 'access.refused',
        service: 'sample-authorizer',
        traceId: '1-2-3',
        server: 'sample',
        timestamp: new Date(NOW * 1000).toISOString(),
        requestId: 'request-1',
        method: 'POST',
        outcome: 'unauthorized',
        rule: 'expired',
        detail: `expired at ${new Date((NOW - 1) * 1000).toISOString()}`,
        sub: CLAIMS.sub,
        email: CLAIMS.email,
        tenant: CLAIMS.tenant,
        client: CLAIMS.client_id,
        grant: CLAIMS.sid,
      },
    ])
  })

  it('never has a token or any part of one, and is one line whatever a client sends', async () => {
    const { handler, lines } = setUp()
    const tokens = [
      signToken({ ...CLAIMS, exp: NOW }),
      signToken({ ...CLAIMS, aud: 'https://other.test/\n{"level":"forged"}' }),
      signToken(CLAIMS, { alg: 'ES256', typ: 'at+jwt', kid: 'unknown' }),
      'opaque-and-secret',
    ]
    for (const token of tokens) await handler(eventOf(bearer(token))).catch(() => {})
    await handler(eventOf({ Authorization: ['Basic c2VjcmV0LXZhbHVl'] })).catch(() => {})
    expect(lines).toHaveLength(5)
    for (const line of lines) expect(line).toMatch(/^[^\n]*\n$/)
    const text = lines.join('')
    for (const part of [...tokens.flatMap((token) => token.split('.')), 'c2VjcmV0LXZhbHVl'])
      expect(text).not.toContain(part)
  })
})
