import { describe, expect, it } from 'vitest'

import { chunksOf, type GatewayResponseArguments, gated, open, refusal, STREAM } from './fixtures.ts'
import { streamed } from './functions.ts'
import { run } from './gateway.ts'
import { authorizer, gatewayResponse, lambdaProxy, policy, restApi } from './stacks.ts'

describe('PLATFORM 1: WWW-Authenticate', () => {
  const headers = { 'WWW-Authenticate': 'Basic realm="x"', Server: 'mine', 'X-Own': 'kept' }
  const renamed = {
    'x-amzn-remapped-www-authenticate': 'Basic realm="x"',
    'x-amzn-remapped-server': 'mine',
    'x-own': 'kept',
  }

  it('is renamed on a buffered Lambda answer', async () => {
    await using api = await run(open(), 'rest', { tool: () => ({ statusCode: 401, headers }) })
    const reply = await api.fetch('/v1/mcp')
    expect(reply.headers).toMatchObject(renamed)
    expect(reply.headers['www-authenticate']).toBeUndefined()
    expect(reply.headers.server).toBeUndefined()
  })

  it('is renamed on a streamed Lambda answer', async () => {
    const tool = () => streamed({ statusCode: 401, headers }, chunksOf('no'))
    await using api = await run(open(STREAM), 'rest', { tool })
    const reply = await api.fetch('/v1/mcp')
    expect(reply).toMatchObject({ status: 401, text: 'no' })
    expect(reply.headers).toMatchObject(renamed)
    expect(reply.headers['www-authenticate']).toBeUndefined()
  })

  it('survives in a gateway response', async () => {
    const challenge = { ResponseParameters: { 'gatewayresponse.header.WWW-Authenticate': '\'Bearer scope="a"\'' } }
    await using api = await run(gated([['UNAUTHORIZED', challenge]]), 'rest', {
      gate: () => Promise.reject(new Error('Unauthorized')),
    })
    const reply = await api.fetch('/v1/mcp', { method: 'POST' })
    expect(reply.status).toBe(401)
    expect(reply.rawHeaders).toContain('WWW-Authenticate')
    expect(reply.headers['www-authenticate']).toBe('Bearer scope="a"')
  })
})

describe('PLATFORM 2: gateway responses', () => {
  const parameters = {
    'gatewayresponse.header.A': "'literal'",
    'gatewayresponse.header.B': 'method.request.header.X-Sent',
    'gatewayresponse.header.C': 'context.authorizer.challenge',
    'gatewayresponse.header.D': 'context.requestId',
    'gatewayresponse.header.E': 'stageVariables.colour',
    'gatewayresponse.header.F': 'method.request.querystring.q',
  }
  const properties = { StatusCode: '418', ResponseParameters: parameters }
  const send = { method: 'POST', headers: { 'x-sent': 'yes' } }

  it('evaluates literals, request, context and stage variables; the context of a Deny', async () => {
    const stage = { stage: { Variables: { colour: 'red' } } }
    const gate = authorizer()
    const resources = [...gate.resources, gatewayResponse('ACCESS_DENIED', properties)]
    await using api = await run(
      restApi({ 'POST /mcp': lambdaProxy('tool') }, { ...gate, ...stage, resources }),
      'rest',
      {
        gate: (event) => policy('Deny', event.methodArn, { challenge: 'Bearer error="insufficient_scope"' }),
      },
    )
    const reply = await api.fetch('/v1/mcp?q=1&q=2', send)
    expect(reply.status).toBe(418)
    expect(reply.headers).toMatchObject({
      a: 'literal',
      b: 'yes',
      c: 'Bearer error="insufficient_scope"',
      e: 'red',
      f: '2',
    })
    expect(reply.headers.d).toBe(reply.headers['x-amzn-requestid'])
  })

  it('has no authorizer context where the authorizer threw: the header is left out', async () => {
    await using api = await run(gated([['UNAUTHORIZED', properties]]), 'rest', {
      gate: () => Promise.reject(new Error('Unauthorized')),
    })
    const reply = await api.fetch('/v1/mcp', send)
    expect(reply.headers.a).toBe('literal')
    expect(reply.headers).not.toHaveProperty('c')
  })

  it.each([
    'Bearer',
    "'a' context.requestId",
    "'a''b'",
    'context',
    '$context.requestId',
    'integration.response.header.x',
  ])('refuses at the start what is no single expression: %s', (expression) => {
    const wrong = { ResponseParameters: { 'gatewayresponse.header.A': expression } }
    expect(refusal(gated([['UNAUTHORIZED', wrong]]))).toContain('gatewayresponse.header.A')
  })

  it('puts $context variables into templates, messageString with its quotes', async () => {
    const templates = {
      'application/json': '{"m":$context.error.messageString,"id":"$context.requestId","n":"$context.none"}',
    }
    await using api = await run(gated([['UNAUTHORIZED', { ResponseTemplates: templates }]]), 'rest', {
      gate: () => Promise.reject(new Error('Unauthorized')),
    })
    const reply = await api.fetch('/v1/mcp', send)
    expect(reply.json).toEqual({ m: 'Unauthorized', id: reply.headers['x-amzn-requestid'], n: '' })
  })

  it('refuses live VTL in a template and an unknown type', () => {
    const live = { ResponseTemplates: { 'application/json': '$input.body' } }
    expect(refusal(gated([['UNAUTHORIZED', live]]))).toContain('UNAUTHORIZED')
    expect(refusal(gated([['NO_SUCH_TYPE', {}]]))).toContain('ResponseType')
  })

  it('inherits from DEFAULT_4XX and DEFAULT_5XX where a type has none of its own', async () => {
    const header = (value: string) => ({ ResponseParameters: { 'gatewayresponse.header.From': `'${value}'` } })
    const responses: GatewayResponseArguments[] = [
      ['DEFAULT_4XX', header('4xx')],
      ['DEFAULT_5XX', { ...header('5xx'), StatusCode: '503' }],
      ['UNAUTHORIZED', header('own')],
    ]
    let error = 'Unauthorized'
    await using api = await run(gated(responses), 'rest', { gate: () => Promise.reject(new Error(error)) })
    expect((await api.fetch('/v1/mcp', send)).headers.from).toBe('own')
    expect(await api.fetch('/v1/none')).toMatchObject({ status: 403, headers: { from: '4xx' } })
    error = 'table unreachable'
    expect(await api.fetch('/v1/mcp', send)).toMatchObject({ status: 503, headers: { from: '5xx' } })
  })
})
