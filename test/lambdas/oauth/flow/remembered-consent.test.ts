import { describe, expect, it } from 'vitest'
import { consentDigest } from '../../../../lambdas/oauth/flow/remembered-consent.ts'
import { subjectId } from '../../../../lambdas/tokens/subject-id.ts'
import { cognitoPerson, DEVOPS, GOOGLE, ISSUER, POLICY, PRODUCTIVITY } from '../factory-fixture.ts'
import { factoryOfFile } from '../factory-of-file.ts'
import {
  authorizeUrl,
  Browser,
  codeForm,
  consentForm,
  KNOWN,
  LOOPBACK,
  location,
  obtainCode,
  pkce,
  postToken,
  register,
} from '../journey.ts'

const { factory, clientId } = await factoryOfFile({
  redirect_uris: [LOOPBACK, KNOWN, 'https://unknown.test/callback', 'cursor://x/y'],
})

const authorize = (parameters: Readonly<Record<string, string | undefined>> = {}, browser = new Browser(factory)) =>
  browser.get(authorizeUrl({ client_id: clientId, ...parameters }))

describe('with a browser session', () => {
  it('the page names the person and offers another account', async () => {
    const { browser } = await obtainCode(factory, { clientId })
    const { body } = await authorize({}, browser)
    expect(body).toContain('alice@example.com')
    expect(body).toContain('value="switch"')
  })

  it('remembered consent answers at once, for exactly the same and only at an https host', async () => {
    const { browser } = await obtainCode(factory, { clientId, redirectUri: KNOWN })
    const again = location(await authorize({ redirect_uri: KNOWN }, browser))
    expect(again.origin + again.pathname).toBe(KNOWN)
    expect(Object.fromEntries(again.searchParams)).toMatchObject({
      iss: ISSUER,
      state: 'client-state',
      code: expect.any(String),
    })
    expect(location(await authorize({ redirect_uri: KNOWN, prompt: 'none' }, browser)).searchParams.has('code')).toBe(
      true,
    )

    for (const [changed, parameters] of Object.entries({
      'another redirect URI': { redirect_uri: 'https://unknown.test/callback' },
      'another server': { redirect_uri: KNOWN, resource: DEVOPS.resource },
      'another client': { redirect_uri: KNOWN, client_id: (await register(factory)).client_id },
      'AS-22: prompt consent': { redirect_uri: KNOWN, prompt: 'consent' },
      'AS-22: prompt login': { redirect_uri: KNOWN, prompt: 'login' },
    }))
      expect((await authorize(parameters, browser)).statusCode, changed).toBe(200)
    const none = await authorize({ redirect_uri: KNOWN, resource: DEVOPS.resource, prompt: 'none' }, browser)
    expect(location(none).searchParams.get('error')).toBe('consent_required')
  })

  it('AS-22: prompt login asks who it is, as if nobody were signed in', async () => {
    const { browser } = await obtainCode(factory, { clientId })
    expect((await authorize({ prompt: 'login' }, browser)).body).not.toContain('alice@example.com')
  })

  it('consent is never remembered for loopback and private-use redirects', async () => {
    const { browser } = await obtainCode(factory, { clientId, redirectUri: LOOPBACK })
    expect((await authorize({}, browser)).statusCode).toBe(200)
    await obtainCode(factory, { clientId, redirectUri: 'cursor://x/y', browser: new Browser(factory) })
    expect((await authorize({ redirect_uri: 'cursor://x/y' }, browser)).statusCode).toBe(200)
  })

  it.each([
    [KNOWN, 302],
    [LOOPBACK, 200],
  ])('a consent that the table remembers all the same counts for a name alone: %s', async (redirectUri, status) => {
    const { browser } = await obtainCode(factory, { clientId, email: 'una@example.com' })
    const store = factory.store()
    const client = await store.clients.find(clientId)
    if (client === undefined) throw new Error('the client is gone')
    const una = subjectId(GOOGLE, 'google-una@example.com')
    const consent = { clientId, server: 'productivity', scopes: ['calendar:read', 'calendar:write'] }
    const digest = consentDigest(client, redirectUri, PRODUCTIVITY)
    await store.people.rememberConsent(una, digest, consent, factory.now() + 1000)
    expect((await authorize({ redirect_uri: redirectUri }, browser)).statusCode).toBe(status)
  })

  it.each([
    'https://localhost:8443/callback',
    'https://LOCALHOST/callback',
    'https://localhost./callback',
    'https://app.localhost/callback',
    'https://127.0.0.1/callback',
    'https://127.1/callback',
    'https://[::1]/callback',
    'https://[::ffff:127.0.0.1]/callback',
    'https://0.0.0.0/callback',
    'https://192.0.2.7/callback',
    'https://[2001:db8::7]/callback',
    'com.example.app:/callback',
  ])('consent is never remembered where a host is no name or this machine: %s', async (redirectUri) => {
    const { client_id } = await register(factory, { redirect_uris: [redirectUri] })
    const { browser } = await obtainCode(factory, { clientId: client_id, redirectUri })
    expect((await authorize({ client_id, redirect_uri: redirectUri }, browser)).statusCode).toBe(200)
  })

  it('AS-22: a remembered consent gives what is asked for now, not all that it covers', async () => {
    const { browser } = await obtainCode(factory, {
      clientId,
      email: 'bob@example.com',
      redirectUri: KNOWN,
      resource: DEVOPS.resource,
      tick: 'deploy:run',
    })
    const scopeOf = async (parameters: Readonly<Record<string, string | undefined>>) => {
      const { verifier, challenge } = pkce()
      const again = await authorize({ redirect_uri: KNOWN, code_challenge: challenge, ...parameters }, browser)
      const code = location(again).searchParams.get('code') ?? ''
      const { body } = await postToken(factory, codeForm({ clientId, code, verifier, redirectUri: KNOWN, browser }))
      return body.scope
    }
    const resource = DEVOPS.resource
    expect(await scopeOf({ resource, scope: 'health:read' })).toBe('health:read')
    expect(await scopeOf({ resource })).toBe('health:read')
    expect(await scopeOf({ resource, scope: 'health:read deploy:run' })).toBe('health:read deploy:run')
    await obtainCode(factory, { clientId, redirectUri: KNOWN, browser: new Browser(factory), email: 'bob@example.com' })
    expect(await scopeOf({ resource, scope: 'unknown' })).toBe('health:read')
  })

  it('a remembered consent has its end from when it was given, however often it is used', async () => {
    await factory.write({ policy: { ...POLICY, lifetimes: { ...POLICY.lifetimes, refreshAbsolute: 1000 } } })
    const { browser } = await obtainCode(factory, { clientId, redirectUri: KNOWN })
    factory.pass(900)
    expect(location(await authorize({ redirect_uri: KNOWN }, browser)).searchParams.has('code')).toBe(true)
    // A new sign-in for another client: the browser session is fresh, the consent is not.
    const other = (await register(factory)).client_id
    const page = await authorize({ client_id: other, prompt: 'login' }, browser)
    await browser.signInUpstream(
      await browser.post('/consent', consentForm(page, 'allow')),
      cognitoPerson('alice@example.com'),
    )
    expect((await authorize({ redirect_uri: KNOWN }, browser)).statusCode).toBe(302)
    factory.pass(200)
    expect((await authorize({ redirect_uri: KNOWN }, browser)).statusCode).toBe(200)
    await factory.write({ policy: POLICY })
  })

  it('a remembered consent covers no scope that was not ticked', async () => {
    const { browser } = await obtainCode(factory, {
      clientId,
      email: 'bob@example.com',
      redirectUri: KNOWN,
      resource: DEVOPS.resource,
    })
    const request = { redirect_uri: KNOWN, resource: DEVOPS.resource }
    expect(location(await authorize(request, browser)).searchParams.has('code')).toBe(true)
    expect((await authorize({ ...request, scope: 'health:read deploy:run' }, browser)).statusCode).toBe(200)
  })

  it('does not outlive its eight hours, nor its person’s welcome', async () => {
    const { browser } = await obtainCode(factory, { clientId, redirectUri: KNOWN })
    await factory.write({ policy: { ...POLICY, access: { domains: ['partner.test'] } } })
    const unwelcome = await authorize({ redirect_uri: KNOWN }, browser)
    expect(unwelcome.statusCode).toBe(200)
    expect(unwelcome.body).not.toContain('alice@example.com')
    await factory.write({ policy: POLICY })
    expect((await authorize({}, browser)).body).toContain('alice@example.com')
    factory.pass(28_800)
    expect((await authorize({}, browser)).body).not.toContain('alice@example.com')
  })

  it('counts for nothing where a grant made from it would have ended', async () => {
    const { browser } = await obtainCode(factory, { clientId })
    await factory.write({ policy: { ...POLICY, lifetimes: { ...POLICY.lifetimes, refreshAbsolute: 60 } } })
    expect((await authorize({}, browser)).body).toContain('alice@example.com')
    factory.pass(50)
    expect((await authorize({}, browser)).body).not.toContain('alice@example.com')
    await factory.write({ policy: POLICY })
  })

  it('remembered consent does not lead past the server’s rules', async () => {
    const { browser } = await obtainCode(factory, { clientId, redirectUri: KNOWN })
    await factory.write({ servers: [{ ...PRODUCTIVITY, access: { people: ['bob@example.com'] } }] })
    const refused = await authorize({ redirect_uri: KNOWN }, browser)
    expect(refused.statusCode).toBe(200)
    expect(refused.body).toContain('alice@example.com may not use this server')
    await factory.write({ servers: [PRODUCTIVITY] })
  })

  it('remembered consent gives no privileged scope that the person may hold no longer', async () => {
    const asBob = { clientId, email: 'bob@example.com', redirectUri: KNOWN, resource: DEVOPS.resource }
    const { browser } = await obtainCode(factory, { ...asBob, tick: 'deploy:run' })
    await factory.write({ servers: [{ ...DEVOPS, privileged: { people: ['carl@example.com'] } }] })
    const asked = { redirect_uri: KNOWN, resource: DEVOPS.resource, scope: 'health:read deploy:run' }
    expect((await authorize(asked, browser)).statusCode).toBe(302)
    const remembered = factory.logs.findLast(({ message }) => message === 'consent.remembered')
    expect(remembered?.fields.scopes).toEqual(['health:read'])
    await factory.write({ servers: [DEVOPS] })
  })

  it('remembered consent is for a server where it was, not for another under its name', async () => {
    const { browser } = await obtainCode(factory, { clientId, redirectUri: KNOWN })
    const resource = `${ISSUER}/moved/mcp`
    await factory.write({ servers: [{ ...PRODUCTIVITY, resource }] })
    expect((await authorize({ redirect_uri: KNOWN, resource }, browser)).statusCode).toBe(200)
    await factory.write({ servers: [PRODUCTIVITY] })
    expect((await authorize({ redirect_uri: KNOWN }, browser)).statusCode).toBe(302)
  })

  it('somebody whom the server does not admit is told so, and may use another account', async () => {
    const { browser } = await obtainCode(factory, { clientId, email: 'tom@partner.test' })
    const { body } = await authorize({ resource: DEVOPS.resource }, browser)
    expect(body).toContain('tom@partner.test may not use this server')
    expect(body).toContain('Allow and continue with Google')
  })
})
