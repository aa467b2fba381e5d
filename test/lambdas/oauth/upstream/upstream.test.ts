import { describe, expect, it } from 'vitest'
import { openUpstream, type UpstreamSettings } from '../../../../lambdas/oauth/upstream/upstream.ts'
import { UpstreamRefused, UpstreamUnavailable } from '../../../../lambdas/oauth/upstream/upstream-errors.ts'
import { sha256 } from '../../../../lambdas/tokens/secrets.ts'
import { CLIENT_ID, type Script, startScriptedProvider } from './scripted-provider.ts'

const NOW = Math.floor(Date.now() / 1000)

async function outcome(
  script: Script,
  options: Parameters<Awaited<ReturnType<typeof startScriptedProvider>>['signIn']>[0] = {},
) {
  await using provider = await startScriptedProvider(script)
  return await provider.signIn(options).catch((error: unknown) => error)
}

describe('a sign-in', () => {
  it('AS-09: is asked for with state, nonce and S256, each new, and with account selection', async () => {
    await using provider = await startScriptedProvider({}, { scope: 'openid email profile groups' })
    const first = await provider.upstream.begin('flow', 'alice@example.com')
    const second = await provider.upstream.begin('flow', undefined)
    expect(Object.fromEntries(new URL(first.url).searchParams)).toEqual({
      response_type: 'code',
      client_id: CLIENT_ID,
      redirect_uri: 'https://mcp.example.com/callback',
      scope: 'openid email profile groups',
      code_challenge: sha256(first.codeVerifier),
      code_challenge_method: 'S256',
      state: first.state,
      nonce: first.nonce,
      prompt: 'select_account',
      login_hint: 'alice@example.com',
    })
    expect(first.state).toMatch(/^flow\.[\w-]{43}$/)
    expect(first.codeVerifier).toMatch(/^[\w-]{43}$/)
    for (const member of ['state', 'nonce', 'codeVerifier'] as const) expect(first[member]).not.toBe(second[member])
  })

  it('ends with the claims of the verified ID token', async () => {
    expect(await outcome({ claims: { email: 'alice@example.com' } })).toMatchObject({
      sub: 'subject',
      email: 'alice@example.com',
    })
  })

  it('RFC 6749 §2.3.1: authenticates with form-encoded credentials in the header, and nowhere else', async () => {
    await using provider = await startScriptedProvider()
    await provider.signIn()
    const request = provider.requests.find(({ path }) => path === '/token')
    const [, encoded = ''] = String(request?.headers.authorization).split('Basic ')
    expect(Buffer.from(encoded, 'base64').toString()).toBe('the+client%2Fwith%3Asigns:a+secret%2Bwith+%25signs%3A')
    expect([...(request?.form.keys() ?? [])].toSorted()).toEqual([
      'code',
      'code_verifier',
      'grant_type',
      'redirect_uri',
    ])
  })

  it('authenticates in the body where the provider takes no header, and without a secret as a public client', async () => {
    const metadata = { token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt'] }
    await using posting = await startScriptedProvider({ metadata })
    await posting.signIn()
    const posted = posting.requests.find(({ path }) => path === '/token')
    expect(posted?.headers.authorization).toBeUndefined()
    expect(posted?.form.get('client_secret')).toBe('a secret+with %signs:')
    await using open = await startScriptedProvider({}, { credentials: async () => ({ clientId: CLIENT_ID }) })
    await open.signIn()
    const sent = open.requests.find(({ path }) => path === '/token')
    expect([sent?.form.get('client_id'), sent?.form.has('client_secret'), sent?.headers.authorization]).toEqual([
      CLIENT_ID,
      false,
      undefined,
    ])
  })
})

describe('an answer is refused', () => {
  it.each([
    ['an error', (answer: URLSearchParams) => answer.set('error', 'access_denied'), 'access_denied'],
    ['no code', (answer: URLSearchParams) => answer.delete('code'), 'invalid_response'],
    ['two codes', (answer: URLSearchParams) => answer.append('code', 'another'), 'invalid_response'],
    [
      'another issuer (RFC 9207)',
      (answer: URLSearchParams) => answer.set('iss', 'https://evil.test'),
      'invalid_response',
    ],
    [
      'another issuer’s error',
      (answer: URLSearchParams) => {
        answer.set('iss', 'https://evil.test')
        answer.set('error', 'access_denied')
      },
      'invalid_response',
    ],
  ])('with %s', async (_case, answer, code) => {
    const error = await outcome({}, { answer })
    expect(error).toBeInstanceOf(UpstreamRefused)
    expect(error).toMatchObject({ code })
  })

  it('without an issuer, where the provider says that it names itself', async () => {
    const metadata = { authorization_response_iss_parameter_supported: true }
    expect(await outcome({ metadata })).toMatchObject({ code: 'invalid_response' })
    await using provider = await startScriptedProvider({ metadata })
    await expect(provider.signIn({ answer: (answer) => answer.set('iss', provider.issuer) })).resolves.toBeDefined()
  })
})

describe('an ID token is refused', () => {
  it.each<[string, Script]>([
    ['signed with another key', { key: 'foreign' }],
    ['of a key that is not published', { header: { kid: 'two' } }],
    ['with a header that must be understood', { header: { crit: ['b64'], b64: true } }],
    ['of another issuer', { claims: { iss: 'https://evil.test' } }],
    ['for somebody else', { claims: { aud: 'another' } }],
    ['for us and somebody else, issued to them', { claims: { aud: [CLIENT_ID, 'another'], azp: 'another' } }],
    ['for us and somebody else, issued to nobody', { claims: { aud: [CLIENT_ID, 'another'] } }],
    ['for us, issued to somebody else', { claims: { azp: 'another' } }],
    ['with another nonce', { claims: { nonce: 'another' } }],
    ['without a nonce', { claims: { nonce: undefined } }],
    ['expired', { claims: { exp: NOW - 60 } }],
    ['without an end', { claims: { exp: undefined } }],
    ['without a beginning', { claims: { iat: undefined } }],
    ['not valid yet', { claims: { nbf: NOW + 300 } }],
    ['without a subject', { claims: { sub: undefined } }],
    ['with an empty subject', { claims: { sub: '' } }],
  ])('%s', async (_case, script) => {
    const error = await outcome(script)
    expect(error).toBeInstanceOf(UpstreamRefused)
    expect(error).toMatchObject({ code: 'invalid_id_token' })
  })

  it('that says it needs no signature, or is none', async () => {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
    for (const id_token of [`${part({ alg: 'none' })}.${part({ sub: 'subject' })}.`, 'nonsense', ''])
      expect(await outcome({ tokens: { id_token } })).toMatchObject({ code: 'invalid_id_token' })
    expect(await outcome({ tokens: { id_token: undefined } })).toMatchObject({ code: 'invalid_response' })
  })

  it('the provider’s clock may differ by half a minute', async () => {
    const now = Math.floor(Date.now() / 1000)
    expect(await outcome({ claims: { exp: now - 10, nbf: now + 10 } })).toMatchObject({ sub: 'subject' })
  })
})

describe('userinfo', () => {
  const userinfo = { sub: 'subject', email: 'alice@example.com', email_verified: true }

  it('is asked where a claim that is needed is not in the ID token, which still counts for more', async () => {
    const claims = await outcome(
      { userinfo, claims: { email: 'a@example.com' } },
      { needed: ['email', 'email_verified'] },
    )
    expect(claims).toMatchObject({ email: 'a@example.com', email_verified: true })
  })

  it('is not asked otherwise', async () => {
    await using provider = await startScriptedProvider({ userinfo, claims: { realm_access: { roles: [] } } })
    await provider.signIn({ needed: ['sub', 'realm_access.roles'] })
    expect(provider.requests.map(({ path }) => path)).not.toContain('/userinfo')
  })

  it('OpenID Connect Core §5.3.2: of somebody else is refused', async () => {
    const error = await outcome({ userinfo: { ...userinfo, sub: 'mallory' } }, { needed: ['email'] })
    expect(error).toMatchObject({ code: 'invalid_response' })
  })

  it.each([
    { status: 500, body: '{}' },
    { status: 200, body: 'eyJhbGciOiJub25lIn0.e30.' },
  ])('that answers $status $body is no answer', async (answer) => {
    const error = await outcome({ userinfo, answers: { '/userinfo': answer } }, { needed: ['email'] })
    expect(error).toBeInstanceOf(UpstreamUnavailable)
  })
})

describe('Entra’s shared issuers', () => {
  const tid = '9188040d-0000-4000-8000-5b66a112afad'
  const issuerPath = '/organizations/v2.0'
  const shared = async (claims: (origin: string) => Record<string, unknown>) => {
    const script: { -readonly [Key in keyof Script]: Script[Key] } = { issuerPath }
    await using provider = await startScriptedProvider(script)
    script.metadata = { issuer: `${provider.origin}/{tenantid}/v2.0` }
    script.claims = claims(provider.origin)
    return await provider.signIn().catch((error: unknown) => error)
  }

  it('vouch for each directory’s tokens', async () => {
    expect(await shared((origin) => ({ iss: `${origin}/${tid}/v2.0`, tid }))).toMatchObject({ tid })
  })

  it.each<[string, (origin: string) => Record<string, unknown>]>([
    [
      'one directory in the name of another',
      (origin) => ({ iss: `${origin}/00000000-0000-4000-8000-000000000000/v2.0`, tid }),
    ],
    ['no directory', (origin) => ({ iss: `${origin}/${tid}/v2.0` })],
    ['what is no directory’s id', (origin) => ({ iss: `${origin}/x/../y/v2.0`, tid: 'x/../y' })],
    ['a placeholder', (origin) => ({ iss: `${origin}/{tenantid}/v2.0`, tid: '{tenantid}' })],
  ])('do not vouch for %s', async (_case, claims) => {
    expect(await shared(claims)).toMatchObject({ code: 'invalid_id_token' })
  })
})

describe('the provider is not there', () => {
  it.each<[string, Script]>([
    ['its metadata name another issuer', { metadata: { issuer: 'https://accounts.google.com' } }],
    ['its metadata name no keys', { metadata: { jwks_uri: undefined } }],
    ['an endpoint is plain http elsewhere', { metadata: { token_endpoint: 'http://192.0.2.1/token' } }],
    ['an endpoint is no URL', { metadata: { authorization_endpoint: '/authorize' } }],
    ['its token endpoint fails', { answers: { '/token': { status: 500, body: '' } } }],
    ['its token endpoint is throttled', { answers: { '/token': { status: 429, body: '{"error":"slow_down"}' } } }],
    ['its keys cannot be read', { answers: { '/jwks': { status: 500, body: '' } } }],
  ])('where %s', async (_case, script) => {
    expect(await outcome(script)).toBeInstanceOf(UpstreamUnavailable)
  })

  it('where an endpoint leads elsewhere, to which nothing is sent', async () => {
    const answers = { '/token': { status: 307, headers: { Location: '/elsewhere' }, body: '' } }
    await using provider = await startScriptedProvider({ answers })
    await expect(provider.signIn()).rejects.toThrow(UpstreamUnavailable)
    expect(provider.requests.map(({ path }) => path)).not.toContain('/elsewhere')
  })

  it('its refusal of the code is a refusal', async () => {
    const answers = { '/token': { status: 400, body: '{"error":"invalid_grant"}' } }
    expect(await outcome({ answers })).toMatchObject({ name: 'UpstreamRefused', code: 'invalid_grant' })
  })

  it.each([
    'http://id.example.com',
    'http://169.254.169.254',
    'ftp://127.0.0.1',
    'nonsense',
  ])('%s is no issuer', (issuer) => {
    const settings: UpstreamSettings = {
      issuer,
      redirectUri: '',
      credentials: async () => ({ clientId: 'x' }),
      now: () => 0,
    }
    expect(() => openUpstream(settings)).toThrow(TypeError)
  })
})

it('Auth0’s issuer ends with a slash, its metadata are found and it stays what it is', async () => {
  await using provider = await startScriptedProvider({ issuerPath: '' })
  const issuer = `${provider.origin}/`
  const upstream = openUpstream({
    issuer,
    redirectUri: 'https://mcp.example.com/callback',
    credentials: async () => ({ clientId: CLIENT_ID }),
    now: () => 0,
  })
  await expect(upstream.probe()).rejects.toThrow(`the metadata at ${issuer} are those of ${provider.origin}`)
  expect(provider.requests.at(-1)?.path).toBe('/.well-known/openid-configuration')
})
