import { describe, expect, it } from 'vitest'
import type { AuthorizerContext } from '../../../model/authorizer-context.ts'
import { invoke } from './support/aws-lambda.ts'
import { admitted, type EventParts, proxyEvent } from './support/gateway-event.ts'
import { answerOf, handshakeRequest, JSON_HEADERS, send, statelessRequest } from './support/mcp-message.ts'
import { sampleServer } from './support/sample-skillset.ts'

const alice = admitted('alice', 'sample:read')
const { handler, seen, log } = sampleServer()
const call = handshakeRequest('tools/call', { name: 'echo', arguments: { text: 'hi' } })

async function sendRaw(parts: Partial<EventParts>) {
  return answerOf(await invoke(handler, proxyEvent({ headers: JSON_HEADERS, authorizer: alice, ...parts })))
}

/** Nothing ran, and the answer is JSON-RPC with a stable code and the request id. */
async function expectRefusal(parts: Partial<EventParts>, statusCode: number, rpcCode: number, code: string) {
  seen.length = 0
  const answer = await sendRaw({ requestId: 'r-77', ...parts })
  expect(answer.statusCode).toBe(statusCode)
  expect(answer.messages).toEqual([
    expect.objectContaining({
      jsonrpc: '2.0',
      error: expect.objectContaining({ code: rpcCode, data: expect.objectContaining({ code, requestId: 'r-77' }) }),
    }),
  ])
  expect(answer.headers).toMatchObject({ 'X-Request-ID': 'r-77', 'Content-Type': 'application/json' })
  expect(seen).toEqual([])
  return answer
}

const body = JSON.stringify(call.message)

it('a request that cannot even be read is answered in the protocol’s form', async () => {
  await expectRefusal({ body, headers: { ...JSON_HEADERS, 'mcp-name': 'a\nb' } }, 500, -32603, 'internal_error')
  expect(log.join()).toContain('request failed')
})

describe('the gate', () => {
  const incomplete = Object.keys(alice).filter((key) => !['name', 'picture', 'scope', 'ceiling'].includes(key))

  it.each([undefined, {}, { principalId: 'x' }])('fails closed where the authorizer said %j', async (authorizer) => {
    await expectRefusal({ body, authorizer }, 500, -32603, 'internal_error')
  })

  it.each(incomplete)('fails closed where the authorizer left out %s', async (key) => {
    const { [key as keyof AuthorizerContext]: _left, ...rest } = alice
    await expectRefusal({ body, authorizer: rest }, 500, -32603, 'internal_error')
    await expectRefusal({ body, authorizer: { ...alice, [key]: '' } }, 500, -32603, 'internal_error')
  })

  it('tells the log', () => {
    expect(log.join()).toContain('did not pass the gate')
  })
})

describe('RS-04: Origin', () => {
  it.each([
    'https://evil.test',
    'null',
    '',
    'https://app.example.com.evil.test',
    'https://app.example.com:444',
    'http://app.example.com',
    'http://localhost.evil.test',
    'http://localhost:80@evil.test',
    'http://127.0.0.1.evil.test',
    'http://127.0.0.2',
    'ftp://localhost',
    'https://app.example.com, https://evil.test',
  ])('refuses %j', async (origin) => {
    const { headers } = await expectRefusal(
      { body, headers: { ...JSON_HEADERS, origin } },
      403,
      -32000,
      'origin_not_allowed',
    )
    expect(headers).not.toHaveProperty('Access-Control-Allow-Origin')
  })

  it('refuses two origins in two spellings of the header', async () => {
    const headers = { ...JSON_HEADERS, Origin: 'https://evil.test', origin: 'https://app.example.com' }
    await expectRefusal({ body, headers }, 403, -32000, 'origin_not_allowed')
  })

  it('refuses two origins, one of them allowed', async () => {
    const origin = ['https://app.example.com', 'https://evil.test']
    await expectRefusal({ body, headers: { ...JSON_HEADERS, origin } }, 403, -32000, 'origin_not_allowed')
  })

  it.each([
    'https://app.example.com',
    'http://localhost:6274',
    'https://localhost',
    'http://127.0.0.1:1',
    'http://[::1]:8080',
  ])('serves %s and lets it read what CL-05 asks for', async (origin) => {
    const { statusCode, headers } = await sendRaw({ body, headers: { ...call.headers, Origin: origin } })
    expect(statusCode).toBe(200)
    expect(headers['Access-Control-Allow-Origin']).toBe(origin)
    expect(headers.Vary).toBe('Origin')
    for (const name of ['WWW-Authenticate', 'MCP-Session-Id', 'MCP-Protocol-Version', 'X-Request-ID', 'Retry-After'])
      expect(headers['Access-Control-Expose-Headers']).toContain(name)
    expect(headers).not.toHaveProperty('Access-Control-Allow-Credentials')
  })

  it('serves programs, which send none', async () => {
    expect((await sendRaw({ body })).statusCode).toBe(200)
  })
})

describe('HTTP', () => {
  it.each(['GET', 'DELETE', 'PUT'])('RS-08: refuses %s', async (method) => {
    await expectRefusal({ method, body }, 405, -32000, 'method_not_allowed')
  })

  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'application/jsonx',
    'text/html; application/json',
    undefined,
  ])('refuses content type %s', async (type) => {
    const { 'content-type': _json, ...rest } = JSON_HEADERS
    const headers = type === undefined ? rest : { ...rest, 'content-type': type }
    await expectRefusal({ body, headers }, 415, -32000, 'unsupported_media_type')
  })

  it('serves a content type with a charset', async () => {
    const headers = { ...call.headers, 'content-type': 'application/json; charset=utf-8' }
    expect((await sendRaw({ body, headers })).statusCode).toBe(200)
  })

  it.each([
    'text/html',
    'application/json',
    'text/event-stream',
    'application/json, text/event-stream;q=0',
    '',
  ])('refuses Accept: %s', async (accept) => {
    await expectRefusal({ body, headers: { ...JSON_HEADERS, accept } }, 406, -32000, 'not_acceptable')
  })

  it.each([
    '*/*',
    'application/*, text/*',
    'text/event-stream;q=0.5, application/json',
  ])('serves Accept: %s', async (accept) => {
    expect((await sendRaw({ body, headers: { ...call.headers, accept } })).statusCode).toBe(200)
  })

  it('refuses a body over 1 MiB and reads one of exactly that size', async () => {
    const padded = (size: number) => body.padEnd(size, ' ')
    await expectRefusal({ body: padded(1_048_577) }, 413, -32000, 'body_too_large')
    expect((await sendRaw({ body: padded(1_048_576) })).statusCode).toBe(200)
  })

  it('counts the bytes of a base64 body, not its characters', async () => {
    await expectRefusal({ body: Buffer.from(body.padEnd(1_048_577, ' ')) }, 413, -32000, 'body_too_large')
    expect((await sendRaw({ body: Buffer.from(body.padEnd(1_048_576, ' ')) })).statusCode).toBe(200)
  })

  it.each(['', '{', 'jsonrpc=2.0', '{"jsonrpc":"2.0",}', '\u0000'])('refuses %j as JSON', async (malformed) => {
    await expectRefusal({ body: malformed }, 400, -32700, 'malformed_json')
  })

  it.each([
    'null',
    '7',
    '"text"',
    '{}',
    '{"jsonrpc":"1.0","id":1,"method":"ping"}',
    '{"jsonrpc":"2.0","id":{},"method":"x"}',
  ])('refuses %s as JSON-RPC', async (message) => {
    const { statusCode, messages } = await sendRaw({ body: message })
    expect([statusCode, messages[0].error.code]).toEqual([400, -32600])
  })

  it.each([
    ['a batch', (deep: string) => deep],
    ['arguments', (deep: string) => body.replace('"hi"', deep)],
    ['a state', (deep: string) => body.replace('"params":{', `"params":{"requestState":"x","y":${deep},`)],
  ])('refuses %s that nobody could walk through', async (_what, withDeep) => {
    for (const [open, close] of [
      ['[', ']'],
      ['{"a":', '}'],
    ] as const) {
      const deep = (levels: number) => withDeep(`${open.repeat(levels)}1${close.repeat(levels)}`)
      await expectRefusal({ body: deep(100_000) }, 400, -32600, 'nested_too_deeply')
      await expectRefusal({ body: deep(201) }, 400, -32600, 'nested_too_deeply')
      expect((await sendRaw({ body: deep(190) })).text).not.toContain('nested_too_deeply')
    }
  })

  it('writes no more than a line of what it refuses', async () => {
    log.length = 0
    const { headers, message } = statelessRequest('tools/call', { name: 'x'.repeat(500_000) }, { 'mcp-name': 'echo' })
    expect((await send(handler, { headers, message }, alice)).statusCode).toBe(400)
    expect(log.join()).toContain('refused by the protocol')
    expect(log.join().length).toBeLessThan(2_000)
  })
})

describe('RS-05: MCP-Protocol-Version', () => {
  it.each([
    '2024-11-05',
    '2026-07-29',
    '1.0',
    '',
    '2025-11-25, 2025-06-18',
    'x'.repeat(9000),
  ])('refuses %s and says what is served', async (version) => {
    const headers = { ...JSON_HEADERS, 'mcp-protocol-version': version }
    const { messages, text } = await expectRefusal({ body, headers }, 400, -32022, 'unsupported_protocol_version')
    expect(messages[0].id).toBe(1)
    expect(messages[0].error.data.supported).toEqual(['2026-07-28'])
    expect(text.length).toBeLessThan(1000)
  })

  it.each(['2025-11-25', '2025-06-18', '2025-03-26'])('serves %s', async (version) => {
    const { messages } = await send(handler, handshakeRequest('tools/list', {}, version), alice)
    expect(messages[0].result.tools).toHaveLength(3)
  })

  it('tolerates Mcp-Method on 2025-era requests (mcp-remote)', async () => {
    const request = handshakeRequest('tools/list')
    const headers = { ...request.headers, 'mcp-method': 'initialize' }
    const { messages } = await send(handler, { ...request, headers }, alice)
    expect(messages[0].result.tools).toHaveLength(3)
  })
})

describe('RS-05: headers and body of 2026-07-28 agree', () => {
  const params = { name: 'echo', arguments: { text: 'hi' } }
  const request = statelessRequest('tools/call', params)

  it.each([
    ['another tool', { 'mcp-name': 'erase' }],
    ['two tools', { 'mcp-name': ['echo', 'erase'] }],
    ['another method', { 'mcp-method': 'tools/list' }],
    ['two methods', { 'mcp-method': ['tools/call', 'tools/list'] }],
    ['malformed base64', { 'mcp-name': '=?base64?***?=' }],
    ['another tool in base64', { 'mcp-name': `=?base64?${Buffer.from('erase').toString('base64')}?=` }],
    ['what is not ASCII', { 'mcp-name': '日echo' }],
    ['an older version', { 'mcp-protocol-version': '2025-11-25' }],
  ])('refuses headers that name %s', async (_case, headers) => {
    seen.length = 0
    const { statusCode, messages } = await send(handler, statelessRequest('tools/call', params, headers), alice)
    expect([statusCode, messages[0].error.code, messages[0].id]).toEqual([400, -32020, 1])
    expect(seen).toEqual([])
  })

  it.each(['mcp-name', 'mcp-method', 'mcp-protocol-version'])('refuses a request without %s', async (name) => {
    seen.length = 0
    const { [name as 'mcp-method']: _left, ...headers } = request.headers
    const { statusCode, messages } = await send(handler, { ...request, headers }, alice)
    expect([statusCode, messages[0].error.code]).toEqual([400, -32020])
    expect(seen).toEqual([])
  })

  it('decodes base64', async () => {
    const name = `=?base64?${Buffer.from('echo').toString('base64')}?=`
    const { messages } = await send(handler, statelessRequest('tools/call', params, { 'mcp-name': name }), alice)
    expect(messages[0].result.structuredContent.text).toBe('hi')
  })

  it('refuses a version in the body that is not served', async () => {
    const meta = { 'io.modelcontextprotocol/protocolVersion': '2027-01-01' }
    const { statusCode, messages } = await send(
      handler,
      statelessRequest('tools/list', { _meta: meta }, { 'mcp-protocol-version': '2027-01-01' }),
      alice,
    )
    expect([statusCode, messages[0].error.code]).toEqual([400, -32022])
  })

  it('refuses the header without the envelope', async () => {
    const { message } = handshakeRequest('tools/call', params)
    const { statusCode } = await send(handler, { headers: request.headers, message }, alice)
    expect(statusCode).toBe(400)
  })
})

describe('what every response says', () => {
  it.each([
    ['a result', call],
    ['a refusal', { headers: JSON_HEADERS, message: '{' }],
    ['an acknowledged notification', { ...call, message: { jsonrpc: '2.0', method: 'notifications/initialized' } }],
  ])('%s cannot act as a page and is not kept', async (_case, request) => {
    const { headers } = await send(handler, request, alice)
    expect(headers).toMatchObject({
      'Content-Security-Policy': "sandbox; default-src 'none'; frame-ancestors 'none'",
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'no-referrer',
      'Cache-Control': 'no-store',
      'X-Request-ID': 'request-1',
    })
    expect(headers['Strict-Transport-Security']).toBe('max-age=63072000; includeSubDomains; preload')
    const type = headers['content-type'] ?? headers['Content-Type']
    expect(['application/json', 'text/event-stream', undefined]).toContain(type)
    // Nothing else, and nothing twice in another spelling.
    const names = Object.keys(headers).map((name) => name.toLowerCase())
    expect(new Set(names).size).toBe(names.length)
    for (const name of ['set-cookie', 'connection', 'keep-alive', 'transfer-encoding'])
      expect(names).not.toContain(name)
  })

  it('RS-08: a stream is not to be buffered', async () => {
    const { headers } = await send(handler, call, alice)
    expect(headers).toMatchObject({ 'content-type': 'text/event-stream', 'X-Accel-Buffering': 'no' })
  })

  it('RS-06: a notification is answered 202 without a body', async () => {
    const message = { jsonrpc: '2.0', method: 'notifications/initialized' }
    const { statusCode, text } = await send(handler, { ...call, message }, alice)
    expect([statusCode, text]).toEqual([202, ''])
  })
})
