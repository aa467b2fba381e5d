import { decodeJwt, importJWK, jwtVerify } from 'jose'
import { describe, expect, it } from 'vitest'
import { subjectId } from '../../../lambdas/tokens/subject-id.ts'
import { cognitoPerson, GOOGLE, ISSUER, POLICY, PRODUCTIVITY, startFactory } from './factory-fixture.ts'
import { factoryOfFile } from './factory-of-file.ts'
import {
  authorizeUrl,
  Browser,
  codeForm,
  consentForm,
  consentOf,
  LOOPBACK,
  location,
  obtainCode,
  obtainTokens,
  pkce,
  postToken,
  register,
  signIn,
} from './journey.ts'

const { factory, clientId } = await factoryOfFile()

async function claimsOf(token: unknown): Promise<Record<string, unknown>> {
  const { keys } = JSON.parse((await factory.send({ path: '/.well-known/jwks.json' })).body ?? '') as {
    keys: [{ kid: string }]
  }
  const { payload, protectedHeader } = await jwtVerify(String(token), await importJWK(keys[0], 'ES256'), {
    issuer: ISSUER,
    typ: 'at+jwt',
    currentDate: new Date(factory.now() * 1000),
  })
  expect(protectedHeader).toEqual({ alg: 'ES256', typ: 'at+jwt', kid: keys[0].kid })
  return payload
}

describe('the whole way', () => {
  it('RS-03, AS-08: gives a client a token for exactly one server, as RFC 9068 has it', async () => {
    const { access_token, scope, expires_in } = await obtainTokens(factory, { clientId })
    expect([scope, expires_in]).toEqual(['calendar:read calendar:write', 600])
    const claims = await claimsOf(access_token)
    expect(claims).toEqual({
      iss: ISSUER,
      aud: PRODUCTIVITY.resource,
      sub: subjectId(GOOGLE, 'google-alice@example.com'),
      client_id: clientId,
      scope: 'calendar:read calendar:write',
      sid: expect.stringMatching(/^[0-9a-f]{32}$/),
      jti: expect.stringMatching(/^[0-9a-f-]{36}$/),
      iat: expect.any(Number),
      exp: Number(claims.iat) + 600,
      email: 'alice@example.com',
      name: 'alice',
      tenant: 'example',
    })
  })

  it('AS-04: the redirect carries code, state and iss', async () => {
    const target = location(await signIn(factory, { client_id: clientId }, cognitoPerson('alice@example.com')))
    expect([...target.searchParams.keys()]).toEqual(['code', 'state', 'iss'])
  })

  it.each([
    ['controls and bidi characters', 'Ali\u202ece\r\nX-Header: 1\u0000', 'Alice X-Header: 1'],
    ['300 characters', 'é'.repeat(300), 'é'.repeat(200)],
    ['nothing that shows', '\u3164\u200b', 'alice@example.com'],
    ['no text', 7, 'alice@example.com'],
  ])('a display name is cleaned before it goes anywhere: %s', async (_case, name, shown) => {
    const { browser, consented } = await consentOf(factory, { client_id: clientId })
    const end = await browser.signInUpstream(consented, cognitoPerson('alice@example.com', { name }))
    expect(location(end).searchParams.has('code')).toBe(true)
    const { body } = await browser.get(authorizeUrl({ client_id: clientId }))
    expect(body).toContain(`<dd>${shown} (alice@example.com)</dd>`)
  })

  it('what the identity provider calls a refused person is cleaned, too', async () => {
    const person = cognitoPerson('alice@example.com', { identities: undefined, email: '\u202ealice\u0000@example.com' })
    const { body } = await signIn(factory, { client_id: clientId }, person)
    expect(body).toContain('alice@example.com is not admitted')
  })

  it('a rule’s claims travel in the token of the server that needs them, and no other claims do', async () => {
    await factory.write({
      policy: { ...POLICY, access: { ...POLICY.access, claims: [{ claim: 'hd', oneOf: ['example.com'] }] } },
    })
    const { access_token } = await obtainTokens(factory, { clientId })
    expect((await claimsOf(access_token)).claims).toEqual({ hd: 'example.com' })
    await factory.write({ policy: POLICY })
  })

  it('the browser session has a secret cookie, new at each sign-in', async () => {
    const { browser } = await obtainCode(factory, { clientId })
    const first = browser.cookies.get('__Host-session')
    expect(first).toMatch(/^[\w-]{43}$/)
    const page = await browser.get(authorizeUrl({ client_id: clientId, prompt: 'login' }))
    await browser.signInUpstream(
      await browser.post('/consent', consentForm(page, 'allow')),
      cognitoPerson('alice@example.com'),
    )
    expect(browser.cookies.get('__Host-session')).not.toBe(first)
    const stale = new Browser(factory)
    stale.cookies.set('__Host-session', first ?? '')
    expect((await stale.get(authorizeUrl({ client_id: clientId }))).body).not.toContain('alice@example.com')
  })
})

describe('directly, without Cognito', () => {
  it('finds the same person, with a confidential client and without identity_provider', async () => {
    const direct = await startFactory({ upstreamSecret: { clientId: 'google-client', clientSecret: 'google-secret' } })
    try {
      await direct.write({ policy: { ...POLICY, connection: { provider: 'google', via: 'direct', issuer: GOOGLE } } })
      const { client_id } = await register(direct)
      const browser = new Browser(direct)
      const { verifier, challenge } = pkce()
      const page = await browser.get(authorizeUrl({ client_id, code_challenge: challenge }))
      const person = {
        sub: 'google-alice@example.com',
        email: 'alice@example.com',
        email_verified: true,
        name: 'Alice',
        hd: 'example.com',
      }
      const consented = await browser.post('/consent', consentForm(page, 'allow'))
      const target = location(await browser.signInUpstream(consented, person))
      expect(direct.provider.lastRequest.has('identity_provider')).toBe(false)
      const code = target.searchParams.get('code') ?? ''
      const { body } = await postToken(
        direct,
        codeForm({ clientId: client_id, code, verifier, redirectUri: LOOPBACK, browser }),
      )
      expect(decodeJwt(String(body.access_token)).sub).toBe(subjectId(GOOGLE, 'google-alice@example.com'))
    } finally {
      await direct.close()
    }
  })

  it('plain http is for loopback providers alone', async () => {
    await expect(startFactory({ environment: { upstreamIssuer: 'http://accounts.evil.test' } })).rejects.toThrow(
      /must be https/,
    )
  })
})
