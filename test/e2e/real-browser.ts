import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { BrowserContext, Browser as Chromium, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connect } from '../../local/journey/mcp-client.ts'
import { MemoryOAuthClient } from '../../local/journey/oauth-client.ts'
import { axeViolations } from '../support/axe.ts'
import { CHROMIUM, launchChromium } from '../support/chromium.ts'
import type { TestFactory } from '../support/factory.ts'
import { screenshots } from '../support/screenshots.ts'

/**
 * The pages in a real engine: what only it can tell, that cookies, Content-Security-Policy, referrer policy and the
 * redirects across sites let the path through.
 */
export function describeRealBrowser(factory: () => TestFactory): void {
  describe.skipIf(CHROMIUM === undefined)('in Chromium', () => {
    let chromium: Chromium
    beforeAll(async () => {
      chromium = await launchChromium()
    })
    afterAll(() => chromium?.close())

    const shoot = screenshots()

    it('a person consents, signs in and comes back to the client; the second server asks for consent alone', async () => {
      const context = await chromium.newContext()
      const page = await context.newPage()
      const violations: string[] = []
      const ours = [factory().issuer, factory().signInIssuer]
      page.on('console', (message) => {
        const { url } = message.location()
        if (message.type() === 'error' && ours.some((origin) => url.startsWith(origin)))
          violations.push(`${message.text()} at ${url}`)
      })

      await withCallback(async (redirectUrl, called) => {
        const oauth = new MemoryOAuthClient({ name: 'Chromium client', redirectUrl })
        const client = await connect({
          server: new URL(factory().servers.productivity),
          oauth,
          authorize: async (url) => {
            await page.goto(url.href)
            await shoot(page, 'consent')
            expect(await page.textContent('main')).toContain('Chromium client')
            await consentButton(page).click()
            await page.waitForURL((at) => at.origin === factory().signInIssuer)
            await shoot(page, 'sign-in')
            await page.getByRole('button', { name: 'alice@example.com' }).click()
            return called
          },
        })
        expect((await client.listTools()).tools.length).toBeGreaterThan(0)
        await client.close()
      })

      await withCallback(async (redirectUrl, called) => {
        const oauth = new MemoryOAuthClient({ name: 'Second client', redirectUrl })
        const client = await connect({
          server: new URL(factory().servers.devops),
          oauth,
          authorize: async (url) => {
            await page.goto(url.href)
            await shoot(page, 'consent-signed-in')
            expect(await page.textContent('main')).toContain('alice@example.com')
            await consentButton(page).click()
            return called
          },
        })
        const health = await client.callTool({ name: 'check_service_health', arguments: {} })
        expect(health.isError).not.toBe(true)
        await client.close()
      })

      expect(violations).toEqual([])
      await context.close()
    })

    it('a person who is refused sees why', async () => {
      const context = await chromium.newContext()
      const page = await context.newPage()
      await withCallback(async (redirectUrl) => {
        const oauth = new MemoryOAuthClient({ name: 'Chromium client', redirectUrl })
        await connect({
          server: new URL(factory().servers.productivity),
          oauth,
          authorize: async (url) => {
            await page.goto(url.href)
            await consentButton(page).click()
            await page.getByRole('button', { name: 'mallory@evil.test' }).click()
            await page.waitForLoadState()
            await shoot(page, 'refused')
            return new URL(page.url())
          },
        }).catch(() => undefined)
        expect(oauth.issued).toBeUndefined()
        expect(await page.textContent('body')).toBeTruthy()
      })
      await context.close()
    })

    it('the pages have no accessibility violations that axe knows', async () => {
      // Only to let axe in: the pages themselves allow no script.
      const context = await chromium.newContext({ bypassCSP: true })
      const page = await context.newPage()
      await withCallback(async (redirectUrl) => {
        const oauth = new MemoryOAuthClient({ name: 'Chromium client', redirectUrl })
        await connect({
          server: new URL(factory().servers.productivity),
          oauth,
          authorize: async (url) => {
            await page.goto(url.href)
            expect(await axeViolations(page)).toEqual([])
            await consentButton(page).click()
            await page.waitForURL((at) => at.origin === factory().signInIssuer)
            expect(await axeViolations(page)).toEqual([])
            throw new Error('seen enough')
          },
        }).catch((error: Error) => {
          if (error.message !== 'seen enough') throw error
        })
      })
      await context.close()
    })

    it('the pages cannot be framed', async () => {
      const context: BrowserContext = await chromium.newContext()
      const page = await context.newPage()
      const response = await page.goto(`${factory().issuer}/authorize`)
      expect(response?.headers()['content-security-policy']).toContain("frame-ancestors 'none'")
      await context.close()
    })
  })
}

function consentButton(page: Page) {
  return page.getByRole('button', { name: /^(Allow|Continue)\b/ })
}

/** A client's loopback redirect URI with somebody listening, as desktop clients have. */
async function withCallback(use: (redirectUrl: string, called: Promise<URL>) => Promise<void>): Promise<void> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const redirectUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/callback`
  const called = new Promise<URL>((resolve) => {
    server.on('request', ({ url = '/' }, response) => {
      response.end('You may close this window.')
      if (url.startsWith('/callback')) resolve(new URL(url, redirectUrl))
    })
  })
  try {
    await use(redirectUrl, called)
  } finally {
    server.closeAllConnections()
    server.close()
  }
}
