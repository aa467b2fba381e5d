import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type RunningBackend, startBackend, startSdkV1Backend, startSdkV2Backend } from '../../support/mcp-backend.ts'
import { admitted } from '../runtime/support/gateway-event.ts'
import { answerOf, JSON_HEADERS, statelessRequest } from '../runtime/support/mcp-message.ts'
import { ALICE, ask, BOB, codeOf, open, sampleProxy } from './sample-proxy.ts'

const INITIALIZE = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'test', version: '1.0.0' } }
const OK = JSON.stringify({ jsonrpc: '2.0', id: 1, result: {} })

describe('servers of the SDKs', () => {
  it('SDK 1: a session is opened, used, listened to and closed through the proxy', async () => {
    await using backend = await startSdkV1Backend()
    const { handler } = sampleProxy(backend.url)
    const opened = await ask(handler, 'initialize', INITIALIZE)
    const session = opened.headers['mcp-session-id'] ?? ''
    expect(opened.headers['content-type']).toBe('text/event-stream')
    expect(session).toMatch(/^[0-9a-f-]{36}$/)
    const headers = { 'mcp-session-id': session }
    const called = await ask(handler, 'tools/call', { name: 'delete_page' }, { headers })
    expect(called.messages[0].result.content[0].text).toBe('delete_page ran')
    const listening = await open(handler, { method: 'GET', headers: { ...headers, accept: 'text/event-stream' } })
    expect(listening).toMatchObject({ statusCode: 200, headers: { 'content-type': 'text/event-stream' } })
    expect(await open(handler, { method: 'DELETE', headers })).toMatchObject({ statusCode: 200 })
    for await (const _chunk of listening.body) expect.unreachable('the stream has ended')
    const gone = await ask(handler, 'tools/list', {}, { headers })
    expect(gone.statusCode).toBe(404)
    expect(codeOf(gone)).toBe('backend_refused')
  })

  it('SDK 2: in both eras of the protocol', async () => {
    await using backend = await startSdkV2Backend()
    const { handler } = sampleProxy(backend.url)
    const legacy = await ask(handler, 'tools/call', { name: 'read_page' })
    expect(legacy.messages[0].result.content[0].text).toBe('read_page ran')
    const { headers, message } = statelessRequest('tools/call', { name: 'read_page' })
    const modern = await answerOf(await open(handler, { headers, body: JSON.stringify(message) }))
    expect(modern.messages[0].result.content[0].text).toBe('read_page ran')
  })
})

describe('what reaches the backend', () => {
  let backend: RunningBackend
  beforeAll(async () => {
    backend = await startBackend((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).end(OK)
    })
  })
  afterAll(() => backend.stop())
  const last = () => backend.recorded.at(-1)

  it('002.1: nothing that a client planted, whatever its spelling', async () => {
    const planted = {
      Authorization: 'Bearer planted-token',
      authorization: 'Bearer planted-again',
      COOKIE: 'session=planted-cookie',
      'Proxy-Authorization': 'Basic planted-proxy',
      'X-User-Id': 'planted-user',
      'x-user-EMAIL': 'planted@evil.test',
      'X-User-Admin': 'planted-admin',
      x_user_id: 'planted-underscore',
      Forwarded: 'for=planted',
      'X-Forwarded-For': 'planted',
      'X-Forwarded-Host': 'planted',
      'X-Amzn-Trace-Id': 'planted',
      'X-Amz-Security-Token': 'planted',
      'X-Api-Key': 'planted',
      Via: 'planted',
      TE: 'planted',
      'Keep-Alive': 'planted',
      Host: 'planted.example.com',
      Origin: 'http://localhost:6274',
      Connection: 'close, Mcp-Planted, last-EVENT-id',
      'Last-Event-ID': 'planted',
      'Mcp-Planted': 'planted',
      'Mcp-User-Id': 'planted',
    }
    const query = { access_token: ['planted'], ACCESS_TOKEN: ['planted'], page: ['1', '2'] }
    const { statusCode } = await ask(sampleProxy(backend.url).handler, 'ping', {}, { headers: planted, query })
    expect(statusCode).toBe(200)
    expect(JSON.stringify(backend.recorded)).not.toMatch(/planted|6274/i)
    expect(last()?.url).toBe('/base/mcp?page=1&page=2')
    expect(Object.keys(last()?.headers ?? {}).toSorted()).toEqual([
      'accept',
      'accept-encoding',
      'connection',
      'content-length',
      'content-type',
      'host',
      'mcp-protocol-version',
      'x-user-email',
      'x-user-id',
      'x-user-name',
      'x-user-provider',
      'x-user-tenant',
    ])
  })

  it('002.1: who calls, in ASCII that decodes to what it was', async () => {
    const name = 'Zoë “100%” Žižek\r\nX-Evil: 1 \ud800'
    const authorizer = admitted('zoe', 'wiki:use', { name, picture: 'https://img.test/z.png' })
    await ask(sampleProxy(backend.url).handler, 'ping', {}, { authorizer })
    expect(last()?.headers).toMatchObject({
      'x-user-id': 'sub-of-zoe',
      'x-user-email': 'zoe@example.com',
      'x-user-tenant': 'example',
      'x-user-provider': 'google',
      'x-user-avatar': 'https://img.test/z.png',
    })
    const sent = String(last()?.headers['x-user-name'])
    expect(sent).toMatch(/^Zo%C3%AB [\x20-\x7e]+$/)
    expect(decodeURIComponent(sent)).toBe(name.replace('\ud800', '\ufffd'))
    expect(last()?.headers).not.toHaveProperty('x-evil')
  })

  it('of a public server: nobody, even where the gate named somebody', async () => {
    const { handler } = sampleProxy(backend.url, { abilities: undefined })
    const before = backend.recorded.length
    expect((await ask(handler, 'tools/call', { name: 'delete_page' }, { authorizer: undefined })).statusCode).toBe(200)
    expect((await ask(handler, 'ping', {}, { authorizer: BOB })).statusCode).toBe(200)
    expect(JSON.stringify(backend.recorded.slice(before))).not.toContain('x-user-')
  })

  it.each([undefined, {}, { ...BOB, exp: 'soon' }])('nothing where the gate said %j', async (authorizer) => {
    const { handler } = sampleProxy(backend.url)
    const before = backend.recorded.length
    for (const method of ['POST', 'GET', 'DELETE'])
      expect((await open(handler, { method, headers: JSON_HEADERS, body: '{}', authorizer })).statusCode).toBe(500)
    expect(backend.recorded).toHaveLength(before)
  })

  it('the path below /mcp', async () => {
    await ask(sampleProxy(backend.url).handler, 'ping', {}, { suffix: 'v2/team.a/pages' })
    expect(last()?.url).toBe('/base/mcp/v2/team.a/pages')
  })

  it.each([
    '..',
    '../admin',
    'a/../../admin',
    'a/./b',
    '...',
    '%2e%2e/admin',
    '%252e%252e/admin',
    'a%2fb',
    'a//b',
    '/evil.test',
    '//evil.test',
    'a\\..\\b',
    '..;/admin',
    'http://evil.test',
    'a?b',
    'a#b',
    'a b',
    'é',
    'a\n',
  ])('never a path that somebody could read as another: %j', async (suffix) => {
    const before = backend.recorded.length
    const answer = await ask(sampleProxy(backend.url).handler, 'ping', {}, { suffix })
    expect([answer.statusCode, codeOf(answer)]).toEqual([400, 'path_not_allowed'])
    expect(backend.recorded).toHaveLength(before)
  })

  it('headers of the config, those in secrets too, read once in five minutes', async () => {
    let reads = 0
    const { handler, pass } = sampleProxy(backend.url, {
      backend: {
        headers: { 'X-Space': 'handbook' },
        secretHeaders: [{ header: 'Authorization', secret: 'api-key', arn: 'arn' }],
      },
      readSecret: async () => `Bearer key-${++reads}\n`,
    })
    for (let call = 0; call < 3; call++) await ask(handler, 'ping')
    expect(last()?.headers).toMatchObject({ authorization: 'Bearer key-1', 'x-space': 'handbook' })
    pass(301)
    await ask(handler, 'ping')
    expect(last()?.headers.authorization).toBe('Bearer key-2')
  })

  it.each([
    ['cannot be read', () => Promise.reject(new Error('Secrets Manager is down'))],
    ['was never set', async () => undefined],
    ['is no header value', async () => 'two\r\nlines: x'],
  ])('nothing while a secret %s: 503, and the next request tries again', async (_case, readSecret) => {
    let broken = true
    const { handler, lines } = sampleProxy(backend.url, {
      backend: { secretHeaders: [{ header: 'Authorization', secret: 'api-key', arn: 'arn' }] },
      readSecret: () => (broken ? readSecret() : Promise.resolve('Bearer key')),
    })
    const before = backend.recorded.length
    const answer = await ask(handler, 'ping')
    expect([answer.statusCode, codeOf(answer), answer.headers['Retry-After']]).toEqual([
      503,
      'temporarily_unavailable',
      '5',
    ])
    expect(backend.recorded).toHaveLength(before)
    expect(lines.join()).toContain('api-key')
    broken = false
    expect((await ask(handler, 'ping')).statusCode).toBe(200)
  })

  it('numbers as they came, however large, and of repeated keys the one that was judged', async () => {
    const { handler } = sampleProxy(backend.url)
    const body = `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"delete_page","name":"read_page","arguments":{"at":12345678901234567890.10,"__proto__":1}}}`
    expect((await open(handler, { headers: JSON_HEADERS, body, authorizer: ALICE })).statusCode).toBe(200)
    expect(last()?.body).toBe(
      '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"read_page","arguments":{"at":12345678901234567890.10,"__proto__":1}}}',
    )
  })

  it('Mcp-Name only in the revision that has it held against the body', async () => {
    const { handler } = sampleProxy(backend.url)
    const naming = { 'mcp-method': 'tools/call', 'mcp-name': 'delete_page', 'mcp-param-x': '1' }
    await ask(handler, 'tools/call', { name: 'read_page' }, { headers: naming, authorizer: ALICE })
    expect(JSON.stringify(last())).not.toMatch(/delete_page|mcp-param|mcp-method/)
    const before = backend.recorded.length
    for (const headers of [naming, { 'mcp-method': 'ping' }, { 'mcp-name': '=?base64?ZGVsZXRlX3BhZ2U=?=' }]) {
      const request = statelessRequest('tools/call', { name: 'read_page' }, headers)
      const answer = await answerOf(await open(handler, { ...request, body: JSON.stringify(request.message) }))
      expect([answer.statusCode, codeOf(answer)]).toEqual([400, 'header_mismatch'])
    }
    expect(backend.recorded).toHaveLength(before)
  })

  it('nothing of what the runtime refuses', async () => {
    const { handler } = sampleProxy(backend.url)
    const before = backend.recorded.length
    for (const [sent, status] of [
      [{ headers: { ...JSON_HEADERS, Origin: 'https://evil.test' }, body: '{}' }, 403],
      [{ method: 'GET', headers: { Origin: 'https://evil.test' } }, 403],
      [{ method: 'DELETE', headers: { 'mcp-protocol-version': '1999-01-01' } }, 400],
      [{ headers: { ...JSON_HEADERS, 'content-type': 'text/plain' }, body: '{}' }, 415],
      [{ headers: { ...JSON_HEADERS, accept: 'text/html' }, body: '{}' }, 406],
      [{ headers: JSON_HEADERS, body: '{' }, 400],
      [{ headers: JSON_HEADERS, body: JSON.stringify('x'.repeat(1_100_000)) }, 413],
    ] as const)
      expect((await open(handler, sent)).statusCode).toBe(status)
    expect(backend.recorded).toHaveLength(before)
  })
})
