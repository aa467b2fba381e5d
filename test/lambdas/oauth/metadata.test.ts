import { describe, expect, it } from 'vitest'
import { DEVOPS, ISSUER, PRODUCTIVITY, startFactory } from './factory-fixture.ts'
import { factoryOfFile } from './factory-of-file.ts'
import { type Answer, register } from './journey.ts'

const { factory } = await factoryOfFile()

const body = (answer: Answer) => JSON.parse(answer.body ?? '') as Record<string, unknown>
const get = (path: string) => factory.send({ path })

describe.each(['/.well-known/oauth-authorization-server', '/.well-known/openid-configuration'])('%s', (path) => {
  it('AS-02: names this issuer, byte for byte', async () => {
    expect(body(await get(path)).issuer).toBe(ISSUER)
  })

  it('AS-03: PKCE with S256 alone', async () => {
    expect(body(await get(path)).code_challenge_methods_supported).toEqual(['S256'])
  })

  it('AS-04: says that iss is in every authorization response', async () => {
    expect(body(await get(path)).authorization_response_iss_parameter_supported).toBe(true)
  })

  it('AS-02: has what OpenID parsers demand', async () => {
    expect(body(await get(path))).toMatchObject({
      subject_types_supported: ['public'],
      response_types_supported: ['code'],
      id_token_signing_alg_values_supported: ['ES256'],
    })
  })

  it('AS-22: lists offline_access alone', async () => {
    expect(body(await get(path)).scopes_supported).toEqual(['offline_access'])
  })

  it('every endpoint it names is served, and no other is named', async () => {
    const document = body(await get(path))
    const endpoints = Object.entries(document).filter(([name]) => /_endpoint$|_uri$/.test(name))
    expect(endpoints.map(([name]) => name).toSorted()).toEqual([
      'authorization_endpoint',
      'introspection_endpoint',
      'jwks_uri',
      'registration_endpoint',
      'revocation_endpoint',
      'token_endpoint',
    ])
    for (const [, url] of endpoints)
      expect((await get(String(url).slice(ISSUER.length))).statusCode, String(url)).not.toBe(404)
  })

  it('AS-23: says who may revoke, and that introspection takes a client that authenticates', async () => {
    const methods = ['client_secret_basic', 'client_secret_post', 'private_key_jwt']
    expect(body(await get(path))).toMatchObject({
      revocation_endpoint_auth_methods_supported: ['none', ...methods],
      introspection_endpoint_auth_methods_supported: methods,
    })
  })

  it('AS-13: browser clients may read it', async () => {
    expect((await get(path)).headers).toMatchObject({
      'Access-Control-Allow-Origin': '*',
      'Cache-Control': 'public, max-age=3600',
      'Content-Type': 'application/json',
    })
  })
})

describe('protected-resource metadata', () => {
  it('RS-01: is path-inserted for a server at this origin', async () => {
    const answer = await get('/.well-known/oauth-protected-resource/productivity/mcp')
    expect(body(answer)).toEqual({
      resource: PRODUCTIVITY.resource,
      authorization_servers: [ISSUER],
      scopes_supported: ['calendar:read', 'calendar:write'],
      bearer_methods_supported: ['header'],
      resource_name: 'Productivity',
    })
  })

  it('CL-04: lists everyday scopes alone', async () => {
    const answer = await get('/.well-known/oauth-protected-resource/devops/mcp')
    expect(body(answer).scopes_supported).toEqual(['health:read'])
  })

  it('is not served for a public server, which has no scopes', async () => {
    const resource = 'https://mcp.example.com/library/mcp'
    await factory.write({ servers: [{ ...DEVOPS, name: 'library', resource, scopes: [], abilities: {} }] })
    expect((await get('/.well-known/oauth-protected-resource/library/mcp')).statusCode).toBe(404)
  })

  it('is not served for a server of another origin, and for none', async () => {
    await factory.write({ servers: [{ ...DEVOPS, name: 'elsewhere', resource: 'https://api.test/v1/mcp' }] })
    for (const path of ['/elsewhere/mcp', '/v1/mcp', '/unknown/mcp', '/', '/productivity', '/productivity/mcp/'])
      expect((await get(`/.well-known/oauth-protected-resource${path}`)).statusCode, path).toBe(404)
  })
})

describe('the key set', () => {
  it('has public halves alone, and leaves out what has expired', async () => {
    const { keys } = body(await get('/.well-known/jwks.json')) as { keys: Record<string, unknown>[] }
    expect(keys).toHaveLength(1)
    expect(Object.keys(keys[0] ?? {}).toSorted()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y'])
    const [kept] = keys
    const jwk = { kty: kept?.kty, crv: kept?.crv, x: kept?.x, y: kept?.y }
    const published = [
      { kid: 'gone', jwk, expiresAt: factory.now() },
      { kid: 'kept', jwk, expiresAt: factory.now() + 1000 },
    ]
    await factory.put({ pk: 'KEYS', sk: 'KEYS', doc: JSON.stringify({ keys: published }) })
    factory.pass(10)
    const after = body(await get('/.well-known/jwks.json')) as { keys: Record<string, unknown>[] }
    expect(after.keys.map(({ kid }) => kid)).toEqual(['kept'])
  })
})

describe('the rest', () => {
  it('/servers lists what is registered, and whether it serves', async () => {
    const listed = async () => body(await get('/servers')).servers
    const productivity = { name: 'productivity', title: 'Productivity', resource: PRODUCTIVITY.resource }
    factory.up = ['devops']
    factory.pass(10)
    expect(await listed()).toContainEqual({ ...productivity, status: 'down' })
    expect(await listed()).toContainEqual(expect.objectContaining({ name: 'devops', status: 'ok' }))
    factory.up = ['productivity', 'devops']
    expect(await listed(), 'nobody makes it look more often').toContainEqual({ ...productivity, status: 'down' })
    factory.pass(10)
    expect(await listed()).toContainEqual({ ...productivity, status: 'ok' })
  })

  it('/ tells a person where the servers are', async () => {
    const answer = await get('/')
    expect(answer.headers?.['Content-Type']).toContain('text/html')
    expect(answer.body).toContain(PRODUCTIVITY.resource)
  })

  it('/health is well', async () => {
    const answer = await get('/health')
    expect([answer.statusCode, body(answer)]).toEqual([200, { status: 'ok', down: [] }])
  })

  it('anything else is 404 in JSON, with the request id', async () => {
    const answer = await get('/nothing')
    expect(answer.statusCode).toBe(404)
    expect(body(answer)).toMatchObject({ error: 'not_found' })
    expect(answer.headers?.['X-Request-ID']).toMatch(/^request-/)
  })

  it('methods are checked, and named', async () => {
    const wrong = await factory.send({ method: 'PUT', path: '/token' })
    expect([wrong.statusCode, wrong.headers?.Allow]).toEqual([405, 'POST, OPTIONS'])
    expect((await factory.send({ path: '/token' })).statusCode).toBe(405)
    expect((await factory.send({ path: '/consent' })).statusCode).toBe(405)
    expect((await factory.send({ method: 'POST', path: '/authorize' })).statusCode).toBe(405)
    const head = await factory.send({ method: 'HEAD', path: '/servers' })
    expect([head.statusCode, head.body]).toEqual([200, ''])
  })

  it.each([
    '/token',
    '/register',
    '/.well-known/jwks.json',
    '/.well-known/oauth-authorization-server',
  ])('AS-13: %s answers a preflight', async (path) => {
    const answer = await factory.send({ method: 'OPTIONS', path, headers: { origin: 'https://client.test' } })
    expect(answer.statusCode).toBe(204)
    expect(answer.headers?.['Access-Control-Allow-Headers']).toContain('MCP-Protocol-Version')
    expect(answer.headers).not.toHaveProperty('Access-Control-Allow-Credentials')
  })

  it('AS-13: pages for people are no other origin’s business', async () => {
    const answer = await factory.send({ method: 'OPTIONS', path: '/authorize' })
    expect(answer.statusCode).toBe(405)
    expect(answer.headers).not.toHaveProperty('Access-Control-Allow-Origin')
  })
})

describe('security headers', () => {
  it.each(['/', '/authorize', '/nothing', '/servers'])('are on %s', async (path) => {
    const { headers } = await get(path)
    expect(headers?.['Content-Security-Policy']).toMatch(
      /^default-src 'none'; style-src 'sha256-[\w+/=]+'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'$/,
    )
    expect(headers).toMatchObject({
      'Strict-Transport-Security': 'max-age=63072000; includeSubDomains; preload',
      'X-Content-Type-Options': 'nosniff',
      'X-Frame-Options': 'DENY',
      'Referrer-Policy': 'same-origin',
    })
    expect(headers?.['Permissions-Policy']).toContain('camera=()')
  })

  it('no HSTS where the issuer is http, and cookies have plain names there', async () => {
    const plain = await startFactory({ issuer: 'http://localhost:4100' })
    try {
      const { client_id } = await register(plain)
      const { authorizeUrl } = await import('./journey.ts')
      const [path = '', query = ''] = authorizeUrl({ client_id }).split('?')
      const answer = await plain.send({ path, query })
      expect(answer.headers).not.toHaveProperty('Strict-Transport-Security')
      expect(answer.cookies?.[0]).toMatch(/^f\.[\w-]+=[\w.-]+; Max-Age=\d+; Path=\/; HttpOnly; SameSite=Lax$/)
    } finally {
      await plain.close()
    }
  })
})
