import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Browser } from '../../../local/journey/browser.ts'

const pages: Record<string, (request: IncomingMessage, response: ServerResponse) => void> = {
  '/form': (_request, response) =>
    response.setHeader('Set-Cookie', 'seen=yes').end(`<h1>Form</h1><form method="post" action="/echo?x=1">
      <input type="hidden" name="csrf" value="c1"><input type="checkbox" name="scope" value="on" checked>
      <input type="checkbox" name="scope" value="off"><button name="do" value="allow">Allow</button>
      <button name="do" value="deny">Deny</button></form>`),
  '/echo': async (request, response) =>
    response.end(
      `<h1>${await text(request)}</h1><p>${request.method} ${request.headers.origin} ${request.headers.cookie}</p>`,
    ),
  '/hop': (_request, response) => response.writeHead(302, { Location: '/refresh' }).end(),
  '/refresh': (_request, response) =>
    response.end('<meta http-equiv="refresh" content="0;url=http://127.0.0.1:1/callback?code=a&amp;state=b">'),
  '/circle': (_request, response) => response.writeHead(302, { Location: '/circle' }).end(),
}

const server = createServer((request, response) => {
  const page = pages[new URL(request.url ?? '/', 'http://localhost').pathname]
  if (page) page(request, response)
  else response.writeHead(404).end()
})
let origin: string

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => server.close())

describe('Browser', () => {
  it('submits what the form holds, the ticked boxes and the pressed button', async () => {
    const browser = new Browser()
    const form = await browser.open(new URL('/form', origin))
    const plain = await browser.press(form, 'Allow')
    expect(plain.heading).toBe('csrf=c1&scope=on&do=allow')
    expect(plain.text).toContain(`POST ${origin} seen=yes`)
    expect((await browser.press(form, 'Deny', ['off'])).heading).toBe('csrf=c1&scope=on&scope=off&do=deny')
  })

  it('follows redirects and meta refresh, and stops where it was told to', async () => {
    const browser = new Browser({ stopAt: ({ pathname }) => pathname === '/callback' })
    const page = await browser.open(new URL('/hop', origin))
    expect(page.status).toBe(0)
    expect(page.url.href).toBe('http://127.0.0.1:1/callback?code=a&state=b')
  })

  it('gives up on a circle of redirects', async () => {
    await expect(new Browser().open(new URL('/circle', origin))).rejects.toThrow('redirects')
  })

  it('names a button that is missing', async () => {
    const browser = new Browser()
    await expect(browser.press(await browser.open(new URL('/form', origin)), 'Buy')).rejects.toThrow('no button "Buy"')
  })
})
