import { describe, expect, it } from 'vitest'
import { admitted } from './support/gateway-event.ts'
import { handshakeRequest, send, statelessRequest } from './support/mcp-message.ts'
import { sampleServer } from './support/sample-skillset.ts'

const { handler, seen } = sampleServer()
const alice = admitted('alice', 'sample:read')
const bob = admitted('bob', 'sample:read', { ceiling: 'sample:read sample:erase' })
const nobody = admitted('nobody', '', { ceiling: 'sample:read' })

const eras = [
  ['2025-11-25', handshakeRequest],
  ['2026-07-28', statelessRequest],
] as const

describe.each(eras)('scopes in %s', (_version, request) => {
  it('shows what the person may ever use, not what the token holds', async () => {
    const namesFor = async (person: typeof alice) => {
      const { messages } = await send(handler, request('tools/list'), person)
      return messages[0].result.tools.map(({ name }: { name: string }) => name)
    }
    expect(await namesFor(alice)).toEqual(['echo', 'misbehave', 'report'])
    expect(await namesFor(nobody)).toEqual(['echo', 'misbehave', 'report'])
    expect(await namesFor(bob)).toEqual(['echo', 'erase', 'misbehave', 'report'])
    expect(await namesFor(admitted('eve', '', { ceiling: '' }))).toEqual([])
  })

  it('answers a missing scope with what to do', async () => {
    const { statusCode, messages } = await send(handler, request('tools/call', { name: 'erase' }), bob)
    const { isError, content, structuredContent } = messages[0].result
    expect([statusCode, isError, structuredContent]).toEqual([200, true, undefined])
    expect(JSON.parse(content[0].text).error).toEqual({
      code: 'insufficient_scope',
      message: expect.stringContaining('sample:erase'),
      hint: expect.stringMatching(/connect it again/),
      scope: 'sample:read sample:erase',
      requestId: 'request-1',
    })
  })

  it('does not take a scope in the token for a right above the ceiling', async () => {
    const { messages } = await send(
      handler,
      request('tools/call', { name: 'erase' }),
      admitted('alice', 'sample:read sample:erase', { ceiling: 'sample:read' }),
    )
    expect(messages[0].error.code).toBe(-32602)
  })

  it('answers what the person may never have like what does not exist', async () => {
    for (const name of ['erase', 'no_such_tool', '__proto__', 'constructor']) {
      const { messages } = await send(handler, request('tools/call', { name }), alice)
      expect(messages[0].error).toEqual({
        code: -32602,
        message: `Unknown tool: "${name}". tools/list has the tools that there are for you.`,
        data: { code: 'unknown_tool', requestId: 'request-1' },
      })
    }
  })
})

describe('PLATFORM 32a: headers never decide', () => {
  it('a harmless Mcp-Name does not let the body through', async () => {
    const { headers, message } = handshakeRequest('tools/call', { name: 'erase' }, '2025-06-18')
    const { messages } = await send(handler, { headers: { ...headers, 'mcp-name': 'echo' }, message }, bob)
    expect(JSON.parse(messages[0].result.content[0].text).error.code).toBe('insufficient_scope')
  })
})

describe('RS-06: batches', () => {
  const echo = (id: number) => ({
    jsonrpc: '2.0',
    id,
    method: 'tools/call',
    params: { name: 'echo', arguments: { text: `${id}` } },
  })
  const erase = (id: number) => ({ jsonrpc: '2.0', id, method: 'tools/call', params: { name: 'erase' } })
  const { headers } = handshakeRequest('tools/call', {}, '2025-03-26')
  const { 'mcp-protocol-version': _version, ...withoutVersion } = headers

  it.each([
    ['2025-03-26', headers],
    ['no version, which means 2025-03-26', withoutVersion],
  ])('with %s, each message is judged by itself', async (_case, headers) => {
    const { messages } = await send(handler, { headers, message: [echo(1), erase(2), echo(3)] }, bob)
    const byId = Object.fromEntries(messages.map((message) => [message.id, message.result]))
    expect(byId[1].structuredContent.text).toBe('1')
    expect(JSON.parse(byId[2].content[0].text).error.code).toBe('insufficient_scope')
    expect(byId[3].structuredContent.text).toBe('3')
  })

  it.each(['2025-06-18', '2025-11-25', '2026-07-28'])('%s has none', async (version) => {
    seen.length = 0
    const request = { headers: { ...headers, 'mcp-protocol-version': version }, message: [echo(1)] }
    const { statusCode, messages } = await send(handler, request, bob)
    expect([statusCode, messages[0].error.code, messages[0].error.data.code]).toEqual([
      400,
      -32600,
      'batch_not_supported',
    ])
    expect(seen).toEqual([])
  })

  it.each([
    ['an empty one', [], 'batch_size'],
    ['51 messages', Array.from({ length: 51 }, (_, id) => echo(id)), 'batch_size'],
    ['one id twice', [echo(1), echo(1)], 'repeated_id'],
  ])('%s is refused', async (_case, message, code) => {
    seen.length = 0
    const { statusCode, messages } = await send(handler, { headers, message }, bob)
    expect([statusCode, messages[0].error.code, messages[0].error.data.code]).toEqual([400, -32600, code])
    expect(seen).toEqual([])
  })

  it('a 2026-07-28 message does not hide in one', async () => {
    seen.length = 0
    const { message } = statelessRequest('tools/call', { name: 'echo', arguments: { text: 'hi' } })
    const { statusCode } = await send(handler, { headers, message: [message] }, bob)
    expect(statusCode).toBe(400)
    expect(seen).toEqual([])
  })
})

describe('RS-06: methods', () => {
  it('answers an unknown method with 404 and −32601 in 2026-07-28', async () => {
    const { statusCode, messages } = await send(handler, statelessRequest('no/such'), alice)
    expect([statusCode, messages[0].error.code]).toEqual([404, -32601])
  })

  it('answers an unknown method with −32601 in 2025-11-25', async () => {
    const { messages } = await send(handler, handshakeRequest('no/such'), alice)
    expect(messages[0].error.code).toBe(-32601)
  })

  it('serves server/discover', async () => {
    const { messages } = await send(handler, statelessRequest('server/discover'), alice)
    expect(messages[0].result).toMatchObject({
      resultType: 'complete',
      supportedVersions: ['2026-07-28'],
      capabilities: { tools: { listChanged: false } },
      cacheScope: 'private',
    })
  })

  it('lets only this person keep tools/list', async () => {
    const { messages } = await send(handler, statelessRequest('tools/list'), alice)
    expect(messages[0].result).toMatchObject({ ttlMs: 60_000, cacheScope: 'private', resultType: 'complete' })
  })

  it.each(['2025-11-25', '2025-06-18', '2025-03-26'])('negotiates %s', async (protocolVersion) => {
    const params = { protocolVersion, capabilities: {}, clientInfo: { name: 'test', version: '1' } }
    const { messages, headers } = await send(handler, handshakeRequest('initialize', params, protocolVersion), alice)
    expect(messages[0].result.protocolVersion).toBe(protocolVersion)
    expect(messages[0].result.capabilities).toEqual({ tools: { listChanged: false }, logging: {} })
    expect(headers).not.toHaveProperty('mcp-session-id')
  })

  it('offers the newest handshake to whoever asks for another', async () => {
    const params = { protocolVersion: '2024-11-05', capabilities: {}, clientInfo: { name: 'test', version: '1' } }
    const { headers, message } = handshakeRequest('initialize', params)
    const { 'mcp-protocol-version': _version, ...rest } = headers
    const { messages } = await send(handler, { headers: rest, message }, alice)
    expect(messages[0].result.protocolVersion).toBe('2025-11-25')
  })

  it('RS-08: a foreign MCP session is ignored, never a 404', async () => {
    const { headers, message } = handshakeRequest('tools/list')
    const { statusCode } = await send(handler, { headers: { ...headers, 'mcp-session-id': 'foreign' }, message }, alice)
    expect(statusCode).toBe(200)
  })

  it('RS-08: no subscription is served: a listener is told so and does not hold the function', async () => {
    const { messages } = await send(
      handler,
      statelessRequest('subscriptions/listen', { notifications: { toolsListChanged: true } }),
      alice,
    )
    expect(messages.map(({ params }) => params?.notifications)).toEqual([{}, undefined])
    expect(messages[1].result.resultType).toBe('complete')
  })
})
