import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ENDPOINTS } from '../../../../model/endpoints.ts'
import type { HttpRequest } from '../factory-fixture.ts'
import { factoryOfFile } from '../factory-of-file.ts'
import {
  authorizeUrl,
  Browser,
  codeForm,
  consentForm,
  formRequest,
  KNOWN,
  obtainCode,
  obtainTokens,
  reachCallback,
  refreshForm,
  register,
} from '../journey.ts'
import { expectSound } from './expect-sound.ts'
import { hostileText, parameters, sent } from './hostile.ts'

const { factory, clientId } = await factoryOfFile({
  redirect_uris: ['http://127.0.0.1:4321/callback', KNOWN, 'https://unknown.test/callback', 'cursor://x/y'],
})

/** Exactly as registered, but for a loopback port. */
const REGISTERED = /^(?:http:\/\/127\.0\.0\.1:\d{1,5}\/callback|https:\/\/claude\.ai\/api\/mcp\/auth_callback)\?/
/** From a page, by a link; a consent that is given also goes there. */
const BY_PAGE = /^(?:https:\/\/unknown\.test\/callback|cursor:\/\/x\/y)\?/
const mayRedirectTo = (url: string) =>
  REGISTERED.test(url) || BY_PAGE.test(url) || url.startsWith(`${factory.provider.issuer}/authorize?`)

const asForm = (path: string, good: Readonly<Record<string, string>>, cookies: readonly string[] = []) =>
  parameters(good).map((form): HttpRequest => ({ ...formRequest(path, form), cookies }))
const asQuery = (path: string, good: Readonly<Record<string, string>>, cookies: readonly string[] = []) =>
  fc
    .oneof({ weight: 9, arbitrary: parameters(good).map(String) }, { weight: 1, arbitrary: hostileText })
    .map((query): HttpRequest => ({ path, query, cookies }))
const pairsOf = (browser: Browser) => [...browser.cookies].map(([name, value]) => `${name}=${value}`)
const fieldsOf = (url: string) => Object.fromEntries(new URL(url, 'https://mcp.example.com').searchParams)

const stranger = new Browser(factory)
const consentFields = Object.fromEntries(
  consentForm(await stranger.get(authorizeUrl({ client_id: clientId })), 'allow', {
    scope: 'calendar:write',
    server: 'productivity',
  }),
)
const reached = await reachCallback(factory, { clientId })
const person = (await obtainTokens(factory, { clientId })).obtained.browser
const [, csrf = ''] = /name="csrf" value="([^"]*)"/.exec((await person.get(ENDPOINTS.account)).body ?? '') ?? []
const confidential = await register(factory, { token_endpoint_auth_method: 'client_secret_post' })
const secret = { client_id: confidential.client_id, client_secret: confidential.client_secret ?? '' }
const { refresh_token } = await obtainTokens(factory, { clientId })

const authorization = {
  ...fieldsOf(authorizeUrl({ client_id: clientId, redirect_uri: KNOWN, scope: 'calendar:read', prompt: 'consent' })),
  login_hint: 'alice@example.com',
}
const metadata = {
  clientname: 'Fuzz',
  redirect_uris: [KNOWN],
  grant_types: ['authorization_code'],
  response_types: ['code'],
  token_endpoint_auth_method: 'none',
  client_uri: 'https://client.test',
  contacts: ['a@client.test'],
  scope: 'calendar:read',
}

const REQUESTS: readonly [string, 'json' | 'page', fc.Arbitrary<HttpRequest>][] = [
  ['/authorize by a stranger', 'page', asQuery(ENDPOINTS.authorize, authorization, pairsOf(stranger))],
  ['/authorize with a browser session', 'page', asQuery(ENDPOINTS.authorize, authorization, pairsOf(person))],
  ['/consent', 'page', asForm(ENDPOINTS.consent, consentFields, pairsOf(stranger))],
  ['/callback', 'page', asQuery(ENDPOINTS.callback, fieldsOf(reached.callback), pairsOf(reached.browser))],
  [
    '/token with a code',
    'json',
    asForm(ENDPOINTS.token, { ...codeForm(await obtainCode(factory, { clientId })), resource: 'x', scope: 'x' }),
  ],
  [
    '/token with a refresh token',
    'json',
    asForm(ENDPOINTS.token, { ...refreshForm(clientId, refresh_token), scope: 'x' }),
  ],
  ['/revoke', 'json', asForm(ENDPOINTS.revoke, { ...secret, token: refresh_token, token_type_hint: 'x' })],
  ['/introspect', 'json', asForm(ENDPOINTS.introspect, { ...secret, token: refresh_token, token_type_hint: 'x' })],
  ['/account', 'page', asForm(ENDPOINTS.account, { action: 'remove-access', csrf, id: 'x' }, pairsOf(person))],
  ['/account to look', 'page', asQuery(ENDPOINTS.account, { done: 'end-session' }, pairsOf(person))],
  [
    '/register',
    'json',
    fc
      .oneof(
        fc.jsonValue(),
        fc.record(
          Object.fromEntries(
            Object.entries(metadata).map(([name, value]) => [
              name,
              fc.oneof(
                { weight: 4, arbitrary: fc.constant(value) },
                { weight: 1, arbitrary: hostileText },
                { weight: 1, arbitrary: fc.array(hostileText, { maxLength: 3 }) },
                { weight: 1, arbitrary: fc.jsonValue() },
              ),
            ]),
          ),
          { requiredKeys: [] },
        ),
        hostileText,
      )
      .map((body) => ({
        method: 'POST',
        path: ENDPOINTS.register,
        headers: { 'content-type': 'application/json' },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      })),
  ],
  [
    '/register/<client>',
    'json',
    fc
      .tuple(hostileText, hostileText)
      .map(([id, token]) => ({ path: `${ENDPOINTS.register}/${id}`, headers: { authorization: `Bearer ${token}` } })),
  ],
  [
    'documents, and paths that nobody serves',
    'json',
    fc
      .oneof(
        fc.constantFrom(...Object.values(ENDPOINTS).filter((path) => /well-known|servers|health/.test(path))),
        hostileText.map((text) => `${ENDPOINTS.protectedResourceMetadata}/${text}`),
        hostileText.map((text) => `/nothing/${text}`),
      )
      .map((path) => ({ path })),
  ],
]

/** Cases in all: a minute's worth where nothing is said; 100,000 by hand with FUZZ_RUNS. */
const RUNS = Math.ceil(Number(process.env.FUZZ_RUNS ?? 6_500) / REQUESTS.length)

describe('whatever is sent', () => {
  it.each(REQUESTS)('%s answers soundly', { timeout: 3_600_000 }, async (name, errors, request) => {
    const before = await factory.table.items()
    factory.table.takeCalls()
    await fc.assert(
      fc.asyncProperty(sent(request), async (each) => {
        const answer = await factory.send(each)
        expectSound(answer, { errors, mayRedirectTo })
      }),
      { numRuns: RUNS },
    )
    // Where nobody has signed in nothing is written, however often and however wrong it is asked.
    if (name.includes('stranger') || name === '/consent') expect(await factory.table.items()).toEqual(before)
  })
})
