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
import { photographReport } from './report-page.ts'

const SHIPPED = join(import.meta.dirname, 'shipped.config.ts')
/** Nobody listens there: the pages are photographed before anything is sent to it. */
const REDIRECT_URL = 'http://127.0.0.1:33418/callback'
const DESKTOP = { width: 760, height: 560 }
const ALICE = 'alice@example.com'
const BOARD = { width: 1100, height: 800 }
const PHONE = { width: 360, height: 640 }

/**
 * What people see, photographed in a running factory: the board, and the authorization server's pages by day and night.
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
    environment: { FACTORY_CONFIG: SHIPPED },
  })
  closing.defer(() => factory.stop())
  const chromium = await launchChromium()
  closing.defer(() => chromium.close())
  const board = await photographBoard(chromium, factory)
  return { ...board, ...(await photographPages(chromium, factory)), ...(await photographReport(chromium)) }
}

/** In the order in which a person meets them; by then Claude Code has access in alice's name. */
async function photographPages(chromium: Chromium, factory: RunningFactory): Promise<Made> {
  const url = (await authorizationUrl(factory)).href
  const page = await newPage(chromium, DESKTOP)
  const made: Record<string, Uint8Array> = {}
  const shoot = async (name: string) => {
    made[`docs/images/${name}.png`] = await photograph(page)
    await page.emulateMedia({ colorScheme: 'dark' })
    made[`docs/images/${name}-dark.png`] = await photograph(page)
    await page.emulateMedia({ colorScheme: 'light' })
  }
  const signInAs = async (name: string) => {
    await page.getByRole('button', { name: /^(Allow and c|C)ontinue\b/ }).click()
    await page.getByRole('button', { name }).click()
  }

  await page.goto(url)
  await shoot('consent')
  await page.setViewportSize(PHONE)
  made['docs/images/consent-phone.png'] = await photograph(page)
  await page.setViewportSize(DESKTOP)
  await signInAs('mallory@')
  await page.getByRole('heading', { name: 'You cannot be given access' }).waitFor()
  await shoot('refused')

  await page.goto(new URL('/account', factory.issuer).href)
  await signInAs(ALICE)
  await page.getByRole('heading', { name: 'Applications with access' }).waitFor()
  await shoot('account')
  await page.goto(url)
  await page.getByText(ALICE).waitFor()
  await shoot('consent-signed-in')
  const elsewhere = new URL(url)
  elsewhere.searchParams.set('redirect_uri', 'https://elsewhere.example/callback')
  await page.goto(elsewhere.href)
  await shoot('error')
  await page.context().close()
  return made
}

/** The board after somebody has connected and called a tool. */
async function photographBoard(chromium: Chromium, factory: RunningFactory): Promise<Made> {
  const [server] = factory.servers
  if (server === undefined) return {}
  const browser = new Browser({ stopAt: (url) => url.href.startsWith(REDIRECT_URL) })
  const client = await connect({
    server: new URL(server.url),
    oauth: new MemoryOAuthClient({ name: 'Claude Code', redirectUrl: REDIRECT_URL }),
    authorize: async (url) => (await goThrough(browser, url, { email: ALICE })).url,
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

function photograph(page: Page): Promise<Uint8Array> {
  return page.screenshot({ fullPage: true, animations: 'disabled', caret: 'hide' })
}
