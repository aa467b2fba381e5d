import { describe, expect, it } from 'vitest'
import { DEVOPS, ISSUER, POLICY, PRODUCTIVITY, startFactory } from './factory-fixture.ts'
import { factoryOfFile } from './factory-of-file.ts'
import { type Answer, authorizeUrl, Browser, consentForm, KNOWN, LOOPBACK, location, register } from './journey.ts'

const { factory, clientId } = await factoryOfFile({
  redirect_uris: [LOOPBACK, KNOWN, 'https://unknown.test/callback', 'cursor://x/y'],
})

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

  it('a request that no cookie can hold: a page, and no cookie that a browser would drop', async () => {
    const answer = await authorize({ state: '\u0001'.repeat(1024) })
    expectPage(answer)
    expect(answer.cookies).toBeUndefined()
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
