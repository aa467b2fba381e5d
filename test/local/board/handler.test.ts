import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { boardHandler } from '../../../local/board/handler.ts'
import { listenOnLoopback } from '../../../local/loopback-server.ts'
import { temporaryDirectory } from '../hand-made.ts'

/** A board, and an authorization server that lists servers. */
async function start(servers: unknown, names = ['devops']) {
  const logs = temporaryDirectory()
  const authorization = await listenOnLoopback((_request, response) => response.end(JSON.stringify({ servers })))
  onTestFinished(authorization.close)
  const issuer = `http://localhost:${authorization.port}`
  const board = await listenOnLoopback(
    boardHandler({ issuer, servers: names.map((name) => ({ name, url: `${issuer}/${name}/mcp` })), logs }, issuer),
  )
  onTestFinished(board.close)
  const log = (fields: object) =>
    appendFileSync(join(logs, 'a.log'), `${JSON.stringify({ timestamp: new Date().toISOString(), ...fields })}\n`)
  const get = (path: string, method = 'GET') => fetch(`http://localhost:${board.port}${path}`, { method })
  return { get, log, url: `http://localhost:${board.port}` }
}

const DEVOPS = { name: 'devops', title: 'DevOps', resource: 'http://localhost/devops/mcp' }

test.each([
  ['ok', { ...DEVOPS, status: 'ok' }, 'badge ok'],
  ['down', { ...DEVOPS, status: 'down' }, 'badge down'],
  ['not said', DEVOPS, 'badge unknown'],
  ['something new', { ...DEVOPS, status: 'fine' }, 'badge unknown'],
])('a server whose status is %s', async (_status, server, badge) => {
  const { get } = await start([server])
  const response = await get('/')
  expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8')
  expect(await response.text()).toContain(badge)
})

test('servers stand in the order of the config, and no other does', async () => {
  const others = ['aa', 'zz', 'bb'].map((name) => ({ ...DEVOPS, name, title: `Server ${name}`, status: 'ok' }))
  const { get } = await start(others, ['zz', 'bb', 'aa'])
  const html = await (await get('/')).text()
  expect(html.match(/(?<=<b>)Server ../g)).toEqual(['Server zz', 'Server bb', 'Server aa'])
  expect(await (await (await start(others)).get('/')).text()).not.toContain('Server aa')
})

test('an authorization server that does not answer leaves the servers, of unknown status', async () => {
  const { get } = await start('nonsense')
  expect(await (await get('/')).text()).toContain('badge unknown')
})

test('nothing but its own script and style runs, nobody frames it, nothing is kept', async () => {
  const { get } = await start([])
  for (const path of ['/', '/-/board.js', '/-/nothing']) {
    const { headers } = await get(path)
    const policy = headers.get('content-security-policy')
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("script-src 'self'")
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).not.toContain('unsafe')
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('access-control-allow-origin')).toBeNull()
  }
})

test.each([
  ['GET', '/-/nothing', 404],
  ['GET', '/?client=nobody', 404],
  ['GET', '/?client=cursor', 200],
  ['GET', '//', 404],
  ['POST', '/-/activity', 405],
])('%s %s is answered with %i', async (method, path, status) => {
  const { get } = await start([])
  expect((await get(path, method)).status).toBe(status)
})

test('what happens is streamed as it is logged, after what the page has', async () => {
  const { get, log } = await start([])
  log({ audit: 'sign_in.succeeded', sub: 's', email: 'alice@example.com' })
  const [, newest] = /data-newest="(\d+)"/.exec(await (await get('/')).text()) ?? []
  const stream = await get(`/-/activity?after=${newest}`)
  expect(stream.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
  log({ audit: 'tool.called', server: 'devops', name: 'x', outcome: 'ok', durationMs: 1, sub: 's' })
  const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader()
  const { value = '' } = (await reader?.read()) ?? {}
  await reader?.cancel()
  const [, id] = /^id: (\d+)$/m.exec(value) ?? []
  const [, data = ''] = /^data: (.*)$/m.exec(value) ?? []
  expect(Number(id)).toBe(Number(newest) + 1)
  expect(JSON.parse(data)).toContain('alice@example.com')
  expect(JSON.parse(data)).not.toContain('Signed in')
})
