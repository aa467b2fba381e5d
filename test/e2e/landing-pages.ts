import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { BrowserContext, BrowserContextOptions, Browser as Chromium, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ENDPOINTS } from '../../model/endpoints.ts'
import { axeViolations } from '../support/axe.ts'
import { launchChromium } from '../support/chromium.ts'
import type { TestFactory } from '../support/factory.ts'
import { newAuthorizationRequest } from '../support/journeys.ts'
import { RawOAuth } from '../support/oauth.ts'

const ALICE = 'alice@example.com'
const BOB = 'bob@example.com'

/**
 * What people do to pages besides answering them once, and how they can be used.
 * @param factory a running factory, shared by the tests
 */
export function describePages(factory: () => TestFactory): void {
  /** The client's program, to which the browser brings the answers. */
  const program = createServer((_request, response) => response.end('You may close this window.'))
  let redirectUri: string
  let client: string
  let chromium: Chromium
  beforeAll(async () => {
    program.listen(0, '127.0.0.1')
    await once(program, 'listening')
    redirectUri = `http://127.0.0.1:${(program.address() as AddressInfo).port}/callback`
    client = await new RawOAuth(factory().issuer).newClient({ redirect_uris: [redirectUri] })
    chromium = await launchChromium()
  })
  afterAll(async () => {
    await chromium?.close()
    program.closeAllConnections()
    program.close()
  })

  const authorizationUrl = async (state: string, parameters: Readonly<Record<string, string>> = {}) => {
    const { productivity } = factory().servers
    const oauth = new RawOAuth(factory().issuer)
    const asked = { redirect_uri: redirectUri, state, ...parameters }
    return (await newAuthorizationRequest(oauth, productivity, { client, parameters: asked })).url.href
  }
  /** A browser of a person's own, gone with the test. */
  async function withBrowser(use: (context: BrowserContext) => Promise<void>, options: BrowserContextOptions = {}) {
    const context = await chromium.newContext(options)
    context.setDefaultTimeout(10_000)
    await use(context)
    await context.close()
  }
  const open = async (context: BrowserContext, url: string) => {
    const page = await context.newPage()
    await page.goto(url)
    return page
  }
  const allow = (page: Page) => page.getByRole('button', { name: /^Allow\b/ }).click()
  const choose = (page: Page, email: string) => page.getByRole('button', { name: email }).click()
  /** The code that the browser has brought to the client. */
  async function landed(page: Page, state: string): Promise<string> {
    await page.waitForURL((at) => at.href.startsWith(redirectUri))
    const { searchParams } = new URL(page.url())
    expect(searchParams.get('state')).toBe(state)
    return searchParams.get('code') ?? ''
  }
  const heading = (page: Page) => page.getByRole('heading', { level: 1 }).textContent()

  describe('the consent page', () => {
    it('loaded twice, and reloaded: each is answered, and gives a code of its own', () =>
      withBrowser(async (context) => {
        const url = await authorizationUrl('twice')
        const first = await open(context, url)
        const second = await open(context, url)
        await second.reload()
        await allow(second)
        await choose(second, ALICE)
        const code = await landed(second, 'twice')
        expect(code).not.toBe('')
        // A person is signed in by now, whom the first page did not show: it asks again, and names them.
        await allow(first)
        await first.getByText(ALICE).waitFor()
        await allow(first)
        expect([code, '']).not.toContain(await landed(first, 'twice'))
      }))

    it('in two tabs, for two requests, signing in in both at once: each gets its own', () =>
      withBrowser(async (context) => {
        const states = ['one', 'other']
        const tabs = await Promise.all(states.map(async (state) => open(context, await authorizationUrl(state))))
        for (const tab of tabs) await allow(tab)
        for (const tab of tabs) await choose(tab, ALICE)
        const codes = await Promise.all(tabs.map((tab, index) => landed(tab, states[index] ?? '')))
        expect(new Set(codes).size).toBe(2)
      }))

    it('in two browsers: each signs in its own person, and neither can answer for the other', () =>
      withBrowser((one) =>
        withBrowser(async (other) => {
          const url = await authorizationUrl('shared')
          const [mine, theirs] = [await open(one, url), await open(other, url)]
          const flow = await mine.locator('input[name=flow]').inputValue()
          await theirs.evaluate(`document.querySelector('input[name=flow]').value = ${JSON.stringify(flow)}`)
          await allow(theirs)
          expect(await heading(theirs)).toBe('This page has expired')
          await theirs.goto(url)
          await allow(mine)
          await allow(theirs)
          await choose(mine, ALICE)
          await choose(theirs, BOB)
          expect(await landed(mine, 'shared')).not.toBe(await landed(theirs, 'shared'))
          for (const [page, email] of [
            [mine, ALICE],
            [theirs, BOB],
          ] as const) {
            await page.goto(`${factory().issuer}${ENDPOINTS.account}`)
            expect(await page.textContent('main')).toContain(email)
          }
        }),
      ))

    it('gone back to by somebody who is signed in: it asks again, and the answer arrives', () =>
      withBrowser(async (context) => {
        const page = await open(context, await authorizationUrl('first'))
        await allow(page)
        await choose(page, ALICE)
        await landed(page, 'first')
        await page.goto(await authorizationUrl('back'))
        await allow(page)
        await landed(page, 'back')
        await page.goBack()
        await page.getByText(ALICE).waitFor()
        await allow(page)
        expect(await landed(page, 'back')).not.toBe('')
      }))

    it('is used by keyboard alone, and without script', () =>
      withBrowser(
        async (context) => {
          const page = await open(context, await authorizationUrl('keys'))
          await pressTabUntil(page, /^Allow\b/)
          await page.keyboard.press('Enter')
          await page.waitForURL((at) => at.origin === factory().signInIssuer)
          await pressTabUntil(page, /alice@example\.com/)
          await page.keyboard.press('Enter')
          expect(await landed(page, 'keys')).not.toBe('')
        },
        { javaScriptEnabled: false },
      ))
  })

  it.each([
    ['light', 1000],
    ['dark', 1000],
    ['light', 320],
    ['dark', 320],
  ] as const)('%s, %i pixels wide: axe finds nothing on any page, nothing reaches over the edge', (colorScheme, width) =>
    withBrowser(
      async (context) => {
        const page = await open(context, factory().issuer + ENDPOINTS.authorize)
        const seen: (string | null)[] = []
        const look = async () => {
          seen.push(await heading(page))
          expect(await axeViolations(page)).toEqual([])
          expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width)
        }
        await look()
        await page.goto(await authorizationUrl('x', { redirect_uri: 'https://elsewhere.example/callback' }))
        await look()
        await page.goto(await authorizationUrl('x', { resource: '' }))
        await look()
        await page.goto(await authorizationUrl('x'))
        await look()
        await allow(page)
        await choose(page, 'mallory@evil.test')
        await page.getByRole('link', { name: /^Back to/ }).waitFor()
        await look()
        await page.goto(await authorizationUrl('x'))
        await allow(page)
        await choose(page, ALICE)
        await landed(page, 'x')
        await page.goto(await authorizationUrl('x'))
        await page.getByText(ALICE).waitFor()
        await look()
        expect(seen).toEqual([
          'The application is not known here',
          'This answer would go to the wrong place',
          'Allow access to a server?',
          'Allow access to Productivity?',
          'You cannot be given access',
          'Allow access to Productivity?',
        ])
      },
      // Only to let axe in: the pages themselves allow no script.
      { bypassCSP: true, colorScheme, viewport: { width, height: 800 } },
    ))
}

/** Goes on with Tab as somebody does who has no mouse, until what has the focus is named so. */
async function pressTabUntil(page: Page, name: RegExp): Promise<void> {
  for (let stops = 0; stops < 20; stops++) {
    await page.keyboard.press('Tab')
    const focused = page.locator(':focus')
    if ((await focused.count()) > 0 && name.test(await focused.innerText())) return
  }
  throw new Error(`Tab does not reach ${name}`)
}
