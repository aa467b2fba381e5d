import { importJWK, jwtVerify } from 'jose'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { subjectId } from '../../../lambdas/tokens/subject-id.ts'
import {
  cognitoPerson,
  DEVOPS,
  type FactoryFixture,
  GOOGLE,
  ISSUER,
  POLICY,
  PRODUCTIVITY,
  startFactory,
} from './factory-fixture.ts'
import {
  type Answer,
  authorizeUrl,
  Browser,
  changeRedirectUris,
  codeForm,
  consentForm,
  LOOPBACK,
  location,
  obtainCode,
  obtainTokens,
  pkce,
  postToken,
  register,
} from './journey.ts'

let factory: FactoryFixture
let clientId: string

beforeAll(async () => {
  factory = await startFactory()
  clientId = (await register(factory)).client_id
})
afterAll(() => factory.close())
afterEach(() => {
  factory.provider.fault = 'none'
})

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

async function untilUpstream(parameters: Readonly<Record<string, string>> = {}, tick = '') {
  const browser = new Browser(factory)
  const page = await browser.get(authorizeUrl({ client_id: clientId, ...parameters }))
  return { browser, consented: await browser.post('/consent', consentForm(page, 'allow', tick ? { scope: tick } : {})) }
}

async function signIn(
  person: Readonly<Record<string, unknown>>,
  parameters: Readonly<Record<string, string>> = {},
  tick = '',
) {
  const { browser, consented } = await untilUpstream(parameters, tick)
  return browser.signInUpstream(consented, person)
}

function expectRefused(answer: Answer, rule: string, words: RegExp): void {
  expect(answer.statusCode).toBe(403)
  expect(answer.body).toMatch(words)
  expect(answer.body).toMatch(/Request request-\d+/)
  expect(answer.body).toContain(`href="${LOOPBACK}?error=access_denied&amp;`)
  expect(answer.cookies).toBeUndefined()
  const line = factory.logs.findLast(({ message }) => message === 'sign-in refused')
  expect(line?.fields).toMatchObject({ rule, requestId: expect.any(String), detail: expect.any(String) })
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
      jti: expect.stringMatching(/^[0-9a-f]{32}$/),
      iat: expect.any(Number),
      exp: Number(claims.iat) + 600,
      email: 'alice@example.com',
      name: 'alice',
      tenant: 'example',
    })
  })

  it('AS-04: the redirect carries code, state and iss', async () => {
    const target = location(await signIn(cognitoPerson('alice@example.com')))
    expect([...target.searchParams.keys()]).toEqual(['code', 'state', 'iss'])
  })

  it.each([
    ['controls and bidi characters', 'Ali\u202ece\r\nX-Header: 1\u0000', 'Alice X-Header: 1'],
    ['300 characters', 'é'.repeat(300), 'é'.repeat(200)],
    ['nothing that shows', '\u3164\u200b', 'alice@example.com'],
    ['no text', 7, 'alice@example.com'],
  ])('a display name is cleaned before it goes anywhere: %s', async (_case, name, shown) => {
    const { browser, consented } = await untilUpstream()
    const end = await browser.signInUpstream(consented, cognitoPerson('alice@example.com', { name }))
    expect(location(end).searchParams.has('code')).toBe(true)
    const { body } = await browser.get(authorizeUrl({ client_id: clientId }))
    expect(body).toContain(`<dd>${shown} (alice@example.com)</dd>`)
  })

  it('what the identity provider calls a refused person is cleaned, too', async () => {
    const person = cognitoPerson('alice@example.com', { identities: undefined, email: '\u202ealice\u0000@example.com' })
    const { body } = await signIn(person)
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

describe('AS-22: sign-in only ever narrows', () => {
  it('a privileged scope is granted to who may hold it, and only if it was ticked', async () => {
    const bob = { clientId, email: 'bob@example.com', resource: DEVOPS.resource, scope: 'health:read deploy:run' }
    expect((await obtainTokens(factory, { ...bob, tick: 'deploy:run' })).scope).toBe('health:read deploy:run')
    expect((await obtainTokens(factory, bob)).scope).toBe('health:read')
    expect((await obtainTokens(factory, { ...bob, email: 'alice@example.com', tick: 'deploy:run' })).scope).toBe(
      'health:read',
    )
  })

  it('where nothing is left, nothing is granted', async () => {
    const only = {
      ...DEVOPS,
      name: 'only',
      resource: `${ISSUER}/only/mcp`,
      scopes: DEVOPS.scopes.slice(1).map((scope) => ({ ...scope, name: 'only:run' })),
    }
    await factory.write({ servers: [only] })
    expectRefused(
      await signIn(cognitoPerson('alice@example.com'), { resource: only.resource }, 'only:run'),
      'server scopes',
      /may not use this server/,
    )
  })
})

describe('who is refused', () => {
  it.each([
    [
      'an address that is not verified',
      cognitoPerson('una@example.com', { email_verified: false }),
      'email_verified',
      /not verified the address una@example\.com/,
    ],
    [
      'a consumer account on a company address',
      cognitoPerson('carl@example.com', { 'custom:hd': undefined }),
      'domain_authority',
      /not an account that example\.com manages/,
    ],
    [
      'an account of another organisation on our address',
      cognitoPerson('carl@example.com', { 'custom:hd': 'evil.test' }),
      'domain_authority',
      /not an account that example\.com manages/,
    ],
    ['an outsider', cognitoPerson('mallory@evil.test'), 'tenant', /evil\.test are not admitted/],
    [
      'an allowed domain that maps to no tenant',
      cognitoPerson('udo@unmapped.test'),
      'tenant',
      /unmapped\.test are not admitted/,
    ],
    ['an address that is none', cognitoPerson('a@b@example.com'), 'email', /no usable email address/],
    ['an address that folds to another’s', cognitoPerson('mar\u212a@example.com'), 'email', /no usable email address/],
    ['an address with a line break', cognitoPerson('bob\n@example.com'), 'email', /no usable email address/],
    ['an address with a space', cognitoPerson('bob @example.com'), 'email', /no usable email address/],
    ['an address written backwards', cognitoPerson('\u202ebob@example.com'), 'email', /no usable email address/],
    [
      'a user of the pool itself',
      cognitoPerson('alice@example.com', { identities: undefined }),
      'identity',
      /not admitted/,
    ],
    [
      'an access token in the place of an ID token',
      cognitoPerson('alice@example.com', { token_use: 'access' }),
      'identity',
      /not admitted/,
    ],
  ])('%s', async (_case, person, rule, words) => {
    expectRefused(await signIn(person), rule, words)
  })

  it('whom the organisation blocks, or a rule on a claim refuses', async () => {
    await factory.write({ policy: { ...POLICY, access: { ...POLICY.access, blocked: ['Alice@Example.com'] } } })
    expectRefused(await signIn(cognitoPerson('alice@example.com')), 'blocked', /blocked by an administrator/)
    const claims = [{ claim: 'name', matches: 'a.*' }]
    await factory.write({ policy: { ...POLICY, access: { ...POLICY.access, claims } } })
    expectRefused(await signIn(cognitoPerson('bob@example.com')), 'claims', /requirement/)
    expect(location(await signIn(cognitoPerson('alice@example.com'))).searchParams.has('code')).toBe(true)
    await factory.write({ policy: POLICY })
  })

  it('whom an administrator denied', async () => {
    const entry = { pk: 'DENY', sk: 'person#alice@example.com', kind: 'person', value: 'alice@example.com' }
    await factory.put({ ...entry, before: factory.now() + 1000, expiresAt: factory.now() + 2000 })
    factory.pass(10)
    expectRefused(await signIn(cognitoPerson('alice@example.com')), 'blocked', /blocked/)
    await factory.put({ ...entry, before: factory.now() - 100, expiresAt: factory.now() + 2000 })
    factory.pass(10)
    expect(location(await signIn(cognitoPerson('alice@example.com'))).searchParams.has('code')).toBe(true)
  })

  it('whom the server’s own rules do not admit', async () => {
    expectRefused(
      await signIn(cognitoPerson('tom@partner.test'), { resource: DEVOPS.resource }),
      'server tenants',
      /tom@partner\.test may not use this server/,
    )
  })

  it('the page says nothing of the rule’s details, the log everything', async () => {
    const answer = await signIn(cognitoPerson('mallory@evil.test'))
    expect(answer.body).not.toContain('partner.test')
  })

  it('markup in what the provider says is text', async () => {
    const answer = await signIn(cognitoPerson('<script>alert(1)</script>@evil.test'))
    expect(answer.body).not.toContain('<script')
  })
})

describe('AS-09: the way back', () => {
  async function arrived() {
    const { browser, consented } = await untilUpstream()
    return { browser, url: new URL(await browser.upstreamAnswer(consented, cognitoPerson('alice@example.com'))) }
  }
  const code = (answer: Answer) => location(answer).searchParams.get('code')

  it.each([
    ['no state', (url: URL) => url.searchParams.delete('state'), 'was not started here'],
    ['a foreign state', (url: URL) => url.searchParams.set('state', 'A'.repeat(43)), 'was not started here'],
    [
      'another state of the same flow',
      (url: URL) => url.searchParams.set('state', `${url.searchParams.get('state')}x`),
      'was not started here',
    ],
    ['the state twice', (url: URL) => url.searchParams.append('state', 'x'), 'was not started here'],
    ['no code', (url: URL) => url.searchParams.delete('code'), 'did not work'],
    ['a foreign code', (url: URL) => url.searchParams.set('code', 'A'.repeat(43)), 'did not work'],
    ['a foreign issuer', (url: URL) => url.searchParams.set('iss', 'https://evil.test'), 'did not work'],
  ])('%s ends in a page', async (_case, spoil, words) => {
    const { browser, url } = await arrived()
    spoil(url)
    const answer = await browser.get(url.href)
    expect(answer.statusCode).toBe(400)
    expect(answer.body).toContain(words)
    expect(answer.cookies).toBeUndefined()
  })

  it('for a client that has another redirect URI by now, or is gone', async () => {
    const client = await register(factory)
    const browser = new Browser(factory)
    const page = await browser.get(authorizeUrl({ client_id: client.client_id }))
    const consented = await browser.post('/consent', consentForm(page, 'allow'))
    const url = await browser.upstreamAnswer(consented, cognitoPerson('alice@example.com'))
    await changeRedirectUris(factory, client, ['https://elsewhere.test/'])
    const answer = await browser.get(url)
    expect(answer.statusCode).toBe(400)
    expect(answer.body).toContain('not known here any more')
  })

  it('in another browser it yields nothing, and still works where it belongs', async () => {
    const { browser, url } = await arrived()
    expect((await new Browser(factory).get(url.href)).statusCode).toBe(400)
    expect(code(await browser.get(url.href))).not.toBeNull()
  })

  it('a cookie of the consent stage is not enough', async () => {
    const { browser, url } = await arrived()
    const page = await browser.get(authorizeUrl({ client_id: clientId }))
    const fresh = consentForm(page, 'allow').get('flow') ?? ''
    browser.cookies.delete(`__Host-f.${url.searchParams.get('state')?.split('.')[0]}`)
    url.searchParams.set('state', `${fresh}.x`)
    expect((await browser.get(url.href)).statusCode).toBe(400)
  })

  it('reloaded, it gives the same code as long as that is unused, and then nothing', async () => {
    const { browser, url } = await arrived()
    const first = code(await browser.get(url.href))
    expect(code(await browser.get(url.href))).toBe(first)
    factory.pass(60)
    expect((await browser.get(url.href)).statusCode).toBe(400)
  })

  it('a state is spent by its first use, even where the provider would answer again', async () => {
    const { browser, consented } = await untilUpstream()
    const one = await browser.upstreamAnswer(consented, cognitoPerson('mallory@evil.test'))
    const two = await browser.upstreamAnswer(consented, cognitoPerson('alice@example.com'))
    expect((await browser.get(one)).statusCode).toBe(403)
    const replayed = await browser.get(two)
    expect(replayed.statusCode).toBe(400)
    expect(replayed.body).toContain('used already')
  })

  it('after ten minutes it is too late', async () => {
    const { browser, url } = await arrived()
    factory.pass(600)
    expect((await browser.get(url.href)).statusCode).toBe(400)
  })

  it('a person who cancels sends the client away with access_denied', async () => {
    factory.provider.fault = 'cancelled'
    const target = location(await signIn(cognitoPerson('alice@example.com')))
    expect(Object.fromEntries(target.searchParams)).toMatchObject({
      error: 'access_denied',
      iss: ISSUER,
      state: 'client-state',
    })
  })
})

describe('the ID token', () => {
  it.each([
    'foreign-key',
    'wrong-nonce',
    'wrong-audience',
    'expired',
    'alg-none',
  ] as const)('%s: nobody is signed in', async (fault) => {
    factory.provider.fault = fault
    const answer = await signIn(cognitoPerson('alice@example.com'))
    expect(answer.statusCode).toBe(400)
    expect(answer.cookies).toBeUndefined()
    expect(answer.headers).not.toHaveProperty('Location')
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
      const [, payload = ''] = String(body.access_token).split('.')
      expect(JSON.parse(Buffer.from(payload, 'base64url').toString()).sub).toBe(
        subjectId(GOOGLE, 'google-alice@example.com'),
      )
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
