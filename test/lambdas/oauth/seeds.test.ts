import { decodeJwt } from 'jose'
import { describe, expect, it } from 'vitest'
import { findDenial } from '../../../model/deny-entry.ts'
import { ENDPOINTS } from '../../../model/endpoints.ts'
import { cognitoPerson, DEVOPS, PRODUCTIVITY } from './factory-fixture.ts'
import { factoryOfFile } from './factory-of-file.ts'
import {
  type Answer,
  authorizeUrl,
  Browser,
  codeForm,
  consentForm,
  consentOf,
  formRequest,
  location,
  obtainCode,
  obtainTokens,
  pkce,
  postToken,
  refreshForm,
  register,
  signIn,
} from './journey.ts'
import { ENDPOINT_USES } from './uses/all-uses.ts'

const { factory, clientId } = await factoryOfFile()
const asked = { client_id: clientId }
const ALICE = cognitoPerson('alice@example.com')

function expectNobodySignedIn({ statusCode, headers, cookies }: Answer): void {
  expect(statusCode).toBeGreaterThanOrEqual(400)
  expect(headers).not.toHaveProperty('Location')
  expect(cookies).toBeUndefined()
}

describe('faults of token validators', () => {
  it('001.F1: a token that the provider gave to another application signs nobody in', async () => {
    factory.provider.fault = 'wrong-audience'
    expectNobodySignedIn(await signIn(factory, asked, ALICE))
  })

  it('001.F2: no other provider is tried: a foreign key, and the answer of a foreign issuer', async () => {
    factory.provider.fault = 'foreign-key'
    expectNobodySignedIn(await signIn(factory, asked, ALICE))
    factory.heal()
    const { browser, consented } = await consentOf(factory, asked)
    const callback = new URL(await browser.upstreamAnswer(consented, ALICE))
    callback.searchParams.set('iss', 'https://accounts.evil.test')
    expectNobodySignedIn(await browser.get(callback.href))
  })

  it('001.F3: an address that is not verified belongs to no tenant', async () => {
    expectNobodySignedIn(await signIn(factory, asked, { ...ALICE, email_verified: false }))
  })

  it('001.F4: registration is throttled by its route, and no instance serves it elsewhere', async () => {
    const body = JSON.stringify({ redirect_uris: ['http://127.0.0.1/callback'] })
    const headers = { 'content-type': 'application/json' }
    const past = { method: 'POST', path: ENDPOINTS.register, headers, body, routeKey: '$default' }
    expect((await factory.send(past, factory.anotherInstance())).statusCode).toBe(404)
  })

  it.each(ENDPOINT_USES)('001.F5: $name: no origin reads with credentials, nor any page', async ({
    errors,
    prepare,
  }) => {
    const { request } = await prepare(factory)
    const { headers } = await factory.send({ ...request, headers: { ...request.headers, 'sec-fetch-mode': 'cors' } })
    expect(headers).not.toHaveProperty('Access-Control-Allow-Credentials')
    expect(headers?.['Access-Control-Allow-Origin']).toBe(errors === 'page' ? undefined : '*')
  })

  it('001.F7: a secret is compared by its digest: neither a prefix nor the stored value is it', async () => {
    const client = await register(factory, { token_endpoint_auth_method: 'client_secret_post' })
    const secret = client.client_secret ?? ''
    const stored = await factory.table.get(`CLIENT#${client.client_id}`, 'CLIENT')
    const form = codeForm(await obtainCode(factory, { clientId: client.client_id }))
    for (const client_secret of [secret.slice(0, -1), `${secret}x`, stored?.secretHash ?? '', ''])
      expect((await postToken(factory, { ...form, client_secret })).status).toBe(401)
    expect((await postToken(factory, { ...form, client_secret: secret })).status).toBe(200)
  })
})

describe('faults of gateways', () => {
  it('002.F1: PKCE is not optional', async () => {
    const browser = new Browser(factory)
    for (const change of [{ code_challenge: undefined }, { code_challenge_method: 'plain' }])
      expect(location(await browser.get(authorizeUrl({ ...asked, ...change }))).searchParams.get('error')).toBe(
        'invalid_request',
      )
    const { code_verifier, ...form } = codeForm(await obtainCode(factory, { clientId }))
    expect((await postToken(factory, form)).status).toBe(400)
    expect((await postToken(factory, { ...form, code_verifier: pkce().verifier })).status).toBe(400)
    expect((await postToken(factory, { ...form, code_verifier: code_verifier ?? '' })).status).toBe(200)
  })

  it('002.F2: no error is redirected to a URI that nobody registered', async () => {
    for (const redirect_uri of ['https://evil.test/callback', 'https://claude.ai.evil.test/api/mcp/auth_callback']) {
      const answer = await new Browser(factory).get(authorizeUrl({ ...asked, redirect_uri, response_type: 'token' }))
      expect([answer.statusCode, answer.headers?.Location]).toEqual([400, undefined])
      expect(answer.body).not.toMatch(/href="https:\/\/[^"]*evil/)
    }
  })

  it('002.F3: a public client refreshes', async () => {
    const { refresh_token } = await obtainTokens(factory, { clientId })
    expect((await postToken(factory, refreshForm(clientId, refresh_token))).status).toBe(200)
  })

  it('002.F4: a refresh stays at its resource', async () => {
    const { refresh_token } = await obtainTokens(factory, { clientId })
    const elsewhere = await postToken(factory, refreshForm(clientId, refresh_token, { resource: DEVOPS.resource }))
    expect([elsewhere.status, elsewhere.body.error]).toEqual([400, 'invalid_target'])
    const { body } = await postToken(factory, refreshForm(clientId, refresh_token))
    expect(decodeJwt(String(body.access_token)).aud).toBe(PRODUCTIVITY.resource)
  })

  it('002.F5: a state works once, and in its own browser alone', async () => {
    const { browser, consented } = await consentOf(factory, asked)
    const [first, second] = [
      await browser.upstreamAnswer(consented, cognitoPerson('mallory@evil.test')),
      await browser.upstreamAnswer(consented, ALICE),
    ]
    expectNobodySignedIn(await new Browser(factory).get(second))
    expect((await browser.get(first)).statusCode).toBe(403)
    expectNobodySignedIn(await browser.get(second))
  })

  it('002.F6: nobody is sent to the identity provider before they have been asked', async () => {
    const answer = await new Browser(factory).get(authorizeUrl(asked))
    expect([answer.statusCode, answer.headers?.Location]).toEqual([200, undefined])
    expect(answer.body).toContain('Test client')
    expect(answer.body).not.toContain(factory.provider.issuer)
    expect(consentForm(answer, 'allow').get('csrf')).not.toBe('')
  })

  it('002.F7: registering the same gives another client, and nothing gives a secret twice', async () => {
    const same = { client_name: 'Same', token_endpoint_auth_method: 'client_secret_post' }
    const [one, two] = [await register(factory, same), await register(factory, same)]
    expect(two.client_id).not.toBe(one.client_id)
    expect(two.client_secret).not.toBe(one.client_secret)
    const headers = { authorization: `Bearer ${two.registration_access_token}` }
    const own = await factory.send({ path: `${ENDPOINTS.register}/${two.client_id}`, headers })
    expect([own.statusCode, own.body]).toEqual([200, expect.not.stringContaining(two.client_secret ?? 'none')])
    expect((await factory.send({ path: `${ENDPOINTS.register}/${one.client_id}`, headers })).statusCode).toBe(401)
  })

  it('002.F8: nothing that is secret is in the table', async () => {
    const client = await register(factory, { token_endpoint_auth_method: 'client_secret_post' })
    const { obtained, access_token, refresh_token } = await obtainTokens(factory, { clientId })
    const secrets = [
      client.client_secret,
      client.registration_access_token,
      access_token,
      refresh_token,
      refresh_token.split('.').at(-1),
      obtained.code,
      obtained.verifier,
      obtained.browser.cookies.get('__Host-session'),
    ]
    const stored = JSON.stringify(await factory.table.items())
    for (const secret of secrets) expect(stored).not.toContain(secret ?? 'missing')
  })

  it('002.F10: a token that was revoked is refused everywhere', async () => {
    const { refresh_token, access_token } = await obtainTokens(factory, { clientId })
    await factory.send(formRequest(ENDPOINTS.revoke, { client_id: clientId, token: access_token }))
    expect((await postToken(factory, refreshForm(clientId, refresh_token))).body.error).toBe('invalid_grant')
    const claims = decodeJwt(access_token) as Parameters<typeof findDenial>[0]
    expect(findDenial(claims, await factory.store().denials.all())).toBeDefined()
  })

  it('002.F11: a verified address is not enough: its domain must be the issuer’s to assert, and admitted', async () => {
    expectNobodySignedIn(await signIn(factory, asked, { ...ALICE, 'custom:hd': undefined }))
    expectNobodySignedIn(await signIn(factory, asked, { ...ALICE, 'custom:hd': 'evil.test' }))
    expectNobodySignedIn(await signIn(factory, asked, cognitoPerson('mallory@evil.test')))
  })

  it('002.F12: the metadata names nothing that is not served', async () => {
    const document = JSON.parse((await factory.send({ path: ENDPOINTS.authorizationServerMetadata })).body ?? '')
    const named = Object.entries<string>(document).filter(([name]) => /_(endpoint|uri)$/.test(name))
    expect(named.length).toBeGreaterThan(4)
    for (const [name, url] of named)
      expect((await factory.send({ path: new URL(url).pathname })).statusCode, name).not.toBe(404)
  })

  it('002.F13: without its table nothing is given from memory, and nothing is forgotten', async () => {
    const { refresh_token } = await obtainTokens(factory, { clientId })
    const refresh = formRequest(ENDPOINTS.token, refreshForm(clientId, refresh_token))
    factory.table.failing = ['*']
    expect((await factory.send(refresh)).statusCode).toBe(503)
    factory.pass(5)
    expect((await factory.send({ path: ENDPOINTS.health })).statusCode).toBe(503)
    factory.heal()
    expect((await factory.send(refresh, factory.anotherInstance())).statusCode).toBe(200)
  })
})
