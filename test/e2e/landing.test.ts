import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ENDPOINTS } from '../../model/endpoints.ts'
import { MCP_CLIENTS } from '../../model/mcp-clients.ts'
import { CHROMIUM } from '../support/chromium.ts'
import { startTestFactory, type TestFactory } from '../support/factory.ts'
import { newAuthorizationRequest } from '../support/journeys.ts'
import { RawOAuth, send } from '../support/oauth.ts'
import { type BrowserWithTargets, launchBrowserWithTargets } from '../support/redirect-targets.ts'
import { type SignInFront, startSignInFront } from '../support/sign-in-front.ts'
import { describePages } from './landing-pages.ts'

/** Windsurf's redirect URI is not documented: this has the scheme of its links. */
const WINDSURF = ['windsurf', 'windsurf://codeium.windsurf/oauth/callback', []] as const
/** With values in place of `<port>` and `<id>`. */
const concrete = (uri: string) => uri.replace('<port>', '53682').replace('<id>', 'FLLrQdlez6Uf')

/** The redirect URIs of every client that is known, each beside the others that the client registers with it. */
const TARGETS: readonly (readonly [client: string, uri: string, registered: readonly string[]])[] = [
  ...MCP_CLIENTS.filter(({ id }) => id !== 'sdk').flatMap(({ id, redirectUris }) =>
    redirectUris.map((uri) => [id, concrete(uri), redirectUris.map(concrete)] as const),
  ),
  WINDSURF,
]

let factory: TestFactory
beforeAll(async () => {
  factory = await startTestFactory()
})
afterAll(() => factory?.remove())

describe.skipIf(CHROMIUM === undefined)('the pages, in Chromium', () => describePages(() => factory))

describe.skipIf(CHROMIUM === undefined)('the answer to a client, in Chromium, under the pages’ own policy', () => {
  let signIn: SignInFront
  let form: FormThatRedirects
  let browser: BrowserWithTargets
  let oauth: RawOAuth

  beforeAll(async () => {
    signIn = await startSignInFront(factory.signInIssuer)
    form = await startFormThatRedirects()
    browser = await launchBrowserWithTargets({
      redirectUris: TARGETS.map(([, uri]) => uri),
      handsOverFrom: [factory.issuer, factory.signInIssuer, form.origin],
      resolved: { [new URL(factory.signInIssuer).host]: signIn.port },
    })
    browser.context.setDefaultTimeout(10_000)
    oauth = new RawOAuth(factory.issuer)
  })
  beforeEach(async () => {
    signIn.silent = false
    await browser.context.clearCookies()
  })
  afterAll(async () => {
    await browser?.[Symbol.asyncDispose]()
    await form?.[Symbol.asyncDispose]()
    await signIn?.[Symbol.asyncDispose]()
  })

  const arrival = async (state: string) =>
    (await browser.arrivals())
      .map((url) => new URL(url))
      .find(({ searchParams }) => searchParams.get('state') === state)
  async function landed(state: string): Promise<URL> {
    await expect.poll(() => arrival(state), { timeout: 10_000, interval: 20 }).toBeDefined()
    return (await arrival(state)) as URL
  }
  const allow = (page: Page) => page.getByRole('button', { name: /^Allow\b/ })

  it.each(
    TARGETS,
  )('CL-01: %s, %s: by way of a sign-in, without a page in between, signed in, remembered where it may be; denied', async (_client, uri, registered) => {
    const client = await oauth.newClient({ redirect_uris: [uri, ...registered] })
    const violations: string[] = []
    /** The client opens a tab, the person answers, and the client redeems what the browser brings. */
    const request = async (
      answer: (page: Page) => Promise<void>,
      parameters: Readonly<Record<string, string>> = {},
    ) => {
      const page = await browser.context.newPage()
      watchPolicy(page, violations)
      const state = randomBytes(12).toString('base64url')
      const asked = await newAuthorizationRequest(oauth, factory.servers.productivity, {
        client,
        parameters: { redirect_uri: uri, state, ...parameters },
      })
      await page.goto(asked.url.href)
      await answer(page)
      const url = await landed(state)
      if (/^https?:/.test(uri)) await page.waitForURL(url.href)
      await page.close()
      expect(url.href.slice(0, -url.search.length)).toBe(new URL(uri).href)
      expect(url.searchParams.get('iss')).toBe(factory.issuer)
      const code = url.searchParams.get('code')
      const redeemed =
        code &&
        (await oauth.token({
          grant_type: 'authorization_code',
          client_id: client,
          code,
          redirect_uri: uri,
          code_verifier: asked.verifier,
        }))
      return redeemed ? redeemed.status : url.searchParams.get('error')
    }

    const interactive = await request(async (page) => {
      await allow(page).click()
      await page.getByRole('button', { name: 'alice@example.com' }).click()
    })
    expect(interactive).toBe(200)

    await browser.context.clearCookies({ domain: new URL(factory.issuer).hostname })
    signIn.silent = true
    expect(await request((page) => allow(page).click())).toBe(200)
    signIn.silent = false

    // What was allowed at an https address is remembered: the client must want it asked again. Others are always asked.
    const asking = uri.startsWith('https:') ? { prompt: 'consent' } : {}
    const signedIn = await request(async (page) => {
      expect(await page.textContent('main')).toContain('alice@example.com')
      await allow(page).click()
    }, asking)
    expect(signedIn).toBe(200)

    if (uri.startsWith('https:')) expect(await request(async () => {})).toBe(200)

    const denied = await request(async (page) => {
      await page.getByRole('button', { name: 'Do not allow' }).click()
      if (!/^https?:/.test(uri)) await page.getByRole('link', { name: /^Continue to/ }).click()
    }, asking)
    expect(denied).toBe('access_denied')

    expect(violations).toEqual([])
  })

  it.each([
    'https://claude.ai/api/mcp/auth_callback',
    'http://127.0.0.1:33418/',
    'cursor://anysphere.cursor-mcp/oauth/callback',
  ])('PLATFORM 10: the same policy keeps a form that is answered with a redirect from %s', async (uri) => {
    const { headers } = await send(`${factory.issuer}${ENDPOINTS.authorize}`)
    const policy = headers.get('content-security-policy') ?? ''
    expect(policy).toContain("form-action 'self';")
    const page = await browser.context.newPage()
    const violations: string[] = []
    watchPolicy(page, violations)
    const post = async (contentSecurityPolicy: string, state: string) => {
      await page.goto(form.page(contentSecurityPolicy, `${uri}?state=${state}`))
      await page.getByRole('button').click()
    }
    await post(policy, 'kept-from')
    await expect.poll(() => violations).toEqual([expect.stringContaining('form-action')])
    // What is admitted arrives: had the other gone out, it would have been seen before this.
    await post(policy.replace("form-action 'self'", `form-action 'self' ${new URL(uri).protocol}`), 'let-through')
    await landed('let-through')
    expect(await arrival('kept-from')).toBeUndefined()
    await page.close()
  })
})

/** Notes what Chromium says on the console of policies that it applied. */
function watchPolicy(page: Page, violations: string[]): void {
  page.on('console', (message) => {
    if (/Content Security Policy|user gesture is required/.test(message.text())) violations.push(message.text())
  })
}

interface FormThatRedirects extends AsyncDisposable {
  readonly origin: string
  page(contentSecurityPolicy: string, target: string): string
}

/** What the consent page must not be: a form whose answer is a redirect to the client. */
async function startFormThatRedirects(): Promise<FormThatRedirects> {
  const server = createServer((request, response) => {
    const { searchParams } = new URL(request.url ?? '/', 'http://localhost')
    if (request.method === 'POST')
      return void response.writeHead(303, { Location: searchParams.get('target') ?? '' }).end()
    response.writeHead(200, {
      'Content-Type': 'text/html',
      'Content-Security-Policy': searchParams.get('policy') ?? '',
    })
    response.end('<!doctype html><form method="post"><button>Allow</button></form>')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const origin = `http://localhost:${(server.address() as AddressInfo).port}`
  return {
    origin,
    page: (policy, target) => `${origin}/?${new URLSearchParams({ policy, target })}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
    },
  }
}
