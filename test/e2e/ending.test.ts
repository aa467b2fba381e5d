import type { BrowserContext, Browser as Chromium, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ENDPOINTS } from '../../model/endpoints.ts'
import { factory as run } from '../cli/run-factory.ts'
import { axeViolations } from '../support/axe.ts'
import { CHROMIUM, launchChromium } from '../support/chromium.ts'
import { startTestFactory, type TestFactory } from '../support/factory.ts'
import { newBrowser, receiveTokens } from '../support/journeys.ts'
import { LIST_TOOLS, postMessage, RawOAuth } from '../support/oauth.ts'
import { screenshots } from '../support/screenshots.ts'

/** Milliseconds within which an end is felt at the gates, and some for a slow machine. */
const FELT_WITHIN = 10_000 + 5_000

let factory: TestFactory
beforeAll(async () => {
  factory = await startTestFactory()
})
afterAll(() => factory?.remove())

const people = async (...args: string[]) => {
  const { stdout, stderr, code } = await run(['people', ...args, '--local', '--json'], {
    environment: factory.environment,
  })
  expect({ stderr, code }).toEqual({ stderr: '', code: 0 })
  return JSON.parse(stdout) as Readonly<Record<string, unknown>>
}
const call = async (token: string) => (await postMessage(factory.servers.productivity, token, LIST_TOOLS)).status

/** The gate that has just let the token through refuses it, as soon as it looks at the table again. */
async function isRefusedSoon(token: string): Promise<void> {
  await expect.poll(() => call(token), { timeout: FELT_WITHIN, interval: 500 }).toBe(401)
}

describe('ends within ten seconds at a gate that knew the token', () => {
  it('AS-23: what a client revokes', async () => {
    const { accessToken, refreshToken, client, refresh } = await receiveTokens(
      factory.issuer,
      factory.servers.productivity,
      { email: 'tom@partner.test' },
    )
    expect(await call(accessToken)).toBe(200)
    const oauth = new RawOAuth(factory.issuer)
    const { status } = await oauth.postForm(ENDPOINTS.revoke, { client_id: client, token: refreshToken })
    expect(status).toBe(200)
    expect((await refresh(refreshToken)).json?.error).toBe('invalid_grant')
    await isRefusedSoon(accessToken)
  })

  it('whatever a person has whom people block; unblocked, they sign in again', async () => {
    const email = 'bob@example.com'
    const browser = newBrowser()
    const tokens = await receiveTokens(factory.issuer, factory.servers.productivity, { email, browser })
    expect(await call(tokens.accessToken)).toBe(200)
    expect(await people('grants', email)).toMatchObject({ blocked: false, grants: [{ clientName: 'Raw client' }] })
    expect(await people('block', email)).toMatchObject({ blocked: true, grants: 1, browserSessions: 1 })
    await expect
      .poll(async () => (await fetch(`http://localhost:${factory.running.port}/`)).text(), { timeout: FELT_WITHIN })
      .toMatch(/Blocked by an administrator<\/b>\s*<span class="badge ok">ok<\/span><\/p>\s*<p[^>]*>bob@example\.com</)
    await isRefusedSoon(tokens.accessToken)
    expect((await tokens.refresh(tokens.refreshToken)).json?.error).toBe('invalid_grant')
    // Another instance of the authorization server may take ten seconds to hear of it, as a gate may.
    const signInAgain = () =>
      receiveTokens(factory.issuer, factory.servers.productivity, { email, browser }).then(() => 'signed in', String)
    await expect
      .poll(signInAgain, { timeout: FELT_WITHIN, interval: 1000 })
      .toMatch(/bob@example.com has been blocked by an administrator/)
    expect(await people('unblock', email)).toMatchObject({ wasBlocked: true })
    await expect
      .poll(
        async () => {
          const again = await receiveTokens(factory.issuer, factory.servers.productivity, { email }).catch(
            () => undefined,
          )
          return again && (await call(again.accessToken))
        },
        { timeout: FELT_WITHIN, interval: 1000 },
      )
      .toBe(200)
    expect(await call(tokens.accessToken), 'what was ended stays ended').toBe(401)
  })
}, 60_000)

describe.skipIf(CHROMIUM === undefined)('the account page in Chromium', () => {
  let chromium: Chromium
  beforeAll(async () => {
    chromium = await launchChromium()
  })
  afterAll(() => chromium?.close())

  const account = () => `${factory.issuer}${ENDPOINTS.account}`
  const shoot = screenshots()
  async function signIn(context: BrowserContext): Promise<Page> {
    const page = await context.newPage()
    await page.goto(account())
    await page.getByRole('button', { name: /^Continue with/ }).click()
    await page.getByRole('button', { name: 'alice@example.com' }).click()
    await page.waitForURL(account())
    return page
  }

  it('under the strict policy: sign in, remove access, end another session, sign out, and be asked again', async () => {
    const { accessToken } = await receiveTokens(factory.issuer, factory.servers.productivity)
    const context = await chromium.newContext()
    const other = await chromium.newContext()
    const elsewhere = await signIn(other)
    const page = await signIn(context)
    const violations: string[] = []
    page.on('console', (message) => {
      if (/Content Security Policy|Refused to/.test(message.text())) violations.push(message.text())
    })
    expect(await page.textContent('main')).toContain('Raw client')
    await page.getByRole('button', { name: 'Remove access of Raw client to Productivity' }).click()
    await page.getByRole('status').waitFor()
    expect(await page.textContent('main')).toContain('No application has access')
    await page.getByRole('button', { name: 'Sign out everywhere else' }).click()
    await page.getByRole('status').waitFor()
    await elsewhere.reload()
    expect(await elsewhere.textContent('main')).toContain('You are not signed in')
    await page.getByRole('button', { name: 'Sign out of this browser' }).click()
    await page.getByRole('button', { name: /^Continue with/ }).waitFor()
    expect(page.url(), 'by way of the sign-out endpoint that stands for Cognito’s').toBe(account())
    await page.getByRole('button', { name: /^Continue with/ }).click()
    await page.waitForURL((at) => at.origin === factory.signInIssuer)
    expect(violations).toEqual([])
    await isRefusedSoon(accessToken)
    await Promise.all([context.close(), other.close()])
  }, 60_000)

  it.each([
    ['light', 1000],
    ['dark', 1000],
    ['light', 320],
    ['dark', 320],
  ] as const)(
    '%s, %i pixels wide: axe finds nothing, nothing reaches over the edge',
    async (colorScheme, width) => {
      await receiveTokens(factory.issuer, factory.servers.productivity)
      await receiveTokens(factory.issuer, factory.servers.devops)
      // Only to let axe in: the page itself allows no script.
      const context = await chromium.newContext({ bypassCSP: true, colorScheme, viewport: { width, height: 800 } })
      const page = await context.newPage()
      await page.goto(account())
      const look = async (name: string) => {
        expect(await axeViolations(page)).toEqual([])
        expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width)
        await shoot(page, `${name}-${colorScheme}-${width}`)
      }
      await look('account-signed-out')
      await page.getByRole('button', { name: /^Continue with/ }).click()
      await page.getByRole('button', { name: 'alice@example.com' }).click()
      await page.waitForURL(account())
      await look('account')
      await context.close()
    },
    60_000,
  )
})
