import { execFile } from 'node:child_process'
import { symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { signIn } from '../../cli/sign-in.ts'
import { wayText } from '../../model/mcp-client.ts'
import { findClient, MCP_CLIENTS } from '../../model/mcp-clients.ts'
import { temporaryDirectory } from '../local/hand-made.ts'
import { axeViolations } from '../support/axe.ts'
import { CHROMIUM, launchChromium } from '../support/chromium.ts'
import { startTestFactory, type TestFactory } from '../support/factory.ts'
import { postMessage } from '../support/oauth.ts'

const CALL = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'check_service_health', arguments: {} } }

let factory: TestFactory
let board: string
beforeAll(async () => {
  factory = await startTestFactory()
  board = `http://localhost:${factory.running.port}/`
})
afterAll(() => factory?.remove())

/** Bob signs in with an MCP client and checks the health of services; Mallory is refused. */
async function somethingHappens() {
  const server = new URL(factory.servers.devops)
  const { token } = await signIn({ server, email: 'bob@example.com' })
  expect(await postMessage(server, token, CALL)).toMatchObject({ status: 200 })
  await expect(signIn({ server, email: 'mallory@evil.test' })).rejects.toThrow()
}

describe('the board of a running factory', () => {
  it('shows servers, clients, sample people and what has happened', async () => {
    await somethingHappens()
    const html = await (await fetch(board)).text()
    for (const { email } of factory.running.signIn?.people ?? []) expect(html).toContain(email)
    for (const [name, url] of Object.entries(factory.servers))
      expect(html.replaceAll('<wbr>', '')).toContain(`claude mcp add --transport http ${name} ${url}`)
    for (const shown of ['Client registered', 'Signed in', 'Access allowed', 'Token issued', 'check_service_health'])
      expect(html).toContain(shown)
    expect(html).toContain('asked to sign in')
    expect(html).toMatch(/bob@example\.com · Factory command line · devops/)
    expect(html).toMatch(
      /<b>Sign-in<\/b>\s*<span class="badge refused">refused<\/span><\/p>\s*<p[^>]*>mallory@evil\.test/,
    )
  })

  it('is for this machine alone: a tunnel gets the home page of the authorization server', async () => {
    const tunnelled = await fetch(board, { headers: { 'X-Forwarded-For': '192.0.2.1' } })
    const html = await tunnelled.text()
    expect(html).toContain('MCP servers of')
    expect(html).not.toContain('alice@example.com')
    const stream = await fetch(`${board}-/activity`, { headers: { 'X-Forwarded-For': '192.0.2.1' } })
    expect(stream.status).toBe(404)
  })
})

it('what is said of each sample person is what becomes of them', async () => {
  for (const { email, note } of factory.running.signIn?.people ?? [])
    for (const [name, url] of Object.entries(factory.servers)) {
      const signedIn = signIn({ server: new URL(url), email }).then(
        () => true,
        () => false,
      )
      const said = /may use ([^;]*)/.exec(note)?.[1]?.split(', ') ?? []
      expect([email, name, await signedIn]).toEqual([email, name, said.includes(name)])
    }
})

it('the TypeScript of the clients’ list runs as it is printed', async () => {
  const server = { name: 'productivity', url: factory.servers.productivity }
  const [way] = findClient('sdk')?.ways(server) ?? []
  const directory = temporaryDirectory()
  symlinkSync(join(import.meta.dirname, '../../node_modules'), join(directory, 'node_modules'))
  writeFileSync(join(directory, 'program.mts'), way ? wayText(way) : '')
  const { token } = await signIn({ server: new URL(server.url), email: 'alice@example.com' })
  const { stdout } = await promisify(execFile)(process.execPath, [join(directory, 'program.mts')], {
    env: { MCP_TOKEN: token },
  })
  expect(stdout).toContain('list_events')
})

describe.skipIf(CHROMIUM === undefined)('the board in Chromium', () => {
  let chromium: Browser
  beforeAll(async () => {
    chromium = await launchChromium()
  })
  afterAll(() => chromium?.close())

  /** A page, and what it complained of: a policy that stops its own script or style would. */
  async function open(path = '', options: BrowserContextOptions = {}): Promise<{ page: Page; complaints: string[] }> {
    const context = await chromium.newContext(options)
    const page = await context.newPage()
    const complaints: string[] = []
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
    page.on('pageerror', ({ message }) => complaints.push(message))
    await page.goto(board + path)
    return { page, complaints }
  }

  it('shows what happens as it happens', async () => {
    const { page, complaints } = await open()
    await page.getByText(/^Live/).waitFor()
    const before = await page.locator('#activity li').first().textContent()
    await somethingHappens()
    const newest = page.locator('#activity li').first()
    await newest.getByText('mallory@evil.test').waitFor()
    expect(await newest.textContent()).not.toBe(before)
    await page.locator('#activity li', { hasText: 'check_service_health' }).first().waitFor()
    expect(await page.locator('#activity [aria-live=polite] li').count()).toBeLessThanOrEqual(50)
    expect(complaints).toEqual([])
    await page.context().close()
  })

  it('copies with a button', async () => {
    const { page } = await open('', { permissions: ['clipboard-read', 'clipboard-write'] })
    await page.getByRole('button', { name: 'Copy URL of devops' }).click()
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(factory.servers.devops)
    await page.context().close()
  })

  it('works without script: clients are links, the page loads again by itself', async () => {
    const { page } = await open('', { javaScriptEnabled: false })
    expect(await page.locator('meta[http-equiv=refresh]').count()).toBe(1)
    expect(await page.getByRole('button').count()).toBe(0)
    await page.getByRole('link', { name: 'Codex' }).click()
    await page.waitForURL('**/?client=codex')
    expect(await page.locator('[data-label="In a terminal: devops"] code').textContent()).toBe(
      `codex mcp add devops --url ${factory.servers.devops}`,
    )
    expect(await page.locator('#activity li').count()).toBeGreaterThan(0)
    await page.context().close()
  })

  it('can be walked through with the keyboard, in the order of the page', async () => {
    const { page } = await open()
    const reached: string[] = []
    for (let step = 0; step < 6; step += 1) {
      await page.keyboard.press('Tab')
      reached.push(
        String(await page.evaluate('document.activeElement.ariaLabel ?? document.activeElement.textContent')),
      )
    }
    expect(reached).toEqual([
      'sample people',
      'Copy URL of productivity',
      'Copy URL of devops',
      ...MCP_CLIENTS.slice(0, 3).map(({ name }) => name.replace(/[,(].*/, '').trim()),
    ])
    await page.context().close()
  })

  it.each([
    [320, 'light'],
    [320, 'dark'],
    [1280, 'light'],
    [1280, 'dark'],
  ] as const)('has nothing that axe finds fault with, %i px wide and %s', async (width, colorScheme) => {
    // Only to let axe in: the page allows no other script.
    const { page } = await open('', { viewport: { width, height: 800 }, colorScheme, bypassCSP: true })
    // One with links, commands and files, and one with steps and a warning.
    for (const id of ['vscode', 'chatgpt']) {
      await page.goto(`${board}?client=${id}`)
      expect([id, await axeViolations(page)]).toEqual([id, []])
    }
    await page.context().close()
  })

  it('fits a width of 320 px, whatever the client', async () => {
    const { page } = await open('', { viewport: { width: 320, height: 800 } })
    for (const { id } of MCP_CLIENTS) {
      await page.goto(`${board}?client=${id}`)
      expect([id, await page.evaluate('document.documentElement.scrollWidth')]).toEqual([id, 320])
    }
    await page.context().close()
  })
})
