import { beforeEach, describe, expect, it } from 'vitest'
import { ENDPOINTS } from '../../../model/endpoints.ts'
import { cognitoPerson, DEVOPS, ISSUER, startFactory } from './factory-fixture.ts'
import { factoryOfFile } from './factory-of-file.ts'
import {
  type Answer,
  authorizeUrl,
  Browser,
  codeForm,
  consentForm,
  formRequest,
  KNOWN,
  location,
  obtainCode,
  pkce,
  postToken,
  refreshForm,
  refreshTarget,
  register,
} from './journey.ts'

const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0'

const { factory, clientId: client } = await factoryOfFile({ client_name: 'Claude <b>' })

let browser: Browser
beforeEach(() => {
  browser = new Browser(factory)
})

/** Signs in at the account page, as somebody does who comes without an application. */
async function signIn(email = 'alice@example.com', by = browser): Promise<Answer> {
  const upstream = await by.post('/account', new URLSearchParams({ action: 'sign-in' }))
  const back = await by.upstreamAnswer(upstream, cognitoPerson(email))
  return by.get(back, { 'user-agent': FIREFOX })
}

const open = (by = browser) => by.get('/account')

function csrf(page: Answer): string {
  return /name="csrf" value="([^"]+)"/.exec(page.body ?? '')?.[1] ?? ''
}

/** The ids of the forms with this button. */
function idsOf(page: Answer, action: string): string[] {
  return [...(page.body ?? '').matchAll(/name="id" value="([^"]+)">\s*<button name="action" value="([^"]+)"/g)]
    .filter(([, , named]) => named === action)
    .map(([, id = '']) => id)
}

async function press(action: string, id = '', by = browser, headers: Record<string, string> = {}): Promise<Answer> {
  return by.post('/account', new URLSearchParams({ csrf: csrf(await open(by)), action, id }), headers)
}

async function isRefreshed(clientId: string, refreshToken: string): Promise<boolean> {
  return (await postToken(factory, refreshForm(clientId, refreshToken))).status === 200
}

describe('without a browser session', () => {
  it('the page shows nothing of anybody, writes nothing, and offers to sign in', async () => {
    await factory.send({ path: '/servers' })
    factory.table.takeCalls()
    const page = await open()
    expect(page.statusCode).toBe(200)
    expect(page.body).toContain('Continue with Google')
    expect(factory.table.takeCalls()).toEqual([])
  })

  it('sign-in goes by state, nonce and PKCE, bound to this browser, and comes back here', async () => {
    const upstream = await browser.post('/account', new URLSearchParams({ action: 'sign-in' }))
    expect(upstream.statusCode, 'never a redirect after a form (PLATFORM 10)').toBe(200)
    const asked = new URL(refreshTarget(upstream)).searchParams
    expect(Object.fromEntries(asked)).toMatchObject({
      code_challenge_method: 'S256',
      prompt: 'select_account',
      state: expect.any(String),
      nonce: expect.any(String),
    })
    const back = await browser.upstreamAnswer(upstream, cognitoPerson('alice@example.com'))
    expect((await new Browser(factory).get(back)).statusCode, 'another browser').toBe(400)
    const foreign = back.replace(/state=[^&]+/, `state=${asked.get('state')?.split('.')[0]}.forged`)
    expect((await browser.get(foreign)).statusCode, 'another state').toBe(400)
    const signedIn = await browser.get(back)
    expect([signedIn.statusCode, signedIn.headers?.Location]).toEqual([302, '/account'])
    expect((await open()).body).toContain('alice@example.com')
    expect((await browser.get(back)).statusCode, 'a second time').toBe(400)
  })

  it('a person whom the organisation does not admit gets no browser session, and is told why', async () => {
    const refused = await signIn('mallory@evil.test')
    expect(refused.statusCode).toBe(403)
    expect(refused.body).toContain('evil.test')
    expect((await open()).body).toContain('Continue with Google')
  })

  it('a sign-in for the account page gives no application anything', async () => {
    await signIn()
    const asked = await browser.get(authorizeUrl({ client_id: client, redirect_uri: KNOWN, prompt: 'none' }))
    expect(location(asked).searchParams.get('error')).toBe('consent_required')
  })

  it('whatever is posted leads back to the page', async () => {
    const answer = await browser.post('/account', new URLSearchParams({ action: 'remove-all-access' }))
    expect([answer.statusCode, answer.headers?.Location]).toEqual([303, '/account'])
  })
})

describe('lists', () => {
  it('client, server, permissions in words, when, last renewed; browsers, roughly', async () => {
    await signIn()
    const given = await obtainTokensHere(client)
    const page = (await open()).body ?? ''
    expect(page).toContain('Claude &lt;b&gt;')
    expect(page).toContain('Productivity')
    expect(page).toContain('a program on your own computer')
    expect(page).toContain('List calendar events, Create a calendar event')
    expect(page).toContain(minute(factory.now()))
    expect(page).toContain('Firefox on Linux')
    factory.pass(3600)
    await postToken(factory, refreshForm(client, given))
    expect((await open()).body).toContain(`Last renewed</dt><dd><time datetime="${iso(factory.now())}"`)
  })

  it('nothing of anybody else', async () => {
    await signIn('bob@example.com')
    const page = await open()
    expect(page.body).toContain('bob@example.com')
    expect(page.body).not.toContain('alice@example.com')
    expect(idsOf(page, 'remove-access')).toEqual([])
  })

  it('no grant that has ended', async () => {
    await signIn('tom@partner.test')
    const given = await obtainTokensHere(client)
    expect(idsOf(await open(), 'remove-access')).toHaveLength(1)
    await factory.send(formRequest(ENDPOINTS.revoke, { client_id: client, token: given }))
    expect(idsOf(await open(), 'remove-access')).toEqual([])
  })
})

describe('ends', () => {
  it('one grant: refreshed no more, asked about again; the others stay', async () => {
    await signIn()
    const https = (await register(factory)).client_id
    const before = idsOf(await open(), 'remove-access')
    const refreshToken = await obtainTokensHere(https, KNOWN)
    const [grant = ''] = idsOf(await open(), 'remove-access').filter((id) => !before.includes(id))
    const answer = await press('remove-access', grant)
    expect([answer.statusCode, answer.headers?.Location]).toEqual([303, '/account?done=remove-access'])
    expect((await browser.get('/account?done=remove-access')).body).toContain('Access was removed')
    expect(await isRefreshed(https, refreshToken)).toBe(false)
    expect(idsOf(await open(), 'remove-access')).toEqual(before)
    const again = await browser.get(authorizeUrl({ client_id: https, redirect_uri: KNOWN }))
    expect(again.statusCode, 'the consent page').toBe(200)
  })

  it('all of them, and a code that waits to be redeemed', async () => {
    await signIn()
    const refreshToken = await obtainTokensHere(client)
    const waiting = await obtainCode(factory, { clientId: client, resource: DEVOPS.resource })
    expect((await press('remove-all-access')).statusCode).toBe(303)
    expect(idsOf(await open(), 'remove-access')).toEqual([])
    expect(await isRefreshed(client, refreshToken)).toBe(false)
    expect((await postToken(factory, codeForm(waiting))).body.error).toBe('invalid_grant')
    expect((await open()).body, 'the person stays signed in').toContain('alice@example.com')
  })

  it('one other browser session, or all others', async () => {
    await signIn()
    const others = [new Browser(factory), new Browser(factory), new Browser(factory)]
    for (const other of others) await signIn('alice@example.com', other)
    const listed = idsOf(await open(), 'end-session')
    const signedOut = async () => {
      const pages = await Promise.all(others.map((other) => open(other)))
      return pages.filter(({ body }) => body?.includes('Continue with Google')).length
    }
    await press('end-session', listed[0])
    expect(idsOf(await open(), 'end-session')).toHaveLength(listed.length - 1)
    await press('end-other-sessions')
    expect(idsOf(await open(), 'end-session')).toEqual([])
    expect(await signedOut()).toBe(3)
    expect((await open()).body).toContain('alice@example.com')
  })

  it('nothing of anybody else, whatever the form names', async () => {
    const bob = new Browser(factory)
    await signIn('bob@example.com', bob)
    await signIn()
    const refreshToken = await obtainTokensHere(client)
    const [grant = ''] = idsOf(await open(), 'remove-access')
    const another = new Browser(factory)
    await signIn('alice@example.com', another)
    const [session = ''] = idsOf(await open(), 'end-session')
    await press('remove-access', grant, bob)
    await press('end-session', session, bob)
    expect(await isRefreshed(client, refreshToken)).toBe(true)
    expect((await open(another)).body).toContain('alice@example.com')
  })

  it('this browser session, and Cognito’s with it; then signing in asks again', async () => {
    await signIn()
    const cookies = new Map(browser.cookies)
    const answer = await press('sign-out')
    expect(answer.statusCode).toBe(200)
    const away = new URL(refreshTarget(answer))
    expect(away.origin + away.pathname).toBe(`${factory.provider.issuer}/logout`)
    expect(Object.fromEntries(away.searchParams)).toEqual({
      client_id: 'cognito-client',
      logout_uri: `${ISSUER}/account`,
    })
    expect(browser.cookies.has('__Host-session')).toBe(false)
    for (const [name, value] of cookies) browser.cookies.set(name, value)
    expect((await open()).body, 'a cookie that was kept is worth nothing').toContain('Continue with Google')
    const asked = await browser.get(authorizeUrl({ client_id: client, redirect_uri: KNOWN, prompt: 'none' }))
    expect(location(asked).searchParams.get('error')).toBe('login_required')
  })

  it('a cookie of a form that we never made is not even looked up', async () => {
    const forged = { path: '/account', cookies: [`__Host-session=${'x'.repeat(2000)}`] }
    await factory.send(forged)
    factory.table.takeCalls()
    expect((await factory.send(forged)).body).toContain('Continue with Google')
    expect(factory.table.takeCalls()).toEqual([])
  })

  it('this browser session also where the identity provider is down', async () => {
    const own = await startFactory()
    const by = new Browser(own)
    try {
      const upstream = await by.post('/account', new URLSearchParams({ action: 'sign-in' }))
      await by.get(await by.upstreamAnswer(upstream, cognitoPerson('alice@example.com')))
      const form = new URLSearchParams({ csrf: csrf(await by.get('/account')), action: 'sign-out' })
      own.provider.fault = 'down'
      own.pass(3601)
      const answer = await by.post('/account', form)
      expect([answer.statusCode, answer.headers?.Location]).toEqual([303, '/account'])
      expect((await by.get('/account')).body).toContain('Continue with Google')
    } finally {
      await own.close()
    }
  })
})

describe('nothing is done', () => {
  const attempts: Record<string, (page: Answer, grant: string) => Promise<Answer>> = {
    'without the token': (_page, id) => post({ action: 'remove-access', id }),
    'with the token of another browser session': async (_page, id) => {
      const other = new Browser(factory)
      await signIn('alice@example.com', other)
      return post({ action: 'remove-access', id, csrf: csrf(await open(other)) })
    },
    'for a form of another site': (page, id) =>
      post({ action: 'remove-access', id, csrf: csrf(page) }, { origin: 'https://evil.test' }),
    'for a request of another site': (page, id) =>
      post({ action: 'remove-access', id, csrf: csrf(page) }, { 'sec-fetch-site': 'cross-site' }),
    'for an unknown act': (page, id) => post({ action: 'constructor', id, csrf: csrf(page) }),
    'for a field that is repeated': (page, id) =>
      browser.post('/account', new URLSearchParams(`action=remove-access&action=sign-out&id=${id}&csrf=${csrf(page)}`)),
  }
  const post = (form: Record<string, string>, headers = {}) =>
    browser.post('/account', new URLSearchParams(form), headers)

  it.each(Object.keys(attempts))('%s', async (name) => {
    await signIn()
    const refreshToken = await obtainTokensHere(client)
    const page = await open()
    const answer = await attempts[name]?.(page, idsOf(page, 'remove-access')[0] ?? '')
    expect(answer?.statusCode).toBeGreaterThanOrEqual(400)
    expect(answer?.statusCode).toBeLessThan(500)
    expect(await isRefreshed(client, refreshToken)).toBe(true)
  })

  it('while the table fails: 503, and it works afterwards', async () => {
    await signIn()
    const refreshToken = await obtainTokensHere(client)
    const page = await open()
    const form = new URLSearchParams({ csrf: csrf(page), action: 'remove-all-access' })
    factory.table.failing = ['UpdateItem']
    expect((await browser.post('/account', form)).statusCode).toBe(503)
    factory.table.failing = []
    expect((await browser.post('/account', form)).statusCode).toBe(303)
    expect(await isRefreshed(client, refreshToken)).toBe(false)
  })
})

it('AS-22: prompt=login ends the browser session that was there once somebody has signed in again', async () => {
  await signIn()
  const before = new Map(browser.cookies)
  const page = await browser.get(authorizeUrl({ client_id: client, prompt: 'login' }))
  expect(page.body).not.toContain('alice@example.com')
  const consented = await browser.post('/consent', consentForm(page, 'allow'))
  expect(new URL(refreshTarget(consented)).searchParams.get('prompt')).toBe('select_account')
  expect((await browser.signInUpstream(consented, cognitoPerson('bob@example.com'))).statusCode).toBe(302)
  expect((await open()).body).toContain('bob@example.com')
  const old = new Browser(factory)
  for (const [name, value] of before) old.cookies.set(name, value)
  expect((await open(old)).body).toContain('Continue with Google')
})

/** In the browser that is signed in, by its consent page; returns the refresh token. */
async function obtainTokensHere(clientId: string, redirectUri?: string): Promise<string> {
  const { verifier, challenge } = pkce()
  const page = await browser.get(
    authorizeUrl({
      client_id: clientId,
      code_challenge: challenge,
      ...(redirectUri && { redirect_uri: redirectUri }),
    }),
  )
  const next = new URL(refreshTarget(await browser.post('/consent', consentForm(page, 'allow'))))
  const code = next.searchParams.get('code') ?? ''
  const to = redirectUri ?? `${next.origin}${next.pathname}`
  const { body } = await postToken(factory, codeForm({ clientId, code, verifier, redirectUri: to, browser }))
  return String(body.refresh_token)
}

const iso = (at: number) => new Date(at * 1000).toISOString()
const minute = (at: number) => iso(at).slice(0, 16).replace('T', ' ')
