import { request } from 'node:http'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { listenEarly } from '../../local/origins.ts'
import { startTestFactory, type TestFactory } from '../support/factory.ts'

const ORIGIN = 'https://tunnel.example.com'

let front: number
let factory: TestFactory
beforeAll(async () => {
  const free = await listenEarly(0)
  front = free.port
  await free.close()
  factory = await startTestFactory({ port: front, origin: ORIGIN })
})
afterAll(() => factory?.remove())

/** As a proxy sends it that tells nothing of whom it speaks for: Host is what it connects to. */
function getAs(host: string, path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port: front, path, headers: { host } }, (response) => {
      text(response).then(resolve, reject)
    })
    sent.on('error', reject).end()
  })
}

it('the tunnel’s URL is announced, and its name answered', async () => {
  expect([factory.issuer, ...Object.values(factory.servers).map((url) => new URL(url).origin)]).toEqual([
    ORIGIN,
    ORIGIN,
    ORIGIN,
  ])
  expect(JSON.parse(await getAs('tunnel.example.com', '/.well-known/oauth-authorization-server')).issuer).toBe(ORIGIN)
})

it('nothing that comes through the tunnel shows the board, whatever host it names', async () => {
  for (const host of ['tunnel.example.com', 'localhost', `127.0.0.1:${front}`])
    for (const path of ['/', '/-/activity']) expect(await getAs(host, path)).not.toMatch(/alice@example\.com|<li/)
})

it('the board is on a port of its own, and knows how the servers are', async () => {
  expect(factory.running.port).not.toBe(front)
  const html = await (await fetch(`http://localhost:${factory.running.port}/`)).text()
  expect(html).toContain('alice@example.com')
  expect(html).toContain(`${ORIGIN}/devops/mcp`)
  expect(html).toMatch(/<b>DevOps<\/b> <span class="badge (ok|down)">/)
})
