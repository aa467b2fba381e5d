import { decodeJwt } from 'jose'
import { expect } from 'vitest'
import { cognitoPerson, type FactoryFixture } from '../oauth/factory-fixture.ts'
import {
  authorizeUrl,
  Browser,
  codeForm,
  consentForm,
  consentOf,
  formRequest,
  KNOWN,
  obtainCode,
  obtainTokens,
  pkce,
  postToken,
  reachCallback,
  refreshForm,
  register,
  registration,
  signIn,
} from '../oauth/journey.ts'

/** One thing that can happen at a route, and the events of it. */
export interface Happening {
  readonly route: string
  readonly what: string
  readonly events: readonly string[]
  /** Prepares it, calls `begin`, and lets it happen. */
  readonly run: (factory: FactoryFixture, begin: () => void) => Promise<unknown>
}

const happening = (route: string, what: string, events: string, run: Happening['run']): Happening => ({
  route,
  what,
  events: events.split(' ').filter(Boolean),
  run,
})

const documents = [
  '/',
  '/.well-known/oauth-authorization-server',
  '/.well-known/openid-configuration',
  '/.well-known/oauth-protected-resource/productivity/mcp',
  '/.well-known/jwks.json',
  '/servers',
  '/health',
].map((path) =>
  happening(`GET ${path}`, 'is public', '', async (factory) => {
    expect((await factory.send({ path })).statusCode).toBe(200)
  }),
)

/** In the browser of somebody who is signed in. */
async function signedIn(factory: FactoryFixture) {
  const tokens = await obtainTokens(factory, { redirectUri: KNOWN })
  return { tokens, browser: tokens.obtained.browser }
}

async function press(browser: Browser, action: string, begin: () => void, id = '') {
  const page = await browser.get('/account')
  const [, csrf = ''] = /name="csrf" value="([^"]+)"/.exec(page.body ?? '') ?? []
  begin()
  expect((await browser.post('/account', new URLSearchParams({ csrf, action, id }))).statusCode).toBeLessThan(400)
}

/** Every route of the authorization server, with what happens there. */
export const HAPPENINGS: readonly Happening[] = [
  ...documents,
  happening('GET /authorize', 'a stranger is asked', '', async (factory, begin) => {
    const client_id = (await register(factory)).client_id
    begin()
    await new Browser(factory).get(authorizeUrl({ client_id }))
  }),
  happening('GET /authorize', 'allowed before', 'consent.remembered', async (factory, begin) => {
    const { tokens, browser } = await signedIn(factory)
    begin()
    await browser.get(
      authorizeUrl({ client_id: tokens.clientId, redirect_uri: KNOWN, code_challenge: pkce().challenge }),
    )
  }),
  happening('GET /authorize', 'an unknown client', 'request.refused', (factory, begin) => {
    begin()
    return new Browser(factory).get(authorizeUrl({ client_id: 'c-unknown' }))
  }),
  happening('POST /consent', 'on to sign-in', '', async (factory, begin) => {
    const clientId = (await register(factory)).client_id
    begin()
    await consentOf(factory, { client_id: clientId })
  }),
  happening('POST /consent', 'allowed by somebody signed in', 'consent.given', async (factory, begin) => {
    const { tokens, browser } = await signedIn(factory)
    const page = await browser.get(authorizeUrl({ client_id: tokens.clientId, scope: 'calendar:read' }))
    begin()
    await browser.post('/consent', consentForm(page, 'allow'))
  }),
  happening('POST /consent', 'denied', 'consent.denied', async (factory, begin) => {
    const browser = new Browser(factory)
    const page = await browser.get(authorizeUrl({ client_id: (await register(factory)).client_id }))
    begin()
    await browser.post('/consent', consentForm(page, 'deny'))
  }),
  happening('POST /consent', 'from nowhere', 'request.refused', (factory, begin) => {
    begin()
    return new Browser(factory).post('/consent', new URLSearchParams({ decision: 'allow' }))
  }),
  happening('GET /callback', 'admitted', 'sign_in.succeeded consent.given', async (factory, begin) => {
    const clientId = (await register(factory)).client_id
    const { browser, callback } = await reachCallback(factory, { clientId })
    begin()
    await browser.get(callback)
  }),
  happening('GET /callback', 'outside of the organisation', 'sign_in.refused', async (factory, begin) => {
    const client_id = (await register(factory)).client_id
    begin()
    await signIn(factory, { client_id }, cognitoPerson('mallory@evil.test'))
  }),
  happening('GET /callback', 'cancelled at the provider', 'sign_in.failed', async (factory, begin) => {
    const { browser, callback } = await reachCallback(factory, { clientId: (await register(factory)).client_id })
    const url = new URL(callback)
    const cancelled = new URLSearchParams({
      state: url.searchParams.get('state') ?? '',
      error: 'access_denied',
      iss: factory.provider.issuer,
    })
    begin()
    await browser.get(`${url.pathname}?${cancelled}`)
  }),
  happening('GET /callback', 'not begun in this browser', 'sign_in.failed', async (factory, begin) => {
    const { callback } = await reachCallback(factory, { clientId: (await register(factory)).client_id })
    begin()
    await new Browser(factory).get(callback)
  }),
  happening('POST /token', 'a code', 'token.issued', async (factory, begin) => {
    const code = await obtainCode(factory, { clientId: (await register(factory)).client_id })
    begin()
    await postToken(factory, codeForm(code))
  }),
  happening('POST /token', 'a code again', 'token.reuse_detected grant.ended token.refused', async (factory, begin) => {
    const { obtained } = await obtainTokens(factory)
    factory.pass(11)
    begin()
    await postToken(factory, codeForm(obtained))
  }),
  happening('POST /token', 'a refresh token', 'token.refreshed', async (factory, begin) => {
    const { clientId, refresh_token } = await obtainTokens(factory)
    begin()
    await postToken(factory, refreshForm(clientId, refresh_token))
  }),
  happening(
    'POST /token',
    'an old refresh token',
    'token.reuse_detected grant.ended token.refused',
    async (factory, begin) => {
      const { clientId, refresh_token } = await obtainTokens(factory)
      await postToken(factory, refreshForm(clientId, refresh_token))
      factory.pass(61)
      begin()
      await postToken(factory, refreshForm(clientId, refresh_token))
    },
  ),
  happening('POST /token', 'what is none', 'token.refused', async (factory, begin) => {
    const { clientId, refresh_token } = await obtainTokens(factory)
    begin()
    await postToken(factory, refreshForm(clientId, `${refresh_token}x`))
  }),
  happening('POST /revoke', 'a grant', 'grant.ended', async (factory, begin) => {
    const { clientId, access_token } = await obtainTokens(factory)
    begin()
    await factory.send(formRequest('/revoke', { client_id: clientId, token: access_token }))
  }),
  happening('POST /revoke', 'by nobody', 'request.refused', (factory, begin) => {
    begin()
    return factory.send(formRequest('/revoke', { token: 'x' }))
  }),
  happening('POST /introspect', 'a token', '', async (factory, begin) => {
    const client = await register(factory, { token_endpoint_auth_method: 'client_secret_post' })
    begin()
    const form = { client_id: client.client_id, client_secret: client.client_secret ?? '', token: 'x' }
    expect((await factory.send(formRequest('/introspect', form))).statusCode).toBe(200)
  }),
  happening('POST /introspect', 'with a wrong secret', 'request.refused', async (factory, begin) => {
    const client = await register(factory, { token_endpoint_auth_method: 'client_secret_post' })
    begin()
    await factory.send(formRequest('/introspect', { client_id: client.client_id, client_secret: 'x', token: 'x' }))
  }),
  happening('POST /register', 'a client', 'client.registered', (factory, begin) => {
    begin()
    return register(factory)
  }),
  happening('POST /register', 'what is no client', 'request.refused', (factory, begin) => {
    begin()
    return factory.send(registration({ redirect_uris: ['javascript:1'] }))
  }),
  ...(['GET', 'DELETE'] as const).flatMap((method) => [
    happening(
      `${method} /register/<id>`,
      'its own',
      method === 'GET' ? '' : 'client.deleted',
      async (factory, begin) => {
        const { client_id, registration_access_token } = await register(factory)
        const headers = { authorization: `Bearer ${registration_access_token}` }
        begin()
        await factory.send({ method, path: `/register/${client_id}`, headers })
      },
    ),
    happening(`${method} /register/<id>`, 'with a wrong token', 'request.refused', async (factory, begin) => {
      const { client_id } = await register(factory)
      begin()
      await factory.send({ method, path: `/register/${client_id}`, headers: { authorization: 'Bearer wrong' } })
    }),
  ]),
  happening('GET /account', 'is looked at', '', async (factory, begin) => {
    const { browser } = await signedIn(factory)
    begin()
    expect((await browser.get('/account')).body).toContain('Signed in as')
  }),
  happening('GET /account', 'by somebody who was blocked', 'session.refused', async (factory, begin) => {
    const { obtained } = await obtainTokens(factory, { email: 'eve@example.com' })
    const value = 'eve@example.com'
    await factory.put({ pk: 'DENY', sk: `person#${value}`, kind: 'person', value, email: value })
    factory.pass(10)
    begin()
    await obtained.browser.get('/account')
  }),
  happening('POST /account', 'sign-in', 'sign_in.succeeded', async (factory, begin) => {
    const browser = new Browser(factory)
    const upstream = await browser.post('/account', new URLSearchParams({ action: 'sign-in' }))
    begin()
    await browser.signInUpstream(upstream, cognitoPerson('alice@example.com'))
  }),
  happening('POST /account', 'sign-out', 'session.ended', async (factory, begin) =>
    press((await signedIn(factory)).browser, 'sign-out', begin),
  ),
  happening('POST /account', 'the other browsers', 'session.ended', async (factory, begin) => {
    await signedIn(factory)
    await press((await signedIn(factory)).browser, 'end-other-sessions', begin)
  }),
  happening('POST /account', 'an application', 'grant.ended', async (factory, begin) => {
    const { tokens, browser } = await signedIn(factory)
    const { sid } = decodeJwt<{ sid: string }>(tokens.access_token)
    await press(browser, 'remove-access', begin, sid)
  }),
  happening('POST /account', 'from a stranger’s page', 'request.refused', async (factory, begin) => {
    const { browser } = await signedIn(factory)
    begin()
    await browser.post('/account', new URLSearchParams({ action: 'sign-out' }), { origin: 'https://evil.test' })
  }),
]

/** One path of every route, and its methods. */
export const PATHS: readonly string[] = [...new Set(HAPPENINGS.map(({ route }) => route.split(' ')[1] ?? ''))]
