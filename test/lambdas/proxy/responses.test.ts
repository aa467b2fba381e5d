import type { ServerResponse } from 'node:http'
import { createServer } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { startBackend } from '../../support/mcp-backend.ts'
import { textOf } from '../runtime/support/aws-lambda.ts'
import { admitted } from '../runtime/support/gateway-event.ts'
import { handshakeRequest } from '../runtime/support/mcp-message.ts'
import { ALICE, ask, codeOf, open, sampleProxy } from './sample-proxy.ts'

const OK = JSON.stringify({ jsonrpc: '2.0', id: 1, result: {} })
const JSON_TYPE = { 'content-type': 'application/json' }
const EVENTS = { 'content-type': 'text/event-stream' }

/** What a client gets of a backend that answers so. */
async function answered(respond: (response: ServerResponse) => unknown, method = 'ping', authorizer = ALICE) {
  await using backend = await startBackend((_request, response) => respond(response))
  const proxy = sampleProxy(backend.url, { backend: { timeout: 500 } })
  const answer = await ask(proxy.handler, method, {}, { authorizer })
  return { answer, log: proxy.lines.join(), recorded: backend.recorded }
}

describe('a hostile backend', () => {
  it.each<[string, (response: ServerResponse) => unknown, string]>([
    ['HTML', (r) => r.writeHead(200, { 'content-type': 'text/html' }).end('<script>'), 'backend_malformed'],
    [
      'HTML with JSON in its parameters',
      (r) => r.writeHead(200, { 'content-type': 'text/html; x=application/json' }).end(OK),
      'backend_malformed',
    ],
    [
      'two content types',
      (r) => r.writeHead(200, ['content-type', 'text/html', 'content-type', 'application/json']).end(OK),
      'backend_malformed',
    ],
    ['no content type', (r) => r.writeHead(200).end(OK), 'backend_malformed'],
    ['HTML with a 500', (r) => r.writeHead(500, { 'content-type': 'text/html' }).end('<h1>'), 'backend_malformed'],
    [
      'a compressed body',
      (r) => r.writeHead(200, { ...JSON_TYPE, 'content-encoding': 'gzip' }).end('x'),
      'backend_malformed',
    ],
    [
      'oversized headers',
      (r) => r.writeHead(200, { ...JSON_TYPE, 'x-padding': 'x'.repeat(9_000) }).end(OK),
      'backend_malformed',
    ],
    [
      'an oversized session id',
      (r) => r.writeHead(200, { ...JSON_TYPE, 'mcp-session-id': 'x'.repeat(2_000) }).end(OK),
      'backend_malformed',
    ],
    [
      'a session id that is no ASCII',
      (r) => r.writeHead(200, { ...JSON_TYPE, 'mcp-session-id': '\xe9' }).end(OK),
      'backend_malformed',
    ],
    ['a redirect elsewhere', (r) => r.writeHead(307, { location: 'https://evil.test/' }).end(), 'backend_redirected'],
    ['a redirect to itself', (r) => r.writeHead(302, { location: '/base/mcp' }).end(), 'backend_redirected'],
    [
      'a challenge',
      (r) => r.writeHead(401, { 'www-authenticate': 'Bearer resource_metadata="https://evil.test/"' }).end(),
      'backend_refused_credentials',
    ],
    [
      'a 403 with a challenge',
      (r) => r.writeHead(403, { 'www-authenticate': 'Bearer error="insufficient_scope"', ...JSON_TYPE }).end(OK),
      'backend_refused_credentials',
    ],
    ['a 407', (r) => r.writeHead(407, { 'proxy-authenticate': 'Basic' }).end(), 'backend_refused_credentials'],
    ['another protocol', (r) => r.socket?.end('SSH-2.0-OpenSSH_9.6\r\n'), 'backend_malformed'],
    [
      'a switch of protocols',
      (r) => r.socket?.end('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n'),
      'backend_malformed',
    ],
    [
      'two lengths',
      (r) => r.socket?.end('HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}'),
      'backend_malformed',
    ],
    [
      'a header folded over lines',
      (r) => r.socket?.end('HTTP/1.1 200 OK\r\nMcp-Session-Id: a\rSet-Cookie: b\r\n\r\n'),
      'backend_malformed',
    ],
    ['a closed connection', (r) => r.socket?.destroy(), 'backend_unreachable'],
  ])('%s: 502, in our form, without a word of it', async (_case, respond, code) => {
    const { answer, recorded } = await answered(respond)
    expect([answer.statusCode, codeOf(answer), answer.messages[0].id]).toEqual([502, code, 1])
    expect(answer.text + JSON.stringify(answer.headers)).not.toMatch(
      /evil|script|SSH|insufficient_scope|www-auth|\d+\.ts:/i,
    )
    expect(recorded).toHaveLength(1)
  })

  it('cookies, policies and all other headers of its own stay behind, and ours are there', async () => {
    const { answer } = await answered((response) =>
      response
        .writeHead(200, {
          'content-type': 'application/json; charset=utf-7',
          'set-cookie': ['__Host-session=stolen', 'a=b'],
          'content-security-policy': "default-src 'unsafe-inline'",
          'access-control-allow-origin': '*',
          'strict-transport-security': 'max-age=0',
          'x-amzn-remapped-www-authenticate': 'Bearer',
          'www-authenticate': 'Bearer',
          'clear-site-data': '"*"',
          location: 'https://evil.test/',
          refresh: '0;url=https://evil.test/',
          link: '<https://evil.test/>; rel=preload',
          'x-request-id': 'theirs',
          'mcp-session-id': 'session-1',
          'mcp-protocol-version': '2025-11-25',
        })
        .end(OK),
    )
    expect(answer.statusCode).toBe(200)
    expect(answer.headers).toEqual({
      'content-type': 'application/json',
      'mcp-session-id': 'session-1',
      'mcp-protocol-version': '2025-11-25',
      'Content-Security-Policy': expect.stringContaining('sandbox'),
      'X-Content-Type-Options': 'nosniff',
      'Strict-Transport-Security': expect.stringContaining('63072000'),
      'Referrer-Policy': 'no-referrer',
      'Cache-Control': 'no-store',
      'X-Request-ID': 'request-1',
      Vary: 'Origin',
    })
  })

  it('a content type that lies: what it sent is JSON to every browser, and runs nowhere', async () => {
    await using backend = await startBackend((_request, response) => response.writeHead(200, JSON_TYPE).end('<script>'))
    const { headers, message } = handshakeRequest('ping')
    const response = await open(sampleProxy(backend.url).handler, { headers, body: JSON.stringify(message) })
    expect(await textOf(response)).toBe('<script>')
    expect(response.headers).toMatchObject({ 'content-type': 'application/json', 'X-Content-Type-Options': 'nosniff' })
  })

  it('a list that lies about itself is not passed on where tools are hidden', async () => {
    const { answer } = await answered((response) => response.writeHead(200, JSON_TYPE).end('delete_page'), 'tools/list')
    expect([answer.statusCode, codeOf(answer)]).toEqual([502, 'backend_malformed'])
  })
})

describe('statuses that mean something to a client', () => {
  it.each<[string, number, Record<string, string>, string, string | undefined]>([
    ['a notification that was taken', 202, {}, '', undefined],
    ['nothing to say', 204, {}, '', undefined],
    ['a JSON-RPC error', 400, JSON_TYPE, OK, undefined],
    ['a session that is over', 404, { 'content-type': 'text/plain' }, 'gone', 'backend_refused'],
    ['a method that is not there', 405, { allow: 'POST' }, '', 'backend_refused'],
    ['too many requests', 429, { 'retry-after': '7', 'content-type': 'text/html' }, '<h1>', 'backend_refused'],
    ['a JSON error of the server', 500, JSON_TYPE, OK, undefined],
  ])('%s: %d stays', async (_case, status, headers, body, code) => {
    const { answer } = await answered((response) => response.writeHead(status, headers).end(body))
    expect([answer.statusCode, codeOf(answer)]).toEqual([status, code])
    for (const name of ['allow', 'retry-after']) expect(answer.headers[name]).toBe(headers[name])
    if (code === undefined) expect(answer.text).toBe(body)
  })
})

describe('a backend that is slow, absent or dies', () => {
  it('absent: 502', async () => {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as { port: number }
    await new Promise((resolve) => server.close(resolve))
    const answer = await ask(sampleProxy(`http://127.0.0.1:${port}/mcp`).handler, 'ping')
    expect([answer.statusCode, codeOf(answer)]).toEqual([502, 'backend_unreachable'])
    expect(answer.text).not.toMatch(/ECONNREFUSED|127\.0\.0\.1/)
  })

  it('slow: 504, and its connection is closed', async () => {
    const closed = Promise.withResolvers<void>()
    const { answer, log } = await answered((response) => response.on('close', closed.resolve))
    expect([answer.statusCode, codeOf(answer)]).toEqual([504, 'backend_timeout'])
    expect(log).toContain('no response within 500 ms')
    await closed.promise
  })

  it('slower than the function lives: 504 before Lambda ends it', async () => {
    await using backend = await startBackend(() => undefined)
    const answer = await ask(sampleProxy(backend.url).handler, 'ping', {}, { remaining: 1_100 })
    expect([answer.statusCode, codeOf(answer)]).toEqual([504, 'backend_timeout'])
  })

  it('dying in the midst of an event stream: an error answers the request', async () => {
    const { answer, log } = await answered(async (response) => {
      response.writeHead(200, EVENTS).write('data: {"jsonrpc":"2.0","method":"notifications/message"}\n\n')
      await pause(20)
      response.destroy()
    })
    expect(answer.messages.at(-1)).toMatchObject({ id: 1, error: { data: { code: 'backend_broke_off' } } })
    expect(log).toContain('stream broke')
  })

  it('dying in the midst of JSON: what has come is not whole', async () => {
    await using backend = await startBackend(async (_request, response) => {
      response.writeHead(200, { ...JSON_TYPE, 'content-length': '100' }).write('{"jsonrpc":"2.0",')
      await pause(20)
      response.destroy()
    })
    const { handler, lines } = sampleProxy(backend.url)
    const { headers, message } = handshakeRequest('ping')
    const text = await textOf(await open(handler, { headers, body: JSON.stringify(message) }))
    expect(() => JSON.parse(text)).toThrow()
    expect(lines.join()).toContain('stream broke')
  })

  it('RS-07: a stream ends with the token that opened it', async () => {
    await using backend = await startBackend((_request, response) => response.writeHead(200, EVENTS).flushHeaders())
    const exp = String(Math.floor(Date.now() / 1000) + 2)
    const authorizer = admitted('alice', 'wiki:use', { exp })
    const { handler } = sampleProxy(backend.url)
    const listening = await open(handler, { method: 'GET', headers: { accept: 'text/event-stream' }, authorizer })
    const answer = await ask(handler, 'ping', {}, { authorizer })
    expect(answer.messages.at(-1)).toMatchObject({ id: 1, error: { data: { code: 'token_expired' } } })
    expect(await textOf(listening)).toBe('')
  })
})

describe('a stream', () => {
  it('002.1: passes at the pace at which it is read: 10 MB and more, a little in memory', async () => {
    const event = Buffer.from(`data: ${'x'.repeat(65_520)}\n\n`)
    const count = 400
    let sent = 0
    await using backend = await startBackend(async (_request, response) => {
      response.writeHead(200, EVENTS)
      for (; sent < count; sent++)
        if (!response.write(event)) await new Promise((resolve) => response.once('drain', resolve))
      response.end()
    })
    const { headers, message } = handshakeRequest('ping')
    const response = await open(sampleProxy(backend.url).handler, { headers, body: JSON.stringify(message) })
    const chunks = response.body[Symbol.asyncIterator]()
    let received = (await chunks.next()).value?.length ?? 0
    // Nobody reads on: buffers and sockets fill up, and then the backend waits.
    let before = -1
    while (before !== sent) {
      before = sent
      await pause(300)
    }
    expect(sent).toBeLessThan(count / 2)
    for (let next = await chunks.next(); !next.done; next = await chunks.next()) received += next.value.length
    expect(received).toBe(event.length * count)
  })

  it('is open before its first event, and the first arrives before the last is sent', async () => {
    const first = Promise.withResolvers<void>()
    await using backend = await startBackend(async (_request, response) => {
      response.writeHead(200, EVENTS).write('data: 1\n\n')
      await first.promise
      response.end('data: 2\n\n')
    })
    const { headers, message } = handshakeRequest('ping')
    const { body, headers: answered } = await open(sampleProxy(backend.url).handler, {
      headers,
      body: JSON.stringify(message),
    })
    expect(answered['X-Accel-Buffering']).toBe('no')
    let text = ''
    for await (const chunk of body) {
      text += chunk
      first.resolve()
    }
    expect(text).toBe('data: 1\n\ndata: 2\n\n')
  })
})
