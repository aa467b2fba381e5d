import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser as Chromium, Page } from 'playwright-core'
import { type RunningFactory, startFactory } from '../../local/factory.ts'
import { Browser } from '../../local/journey/browser.ts'
import { connect } from '../../local/journey/mcp-client.ts'
import { MemoryOAuthClient } from '../../local/journey/oauth-client.ts'
import { goThrough } from '../../local/journey/person.ts'
import { launchChromium } from '../../test/support/chromium.ts'
import type { Made } from './generators.ts'

const SAMPLE = join(import.meta.dirname, '../../local/demo/sample.config.ts')
/** Nobody listens there: the pages are photographed before anything is sent to it. */
const REDIRECT_URL = 'http://127.0.0.1:33418/callback'
const DESKTOP = { width: 760, height: 560 }
const BOARD = { width: 1100, height: 800 }
const PHONE = { width: 360, height: 640 }

/**
 * What people see, photographed in a running factory: consent, the choice of an account, a refusal, the board.
 * @throws Error where there is no Chromium (`FACTORY_CHROMIUM` names one)
 */
export async function make(): Promise<Made> {
  const directory = await mkdtemp(join(tmpdir(), 'factory-screenshots-'))
  const port = Number(process.env.FACTORY_PORT ?? 4100)
  await using closing = new AsyncDisposableStack()
  closing.defer(() => rm(directory, { recursive: true }))
  const factory = await startFactory({
    directory,
    port,
    domain: true,
    fresh: false,
    offline: true,
    environment: { FACTORY_CONFIG: SAMPLE },
  })
  closing.defer(() => factory.stop())
  const chromium = await launchChromium()
  closing.defer(() => chromium.close())
  return {
    ...(await photographPages(chromium, await authorizationUrl(factory))),
    ...(await photographBoard(chromium, factory)),
  }
}

async function photographPages(chromium: Chromium, url: URL): Promise<Made> {
  const page = await newPage(chromium, DESKTOP)
  await page.goto(url.href)
  const light = await shoot(page)
  await page.emulateMedia({ colorScheme: 'dark' })
  const dark = await shoot(page)
  await page.emulateMedia({ colorScheme: 'light' })
  await page.setViewportSize(PHONE)
  const phone = await shoot(page)
  await page.setViewportSize(DESKTOP)
  await page.getByRole('button', { name: /^(Allow|Continue)\b/ }).click()
  await page.getByRole('button', { name: 'mallory@' }).waitFor()
  const accounts = await shoot(page)
  await page.getByRole('button', { name: 'mallory@' }).click()
  await page.getByRole('heading', { name: 'You cannot be given access' }).waitFor()
  const refused = await shoot(page)
  await page.context().close()
  return {
    'docs/images/consent.png': light,
    'docs/images/consent-dark.png': dark,
    'docs/images/consent-phone.png': phone,
    'docs/images/accounts.png': accounts,
    'docs/images/refused.png': refused,
  }
}

/** The board after somebody has connected and called a tool. */
async function photographBoard(chromium: Chromium, factory: RunningFactory): Promise<Made> {
  const [server] = factory.servers
  if (server === undefined) return {}
  const browser = new Browser({ stopAt: (url) => url.href.startsWith(REDIRECT_URL) })
  const client = await connect({
    server: new URL(server.url),
    oauth: new MemoryOAuthClient({ name: 'Claude Code', redirectUrl: REDIRECT_URL }),
    authorize: async (url) => (await goThrough(browser, url, { email: 'alice@example.com' })).url,
  })
  const { tools } = await client.listTools()
  if (tools.some(({ name }) => name === 'list_events'))
    await client.callTool({
      name: 'list_events',
      arguments: { from: '2026-01-01T00:00:00Z', to: '2026-02-01T00:00:00Z' },
    })
  await client.close()
  // The servers' first answers on a busy machine may be late, and would be shown as down.
  await (await fetch(new URL('/servers', factory.issuer))).text()
  const page = await newPage(chromium, BOARD, 1)
  await page.goto(factory.issuer)
  await page.getByRole('heading').first().waitFor()
  const top = await page.screenshot({ animations: 'disabled', caret: 'hide' })
  await page.context().close()
  return { 'docs/images/board.png': top }
}

/** Where an MCP client sends a person who has not signed in. */
async function authorizationUrl(factory: RunningFactory): Promise<URL> {
  const [server] = factory.servers
  const oauth = new MemoryOAuthClient({ name: 'Claude Code', redirectUrl: REDIRECT_URL })
  const found = new Promise<URL>((resolve) => {
    connect({
      server: new URL(server?.url ?? ''),
      oauth,
      authorize: (url) => {
        resolve(url)
        return Promise.reject(new Error('nobody goes there'))
      },
    }).catch(() => {})
  })
  return found
}

async function newPage(chromium: Chromium, viewport: { width: number; height: number }, scale = 1.5): Promise<Page> {
  const context = await chromium.newContext({ viewport, deviceScaleFactor: scale, colorScheme: 'light' })
  return context.newPage()
}

function shoot(page: Page): Promise<Uint8Array> {
  return page.screenshot({ fullPage: true, animations: 'disabled', caret: 'hide' })
}
