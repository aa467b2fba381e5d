import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  cognitoPerson,
  DEVOPS,
  type FactoryFixture,
  ISSUER,
  POLICY,
  PRODUCTIVITY,
  startFactory,
} from './factory-fixture.ts'
import {
  type Answer,
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
} from './journey.ts'

let factory: FactoryFixture
let clientId: string

beforeAll(async () => {
  factory = await startFactory()
  clientId = (
    await register(factory, { redirect_uris: [LOOPBACK, KNOWN, 'https://unknown.test/callback', 'cursor://x/y'] })
  ).client_id
})
afterAll(() => factory.close())

const authorize = (
  parameters: Readonly<Record<string, string | undefined>> = {},
  more = '',
  browser = new Browser(factory),
) => browser.get(authorizeUrl({ client_id: clientId, ...parameters }) + more)

function expectPage(answer: Answer, status = 400): void {
  expect(answer.statusCode).toBe(status)
  expect(answer.headers?.['Content-Type']).toContain('text/html')
  expect(answer.headers).not.toHaveProperty('Location')
}

describe('before the redirect URI is valid, nothing is redirected', () => {
  it('AS-11: an unknown client', async () => {
    expectPage(await authorize({ client_id: 'c-unknown' }), 401)
    expectPage(await authorize({ client_id: 'https://evil.test/client' }), 401)
    expectPage(await authorize({ client_id: `c-${'x'.repeat(3000)}` }), 401)
    expectPage(await authorize({ client_id: undefined }))
  })

  it.each([
    undefined,
    '',
    'https://evil.test/callback',
    'http://127.0.0.1:4321/callback/more',
    'http://127.0.0.1:4321/callback?x',
    'http://127.0.0.2:4321/callback',
    'https://claude.ai/api/mcp/auth_callback/',
    'javascript:alert(1)',
    '//evil.test',
  ])('AS-06: redirect URI %s', async (redirect_uri) => {
    expectPage(await authorize({ redirect_uri }))
  })

  it('a loopback redirect URI at our own port, where the authorization server itself is on loopback', async () => {
    const local = await startFactory({ issuer: 'http://127.0.0.1:4999' })
    const { client_id } = await register(local, { redirect_uris: ['http://127.0.0.1/callback'] })
    const at = (redirect_uri: string) => new Browser(local).get(authorizeUrl({ client_id, redirect_uri }))
    expectPage(await at('http://127.0.0.1:4999/callback'))
    expectPage(await at('http://127.0.0.1:4998/callback'), 200)
    await local.close()
  })

  it.each(['client_id', 'redirect_uri'])('PLATFORM 8: %s given twice', async (name) => {
    expectPage(await authorize({}, `&${name}=x`))
  })

  it('a redirect URI whose scheme is not permitted any more', async () => {
    await factory.write({ policy: { ...POLICY, redirects: { ...POLICY.redirects, schemes: ['ours'] } } })
    const { client_id } = await register(factory, { redirect_uris: ['ours://callback'] })
    expect((await authorize({ client_id, redirect_uri: 'ours://callback' })).statusCode).toBe(200)
    await factory.write({ policy: POLICY })
    expectPage(await authorize({ client_id, redirect_uri: 'ours://callback' }))
  })
})

describe('afterwards an error goes back to the client', () => {
  it.each([
    ['AS-03: no challenge', { code_challenge: undefined }, 'invalid_request'],
    ['AS-03: method plain', { code_challenge_method: 'plain' }, 'invalid_request'],
    ['AS-03: no method, which would mean plain', { code_challenge_method: undefined }, 'invalid_request'],
    ['AS-03: a challenge that is no SHA-256', { code_challenge: 'short' }, 'invalid_request'],
    ['the implicit flow', { response_type: 'token' }, 'unsupported_response_type'],
    ['no response type', { response_type: undefined }, 'invalid_request'],
    ['another response mode', { response_mode: 'fragment' }, 'invalid_request'],
    ['a request object', { request: 'x.y.z' }, 'request_not_supported'],
    ['a request object by reference', { request_uri: 'https://evil.test' }, 'request_uri_not_supported'],
    ['AS-08: an unknown resource', { resource: 'https://evil.test/mcp' }, 'invalid_target'],
    ['AS-08: a resource that is no URL', { resource: 'productivity' }, 'invalid_target'],
    ['AS-08: another path', { resource: `${PRODUCTIVITY.resource}/x` }, 'invalid_target'],
    ['AS-08: a query', { resource: `${PRODUCTIVITY.resource}?x` }, 'invalid_target'],
    ['prompt none with another', { prompt: 'none login' }, 'invalid_request'],
    ['AS-22: prompt none without a browser session', { prompt: 'none' }, 'login_required'],
  ])('%s', async (_case, parameters, error) => {
    const target = location(await authorize(parameters))
    expect(target.origin + target.pathname).toBe(LOOPBACK)
    expect(Object.fromEntries(target.searchParams)).toMatchObject({ error, iss: ISSUER, state: 'client-state' })
    expect(target.searchParams.has('code')).toBe(false)
  })

  it('PLATFORM 8: any parameter given twice, also one that nobody knows', async () => {
    for (const name of ['state', 'scope', 'code_challenge', 'nobody'])
      expect(location(await authorize({}, `&${name}=x&${name}=y`)).searchParams.get('error')).toBe('invalid_request')
    expect(location(await authorize({}, `&resource=${DEVOPS.resource}`)).searchParams.get('error')).toBe(
      'invalid_target',
    )
  })

  it('a state beyond 1,024 bytes, counted as bytes', async () => {
    expect(location(await authorize({ state: 'ä'.repeat(513) })).searchParams.get('error')).toBe('invalid_request')
    expect((await authorize({ state: 'ä'.repeat(512) })).statusCode).toBe(200)
  })

  it('AS-04: where the host is not known, by a page that names it and offers the link', async () => {
    const answer = await authorize({ redirect_uri: 'https://unknown.test/callback', code_challenge: undefined })
    expectPage(answer)
    expect(answer.body).toContain('unknown.test')
    expect(answer.body).toContain('href="https://unknown.test/callback?error=invalid_request&amp;')
    expect(answer.body).toContain(encodeURIComponent(ISSUER))
    expect(answer.body).not.toContain('http-equiv')
    expectPage(await authorize({ redirect_uri: 'cursor://x/y', code_challenge: undefined }))
    expect(location(await authorize({ redirect_uri: KNOWN, code_challenge: undefined })).host).toBe('claude.ai')
  })

  it('AS-22: unknown scopes are no error', async () => {
    expect((await authorize({ scope: 'offline_access unknown:scope' })).statusCode).toBe(200)
  })
})

describe('the consent page', () => {
  it('AS-09: says who asks, for which server, with which permissions, where it goes; strictly without script', async () => {
    const answer = await authorize()
    expect(answer.statusCode).toBe(200)
    for (const text of [
      'Test client',
      'Productivity',
      PRODUCTIVITY.resource,
      'List calendar events',
      'Create a calendar event',
      'a program on this computer',
      'Allow and continue with Google',
      'Do not allow',
    ])
      expect(answer.body).toContain(text)
    expect(answer.body).not.toMatch(/<script|javascript:|\son\w+=/i)
    expect(answer.headers?.['Cache-Control']).toBe('no-store')
  })

  it('AS-09: its cookie is bound to the browser and sealed', async () => {
    const answer = await authorize({ state: 'planted-state' })
    const [cookie = ''] = answer.cookies ?? []
    expect(cookie).toMatch(
      /^__Host-f\.[0-9a-z]+-[\w-]{22}=[\w.-]+; Max-Age=600; Path=\/; HttpOnly; SameSite=Lax; Secure$/,
    )
    expect(Buffer.from(cookie, 'base64url').toString('latin1')).not.toContain('planted')
    expect(answer.cookies).toHaveLength(1)
  })

  it('a client’s name is text, never markup', async () => {
    const name = `<img src=x onerror="alert('1')">\u202e\u0007`
    const { client_id } = await register(factory, { client_name: name })
    const answer = await authorize({ client_id })
    expect(answer.body).toContain('&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;</bdi>')
    expect(answer.body).not.toContain('<img')
    expect(answer.body).not.toContain('\u202e')
  })

  it('a client’s name that shows as nothing is said to be none', async () => {
    const { client_id } = await register(factory, { client_name: '\u3164\u2800\u115f \u200b' })
    expect((await authorize({ client_id })).body).toContain('<bdi>An application without a name</bdi>')
  })

  it('AS-22: shows what was asked for, and the everyday scopes where nothing known was', async () => {
    expect((await authorize({ scope: 'calendar:read other' })).body).not.toContain('calendar:write')
    for (const scope of [undefined, '', 'unknown', 'offline_access'])
      expect((await authorize({ scope })).body).toContain('calendar:write')
  })

  it('CL-04: offers privileged scopes unticked, asked for or not', async () => {
    for (const scope of [undefined, 'health:read', 'health:read deploy:run']) {
      const { body } = await authorize({ resource: DEVOPS.resource, scope })
      expect(body).toContain('<input type="checkbox" name="scope" value="deploy:run">')
      expect(body).toContain('Trigger a deployment')
    }
  })

  it('does not offer what nobody may hold', async () => {
    const { privileged: _, ...nobody } = DEVOPS
    await factory.write({ servers: [nobody] })
    expect((await authorize({ resource: DEVOPS.resource })).body).not.toContain('deploy:run')
    await factory.write({ servers: [DEVOPS] })
  })

  it('AS-08: normalises scheme, host, port and one slash', async () => {
    expect((await authorize({ resource: 'HTTPS://MCP.example.com:443/productivity/mcp/' })).body).toContain(
      'Productivity',
    )
  })

  it('keeps at most three flows, and drops the oldest', async () => {
    const browser = new Browser(factory)
    const names: string[] = []
    for (let flow = 0; flow < 4; flow += 1) {
      await authorize({}, '', browser)
      names.push([...browser.cookies.keys()].at(-1) ?? '')
      factory.pass(1)
    }
    expect([...browser.cookies.keys()].toSorted()).toEqual(names.slice(1).toSorted())
  })

  it('keeps fewer when they are large: API Gateway bounds the headers', async () => {
    const browser = new Browser(factory)
    for (let flow = 0; flow < 3; flow += 1) {
      await authorize({ state: 'x'.repeat(1024) }, '', browser)
      factory.pass(1)
    }
    const bytes = [...browser.cookies].reduce((sum, [name, value]) => sum + name.length + value.length, 0)
    expect(bytes).toBeLessThan(8000)
  })

  it('unauthenticated requests write nothing, and warm ones read the client alone', async () => {
    await authorize()
    factory.table.takeCalls()
    await authorize()
    expect(factory.table.takeCalls()).toEqual(['GetItem'])
  })
})

describe('AS-08: a request that names no resource (2025-03-26)', () => {
  const chosen = async (parameters: Readonly<Record<string, string | undefined>>) => {
    const { body = '' } = await authorize({ resource: undefined, ...parameters })
    return /Allow access to ([\w ]+)\?<\/h1>/.exec(body)?.[1]
  }

  it('its scopes decide', async () => {
    expect(await chosen({ scope: 'health:read' })).toBe('DevOps')
    expect(await chosen({ scope: 'calendar:read offline_access' })).toBe('Productivity')
  })

  it('else the default server', async () => {
    await factory.write({ policy: { ...POLICY, defaultServer: 'devops' } })
    expect(await chosen({})).toBe('DevOps')
    expect(await chosen({ scope: 'calendar:read health:read' })).toBe('DevOps')
    await factory.write({ policy: POLICY })
  })

  it('else the person chooses, and only then', async () => {
    const browser = new Browser(factory)
    const page = await authorize({ resource: undefined }, '', browser)
    expect(page.body).toContain('<input type="radio" name="server" value="devops" required>')
    expect((await browser.post('/consent', consentForm(page, 'allow'))).statusCode).toBe(400)
    expect((await browser.post('/consent', consentForm(page, 'allow', { server: 'nobody' }))).statusCode).toBe(400)
    const answer = await browser.post('/consent', consentForm(page, 'allow', { server: 'productivity' }))
    expect(answer.statusCode).toBe(200)
  })
})

describe('with a browser session', () => {
  it('the page names the person and offers another account', async () => {
    const { browser } = await obtainCode(factory, { clientId })
    const { body } = await authorize({}, '', browser)
    expect(body).toContain('alice@example.com')
    expect(body).toContain('value="switch"')
  })

  it('remembered consent answers at once, for exactly the same and only at an https host', async () => {
    const { browser } = await obtainCode(factory, { clientId, redirectUri: KNOWN })
    const again = location(await authorize({ redirect_uri: KNOWN }, '', browser))
    expect(again.origin + again.pathname).toBe(KNOWN)
    expect(Object.fromEntries(again.searchParams)).toMatchObject({
      iss: ISSUER,
      state: 'client-state',
      code: expect.any(String),
    })
    expect(
      location(await authorize({ redirect_uri: KNOWN, prompt: 'none' }, '', browser)).searchParams.has('code'),
    ).toBe(true)

    for (const [changed, parameters] of Object.entries({
      'another redirect URI': { redirect_uri: 'https://unknown.test/callback' },
      'another server': { redirect_uri: KNOWN, resource: DEVOPS.resource },
      'another client': { redirect_uri: KNOWN, client_id: (await register(factory)).client_id },
      'AS-22: prompt consent': { redirect_uri: KNOWN, prompt: 'consent' },
      'AS-22: prompt login': { redirect_uri: KNOWN, prompt: 'login' },
    }))
      expect((await authorize(parameters, '', browser)).statusCode, changed).toBe(200)
    const none = await authorize({ redirect_uri: KNOWN, resource: DEVOPS.resource, prompt: 'none' }, '', browser)
    expect(location(none).searchParams.get('error')).toBe('consent_required')
  })

  it('AS-22: prompt login asks who it is, as if nobody were signed in', async () => {
    const { browser } = await obtainCode(factory, { clientId })
    expect((await authorize({ prompt: 'login' }, '', browser)).body).not.toContain('alice@example.com')
  })

  it('consent is never remembered for loopback and private-use redirects', async () => {
    const { browser } = await obtainCode(factory, { clientId, redirectUri: LOOPBACK })
    expect((await authorize({}, '', browser)).statusCode).toBe(200)
    await obtainCode(factory, { clientId, redirectUri: 'cursor://x/y', browser: new Browser(factory) })
    expect((await authorize({ redirect_uri: 'cursor://x/y' }, '', browser)).statusCode).toBe(200)
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
    expect((await authorize({ client_id, redirect_uri: redirectUri }, '', browser)).statusCode).toBe(200)
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
      const again = await authorize({ redirect_uri: KNOWN, code_challenge: challenge, ...parameters }, '', browser)
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
    expect(location(await authorize({ redirect_uri: KNOWN }, '', browser)).searchParams.has('code')).toBe(true)
    // A new sign-in for another client: the browser session is fresh, the consent is not.
    const other = (await register(factory)).client_id
    const page = await authorize({ client_id: other, prompt: 'login' }, '', browser)
    await browser.signInUpstream(
      await browser.post('/consent', consentForm(page, 'allow')),
      cognitoPerson('alice@example.com'),
    )
    expect((await authorize({ redirect_uri: KNOWN }, '', browser)).statusCode).toBe(302)
    factory.pass(200)
    expect((await authorize({ redirect_uri: KNOWN }, '', browser)).statusCode).toBe(200)
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
    expect(location(await authorize(request, '', browser)).searchParams.has('code')).toBe(true)
    expect((await authorize({ ...request, scope: 'health:read deploy:run' }, '', browser)).statusCode).toBe(200)
  })

  it('does not outlive its eight hours, nor its person’s welcome', async () => {
    const { browser } = await obtainCode(factory, { clientId, redirectUri: KNOWN })
    await factory.write({ policy: { ...POLICY, access: { domains: ['partner.test'] } } })
    const unwelcome = await authorize({ redirect_uri: KNOWN }, '', browser)
    expect(unwelcome.statusCode).toBe(200)
    expect(unwelcome.body).not.toContain('alice@example.com')
    await factory.write({ policy: POLICY })
    expect((await authorize({}, '', browser)).body).toContain('alice@example.com')
    factory.pass(28_800)
    expect((await authorize({}, '', browser)).body).not.toContain('alice@example.com')
  })

  it('counts for nothing where a grant made from it would have ended', async () => {
    const { browser } = await obtainCode(factory, { clientId })
    await factory.write({ policy: { ...POLICY, lifetimes: { ...POLICY.lifetimes, refreshAbsolute: 60 } } })
    expect((await authorize({}, '', browser)).body).toContain('alice@example.com')
    factory.pass(50)
    expect((await authorize({}, '', browser)).body).not.toContain('alice@example.com')
    await factory.write({ policy: POLICY })
  })

  it('remembered consent does not lead past the server’s rules', async () => {
    const { browser } = await obtainCode(factory, { clientId, redirectUri: KNOWN })
    await factory.write({ servers: [{ ...PRODUCTIVITY, access: { people: ['bob@example.com'] } }] })
    const refused = await authorize({ redirect_uri: KNOWN }, '', browser)
    expect(refused.statusCode).toBe(200)
    expect(refused.body).toContain('alice@example.com may not use this server')
    await factory.write({ servers: [PRODUCTIVITY] })
  })

  it('somebody whom the server does not admit is told so, and may use another account', async () => {
    const { browser } = await obtainCode(factory, { clientId, email: 'tom@partner.test' })
    const { body } = await authorize({ resource: DEVOPS.resource }, '', browser)
    expect(body).toContain('tom@partner.test may not use this server')
    expect(body).toContain('Allow and continue with Google')
  })
})
