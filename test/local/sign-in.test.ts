import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as openid from 'openid-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import sampleConfig from '../../local/demo/sample.config.ts'
import { Browser } from '../../local/journey/browser.ts'
import { type SamplePerson, samplePeople, startSignIn } from '../../local/sign-in.ts'

const CALLBACK = 'http://localhost:4100/callback'
const ACCOUNT = 'http://localhost:4100/account'
const people = samplePeople(sampleConfig)

let stateDirectory: string
let signIn: Awaited<ReturnType<typeof startSignIn>>

const start = () =>
  startSignIn({
    port: 0,
    people,
    callbacks: [CALLBACK],
    signedOut: [ACCOUNT],
    publicClientId: 'pool-client',
    confidentialClient: { id: 'google-client', secret: 'google-secret' },
    stateDirectory,
  })

beforeAll(async () => {
  stateDirectory = await mkdtemp(join(tmpdir(), 'sign-in-'))
  signIn = await start()
})

afterAll(async () => {
  await signIn.stop()
  await rm(stateDirectory, { recursive: true })
})

const publicClient = () =>
  openid.discovery(new URL(signIn.issuer), 'pool-client', undefined, openid.None(), {
    execute: [openid.allowInsecureRequests],
  })

/** Begins an authorization request; `page` is what the browser sees, `redeem` finishes at the token endpoint. */
async function authorize(
  client: openid.Configuration,
  parameters: Record<string, string> = {},
  browser = new Browser({ stopAt: (url) => url.href.startsWith(CALLBACK) }),
) {
  const verifier = openid.randomPKCECodeVerifier()
  const nonce = openid.randomNonce()
  const state = openid.randomState()
  const url = openid.buildAuthorizationUrl(client, {
    redirect_uri: CALLBACK,
    scope: 'openid email profile',
    code_challenge: await openid.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    nonce,
    state,
    ...parameters,
  })
  const page = await browser.open(url)
  const redeem = (callback: URL) =>
    openid.authorizationCodeGrant(client, callback, {
      pkceCodeVerifier: verifier,
      expectedNonce: nonce,
      expectedState: state,
      idTokenExpected: true,
    })
  return { page, browser, redeem }
}

async function signedInAs(email: string, client: openid.Configuration) {
  const { page, browser, redeem } = await authorize(client)
  const { url } = await browser.press(page, email)
  const claims = (await redeem(url)).claims()
  if (claims === undefined) throw new Error('no ID token')
  return claims
}

describe('the sign-in stand-in', () => {
  it('shows a button for each sample person, labelled with name and email', async () => {
    const { page } = await authorize(await publicClient())
    expect(page.status).toBe(200)
    for (const { name, email } of people)
      expect(page.buttons.filter(({ text }) => text.includes(name) && text.includes(email))).toHaveLength(1)
  })

  it('is at 127.0.0.1, so that its redirects to localhost are cross-site', () => {
    expect(new URL(signIn.issuer).hostname).toBe('127.0.0.1')
  })

  it('gives the public client an ID token of the shape that Cognito gives', async () => {
    const claims = await signedInAs('alice@example.com', await publicClient())
    expect(claims).toMatchObject({
      iss: signIn.issuer,
      aud: 'pool-client',
      sub: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/),
      email: 'alice@example.com',
      email_verified: true,
      name: 'Alice Archer',
      'custom:hd': 'example.com',
      token_use: 'id',
      identities: [
        expect.objectContaining({ userId: expect.stringMatching(/^\d{21}$/), providerName: 'Google', primary: 'true' }),
      ],
    })
    expect(claims).not.toHaveProperty('hd')
  })

  it('gives the confidential client an ID token of the shape that Google gives', async () => {
    const authentication = openid.ClientSecretBasic('google-secret')
    const client = await openid.discovery(new URL(signIn.issuer), 'google-client', undefined, authentication, {
      execute: [openid.allowInsecureRequests],
    })
    const claims = await signedInAs('alice@example.com', client)
    expect(claims).toMatchObject({ sub: expect.stringMatching(/^\d{21}$/), hd: 'example.com', email_verified: true })
    expect(claims).not.toHaveProperty('identities')
    expect(claims).not.toHaveProperty('custom:hd')
    const behindCognito = await signedInAs('alice@example.com', await publicClient())
    expect(behindCognito.identities).toEqual([expect.objectContaining({ userId: claims.sub })])
  })

  it('knows an unverified address and a consumer account', async () => {
    const client = await publicClient()
    expect(await signedInAs('una@example.com', client)).toMatchObject({ email_verified: false })
    const carl = await signedInAs('carl@example.com', client)
    expect(carl).toMatchObject({ email_verified: true })
    expect(carl).not.toHaveProperty('custom:hd')
  })

  it('signs out as Cognito does: asks nothing, and goes only where the client may send people', async () => {
    const client = await publicClient()
    const { page, browser } = await authorize(client)
    await browser.press(page, 'alice@example.com')
    const signOut = (parameters: Record<string, string>) => {
      const url = new URL('/logout', signIn.issuer)
      url.search = new URLSearchParams({ client_id: 'pool-client', logout_uri: ACCOUNT, ...parameters }).toString()
      const cookie = browser.cookies.header({ url, method: 'GET', initiator: undefined })
      return fetch(url, { redirect: 'manual', headers: { cookie } })
    }
    expect((await signOut({ logout_uri: 'https://evil.test/' })).status).toBe(400)
    expect((await signOut({ client_id: 'another' })).status).toBe(400)
    const silently = async () => {
      const again = new Browser({ cookies: browser.cookies, stopAt: ({ href }) => href.startsWith(CALLBACK) })
      return (await authorize(client, { prompt: 'none' }, again)).page.url.searchParams
    }
    expect((await silently()).has('code'), 'still signed in').toBe(true)
    const done = await signOut({})
    expect([done.status, done.headers.get('location')]).toEqual([302, ACCOUNT])
    expect((await silently()).get('error')).toBe('login_required')
  })

  it('preselects the person whom login_hint names', async () => {
    const { page } = await authorize(await publicClient(), { login_hint: 'bob@example.com' })
    expect(page.buttons[0]?.text).toContain('bob@example.com')
    const unknown = await authorize(await publicClient(), { login_hint: 'nobody@example.com' })
    expect(unknown.page.buttons[0]?.text).toContain('alice@example.com')
  })

  it('goes on with the session it has, and asks again for prompt=select_account', async () => {
    const client = await publicClient()
    const first = await authorize(client)
    await first.browser.press(first.page, 'alice@example.com')
    const again = await authorize(client, {}, first.browser)
    expect((await again.redeem(again.page.url)).claims()).toMatchObject({ email: 'alice@example.com' })
    const asked = await authorize(client, { prompt: 'select_account' }, first.browser)
    expect(asked.page.heading).toBe('Choose an account')
    const { url } = await asked.browser.press(asked.page, 'bob@example.com')
    expect((await asked.redeem(url)).claims()).toMatchObject({ email: 'bob@example.com' })
  })

  it('lets two sign-ins of one browser end with different people', async () => {
    const client = await publicClient()
    const browser = new Browser({ stopAt: (url) => url.href.startsWith(CALLBACK) })
    const first = await authorize(client, {}, browser)
    const second = await authorize(client, {}, browser)
    const asAlice = await browser.press(first.page, 'alice@example.com')
    const asBob = await browser.press(second.page, 'bob@example.com')
    expect((await first.redeem(asAlice.url)).claims()).toMatchObject({ email: 'alice@example.com' })
    expect((await second.redeem(asBob.url)).claims()).toMatchObject({ email: 'bob@example.com' })
  })

  it('ignores identity_provider, which Cognito takes', async () => {
    const { page } = await authorize(await publicClient(), { identity_provider: 'Google' })
    expect(page.heading).toBe('Choose an account')
  })

  it('returns access_denied where the person cancels', async () => {
    const { page, browser } = await authorize(await publicClient())
    const { url } = await browser.press(page, 'Cancel')
    expect(url.searchParams.get('error')).toBe('access_denied')
  })

  it('refuses a request without PKCE', async () => {
    const client = await publicClient()
    const browser = new Browser({ stopAt: (url) => url.href.startsWith(CALLBACK) })
    const url = openid.buildAuthorizationUrl(client, { redirect_uri: CALLBACK, scope: 'openid' })
    expect((await browser.open(url)).url.searchParams.get('error')).toBe('invalid_request')
  })

  it('never redirects to a URI it does not know', async () => {
    const page = await new Browser().open(
      openid.buildAuthorizationUrl(await publicClient(), { redirect_uri: 'https://evil.test/callback' }),
    )
    expect(page.status).toBe(400)
    expect(page.heading).toBe('This sign-in cannot go on')
  })

  it('redeems a code once, and only with its verifier', async () => {
    const client = await publicClient()
    const { page, browser, redeem } = await authorize(client)
    const { url } = await browser.press(page, 'alice@example.com')
    const other = await authorize(client)
    await expect(other.redeem(url)).rejects.toThrow()
    await redeem(url)
    await expect(redeem(url)).rejects.toThrow()
  })

  it('answers a finished sign-in with a page, not with an error of its own', async () => {
    const { page, browser } = await authorize(await publicClient())
    await browser.press(page, 'alice@example.com')
    const late = await browser.press(page, 'alice@example.com')
    expect(late.status).toBe(400)
    expect(late.heading).toBe('This sign-in has ended')
  })

  it('keeps its keys over a restart, readable by the owner alone', async () => {
    const jwks = async () => (await fetch(`${signIn.issuer}/jwks`)).json()
    const before = await jwks()
    await signIn.stop()
    signIn = await start()
    expect(await jwks()).toEqual(before)
    expect(JSON.stringify(before)).not.toContain('"d"')
    for (const file of await readdir(stateDirectory))
      expect((await stat(join(stateDirectory, file))).mode & 0o777).toBe(0o600)
  })
})

describe('the sample people', () => {
  const notes = (config: Parameters<typeof samplePeople>[0]) => samplePeople(config).map(({ note }) => note)

  it('are told what becomes of them as shipped', () => {
    expect(notes(sampleConfig)).toEqual([
      'tenant example; may use productivity, devops',
      'tenant example; may use productivity, devops; privileged at devops',
      'refused: the address is not verified',
      'refused: not an account that the organisation of this address manages',
      'tenant partner; may use productivity; refused by devops',
      'refused: the domain is not admitted',
    ])
  })

  it('are told what becomes of them where the config has other rules', () => {
    const connection = {
      ...sampleConfig.connection,
      allowedDomains: ['example.com'],
      blocked: ['alice@example.com'],
      internalApp: true,
      requiredClaims: [{ claim: 'name', matches: '(Bob|Carl).*' }],
    } as typeof sampleConfig.connection
    const open = { title: 'Open', proxy: { public: true }, access: {} } as (typeof sampleConfig.servers)[string]
    const servers = { ...sampleConfig.servers, open }
    expect(notes({ ...sampleConfig, connection, servers, tenants: { 'example.com': 'example' } })).toEqual([
      'refused: the config blocks this address',
      'tenant example; may use productivity, devops; privileged at devops',
      'refused: the address is not verified',
      'tenant example; may use productivity, devops',
      'refused: the domain is not admitted',
    ])
    connection.requiredClaims = [{ claim: 'department', equals: 'sales' }]
    expect(notes({ ...sampleConfig, connection })[1]).toBe('refused: the config asks more of an account (claims)')
  })
  const emails = (persons: readonly SamplePerson[]) => persons.map(({ email }) => email)

  it('are those of the config as shipped', () => {
    expect(emails(people)).toEqual([
      'alice@example.com',
      'bob@example.com',
      'una@example.com',
      'carl@example.com',
      'tom@partner.test',
      'mallory@evil.test',
    ])
  })

  it('follow the allowed domains; without a second tenant there is no tom', () => {
    const connection = { ...sampleConfig.connection, allowedDomains: ['corp.test', 'corp2.test'] }
    const tenants = { 'corp.test': 'corp', 'corp2.test': 'corp' }
    expect(emails(samplePeople({ ...sampleConfig, connection, tenants }))).toEqual([
      'alice@corp.test',
      'bob@corp.test',
      'una@corp.test',
      'carl@corp.test',
      'mallory@evil.test',
    ])
  })
})
