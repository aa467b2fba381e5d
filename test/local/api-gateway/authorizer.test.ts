import { describe, expect, it } from 'vitest'

import { fail, gated, ok, refusal } from './fixtures.ts'
import type { Handler } from './functions.ts'
import { run } from './gateway.ts'
import { authorizer, lambdaProxy, permission, policy, restApi } from './stacks.ts'

describe('PLATFORM 3: a REQUEST authorizer', () => {
  const mistakes: [name: string, gate: Handler, status: number, type: string, body: object][] = [
    ['throws Unauthorized', () => fail('Unauthorized'), 401, 'UnauthorizedException', { message: 'Unauthorized' }],
    ['throws anything else', () => fail('unauthorized'), 500, 'AuthorizerFailureException', { message: null }],
    ['returns nothing', () => null, 500, 'AuthorizerConfigurationException', { message: null }],
    ['returns a status', () => ({ statusCode: 401 }), 500, 'AuthorizerConfigurationException', { message: null }],
    [
      'returns a list in the context',
      (event) => policy('Allow', event.methodArn, { scopes: ['a'] }),
      500,
      'AuthorizerConfigurationException',
      { message: null },
    ],
    [
      'returns a Deny',
      (event) => policy('Deny', event.methodArn),
      403,
      'AccessDeniedException',
      { Message: 'User is not authorized to access this resource with an explicit deny' },
    ],
    [
      'allows something else',
      (event) => policy('Allow', `${event.methodArn}/x`),
      403,
      'AccessDeniedException',
      { Message: 'User is not authorized to access this resource' },
    ],
  ]

  it.each(mistakes)('that %s', async (_name, gate, status, type, body) => {
    const tool = () => fail('the tool was called')
    await using api = await run(gated(), 'rest', { gate, tool })
    const reply = await api.fetch('/v1/mcp', { method: 'POST' })
    expect(reply).toMatchObject({ status, json: body })
    expect(reply.headers['x-amzn-errortype']).toBe(type)
  })

  it('a Deny beside an Allow wins', async () => {
    const gate: Handler = ({ methodArn }) => {
      const { principalId, policyDocument } = policy('Allow', '*')
      const denies = policy('Deny', methodArn)
      return {
        principalId,
        policyDocument: { Statement: [policyDocument.Statement, denies.policyDocument.Statement].flat() },
      }
    }
    await using api = await run(gated(), 'rest', { gate, tool: ok })
    expect((await api.fetch('/v1/mcp', { method: 'POST' })).status).toBe(403)
  })

  it('gets the documented event and gives its context as strings', async () => {
    const events: object[] = []
    const gate: Handler = (event) => {
      events.push(event)
      return policy('Allow', event.methodArn, { exp: 1700000000, admin: false, sub: 'abc' })
    }
    const tool: Handler = (event) => ({ statusCode: 200, body: JSON.stringify(event.requestContext.authorizer) })
    await using api = await run(gated(), 'rest', { gate, tool })
    const reply = await api.fetch('/v1/mcp?a=1', { method: 'POST', headers: { Authorization: 'Bearer t' }, body: '{}' })
    expect(reply.json).toMatchObject({ exp: '1700000000', admin: 'false', sub: 'abc', principalId: 'someone' })
    expect(events[0]).toMatchObject({
      type: 'REQUEST',
      methodArn: 'arn:aws:execute-api:us-east-1:000000000000:rest/v1/POST/mcp',
      resource: '/mcp',
      path: '/mcp',
      httpMethod: 'POST',
      headers: { Authorization: 'Bearer t' },
      multiValueHeaders: { Authorization: ['Bearer t'] },
      queryStringParameters: { a: '1' },
      pathParameters: {},
      stageVariables: {},
      requestContext: { stage: 'v1', apiId: 'rest', accountId: '000000000000', resourcePath: '/mcp', path: '/v1/mcp' },
    })
    expect(events[0]).not.toHaveProperty('body')
  })

  it('with caching on, a missing identity source is 401 without a call', async () => {
    const more = { IdentitySource: 'method.request.header.Authorization', AuthorizerResultTtlInSeconds: 300 }
    await using api = await run(gated([], more), 'rest', { gate: () => fail('the gate was called') })
    expect((await api.fetch('/v1/mcp', { method: 'POST' })).status).toBe(401)
    expect((await api.fetch('/v1/mcp', { method: 'POST', headers: { Authorization: '' } })).status).toBe(401)
  })

  it('may not be called without a permission', async () => {
    const gate = authorizer()
    const resources = [...gate.resources.slice(1), permission('tool')]
    await using api = await run(restApi({ 'POST /mcp': lambdaProxy('tool') }, { ...gate, resources }), 'rest', {
      gate: (event) => policy('Allow', event.methodArn),
      tool: ok,
    })
    expect((await api.fetch('/v1/mcp', { method: 'POST' })).headers['x-amzn-errortype']).toBe(
      'AuthorizerConfigurationException',
    )
  })

  it.each([
    ['Type', { Type: 'TOKEN' }],
    ['IdentitySource', { IdentitySource: '' }],
    ['AuthorizerCredentials', { AuthorizerCredentials: 'arn:aws:iam::1:role/x' }],
  ])('that needs what is not stood for is refused at the start: %s', (name, more) => {
    expect(refusal(gated([], more))).toContain(name)
  })
})

describe('PLATFORM 4: cached authorizer results', () => {
  const more = { IdentitySource: 'method.request.header.Authorization', AuthorizerResultTtlInSeconds: 60 }
  const headers = { Authorization: 'Bearer t' }

  it('are keyed by identity sources, and their policy is reused for other paths', async () => {
    let calls = 0
    const gate: Handler = (event) => {
      calls += 1
      return policy('Allow', event.methodArn)
    }
    const { method, resources } = authorizer(more)
    const methods = { 'GET /a': lambdaProxy('tool'), 'GET /b': lambdaProxy('tool') }
    const stacks = restApi(methods, { method, resources: [...resources, permission('tool')] })
    await using api = await run(stacks, 'rest', { gate, tool: ok })
    expect((await api.fetch('/v1/a', { headers })).status).toBe(200)
    // The trap: the policy names /a alone, and is what /b gets.
    expect((await api.fetch('/v1/b', { headers })).status).toBe(403)
    expect(calls).toBe(1)
    await api.fetch('/v1/a', { headers: { Authorization: 'Bearer other' } })
    expect(calls).toBe(2)
    api.advance(60_001)
    expect((await api.fetch('/v1/b', { headers })).status).toBe(200)
    expect(calls).toBe(3)
  })

  it('TTL 0 asks every time', async () => {
    let calls = 0
    const gate: Handler = (event) => {
      calls += 1
      return policy('Allow', event.methodArn)
    }
    await using api = await run(gated(), 'rest', { gate, tool: ok })
    await api.fetch('/v1/mcp', { method: 'POST', headers })
    await api.fetch('/v1/mcp', { method: 'POST', headers })
    expect(calls).toBe(2)
  })
})
