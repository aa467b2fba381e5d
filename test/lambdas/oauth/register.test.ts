import { describe, expect, it } from 'vitest'
import { event, ISSUER } from './factory-fixture.ts'
import { factoryOfFile } from './factory-of-file.ts'
import { authorizeUrl, Browser, codeForm, KNOWN, LOOPBACK, obtainCode, postToken, register } from './journey.ts'

const { factory } = await factoryOfFile()

/** Deeper than anything can be read that follows it down. */
const nested = `${'['.repeat(15_000)}${']'.repeat(15_000)}`

const post = (body: string, headers: Readonly<Record<string, string>> = { 'content-type': 'application/json' }) =>
  factory.send({ method: 'POST', path: '/register', headers, body })

describe('registration', () => {
  it('AS-20: echoes the metadata, without nulls and unknown fields', async () => {
    const client = await register(factory, {
      client_name: 'Cursor',
      client_uri: 'https://cursor.com',
      logo_uri: null,
      scope: 'calendar:read',
      something: 'else',
      application_type: 'native',
      grant_types: ['authorization_code', 'refresh_token', 'urn:ietf:params:oauth:grant-type:device_code'],
    })
    expect(client).toEqual({
      client_id: expect.stringMatching(/^c-[0-9a-f]{32}$/),
      client_id_issued_at: factory.now(),
      registration_access_token: expect.any(String),
      registration_client_uri: `${ISSUER}/register/${client.client_id}`,
      redirect_uris: [LOOPBACK, KNOWN],
      token_endpoint_auth_method: 'none',
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      application_type: 'native',
      client_name: 'Cursor',
      client_uri: 'https://cursor.com',
      scope: 'calendar:read',
    })
  })

  it('AS-20: a confidential client gets a secret, and when it ends', async () => {
    const client = await register(factory, { token_endpoint_auth_method: undefined })
    expect(client).toMatchObject({
      token_endpoint_auth_method: 'client_secret_basic',
      client_secret: expect.stringMatching(/^[\w-]{43}$/),
      client_secret_expires_at: 0,
    })
  })

  it('AS-11: secrets are stored hashed', async () => {
    const client = await register(factory, { token_endpoint_auth_method: 'client_secret_post' })
    const stored = JSON.stringify(await factory.table.items())
    expect(stored).toContain(client.client_id)
    expect(stored).not.toContain(client.client_secret)
    expect(stored).not.toContain(client.registration_access_token)
  })

  it('AS-20: the same twice is two clients', async () => {
    expect((await register(factory)).client_id).not.toBe((await register(factory)).client_id)
  })

  it('AS-21: three kinds of redirect URI in one registration, as Cursor sends them', async () => {
    const redirect_uris = [
      'cursor://anysphere.cursor-mcp/oauth/callback',
      'https://www.cursor.com/agents/mcp/oauth/callback',
      'http://localhost:8787/callback',
    ]
    expect((await register(factory, { redirect_uris })).redirect_uris).toEqual(redirect_uris)
  })

  it.each([
    ['none', undefined],
    ['an empty list', []],
    ['no list', LOOPBACK],
    ['a number', [1]],
    ['a forbidden one among permitted ones', [LOOPBACK, 'javascript:alert(1)']],
    ['one that brings an answer along', ['https://claude.ai/callback?code=evil&state=evil']],
    ['our own', [`${ISSUER}/callback`]],
    ['our own, written otherwise', ['https://MCP.example.com.:443/callback']],
    ['too many', Array.from({ length: 21 }, (_, index) => `https://a.test/${index}`)],
  ])('AS-05: redirect URIs: %s', async (_case, redirect_uris) => {
    const answer = await post(JSON.stringify({ redirect_uris }))
    expect([answer.statusCode, JSON.parse(answer.body ?? '').error]).toEqual([400, 'invalid_redirect_uri'])
    expect(answer.headers?.['Cache-Control']).toBe('no-store')
  })

  it.each([
    ['an unknown authentication method', { token_endpoint_auth_method: 'tls_client_auth' }],
    ['a grant that is not served alone', { grant_types: ['implicit'] }],
    ['the implicit response type', { response_types: ['token'] }],
    ['a name that is no text', { client_name: { a: 1 } }],
    ['a name that is too long', { client_name: 'x'.repeat(201) }],
    [
      'keys that are too long to be kept',
      {
        token_endpoint_auth_method: 'private_key_jwt',
        jwks: { keys: Array.from({ length: 14 }, () => ({ kty: 'RSA', n: 'n'.repeat(342), e: 'AQAB' })) },
      },
    ],
  ])('AS-20: %s', async (_case, metadata) => {
    const answer = await post(JSON.stringify({ redirect_uris: [LOOPBACK], ...metadata }))
    expect([answer.statusCode, JSON.parse(answer.body ?? '').error]).toEqual([400, 'invalid_client_metadata'])
  })

  it.each([
    [{ redirect_uris: ['javascript:alert(1)'] }, /^redirect_uris\[0\]: found "javascript:alert\(1\)"; allowed: https:/],
    [{ redirect_uris: [`${ISSUER}/callback`] }, /^redirect_uris\[0\]: found .*; allowed: an address of the client/],
    [{}, /^redirect_uris: found nothing; allowed: a list of 1 to 20 URIs$/],
    [
      { redirect_uris: [LOOPBACK], response_types: ['tökén'] },
      /^response_types: found \["t\?k\?n"\]; allowed: .* code$/,
    ],
    [{ redirect_uris: [LOOPBACK], client_name: 'x'.repeat(201) }, /^client_name: found "x{76}\.\.\.; allowed: .* 200 /],
  ])('a refusal names the field, what was found and what is allowed: %j', async (metadata, description) => {
    expect(JSON.parse((await post(JSON.stringify(metadata))).body ?? '').error_description).toMatch(description)
  })

  it.each([
    ['malformed JSON', '{"redirect_uris":', 400],
    ['a list', '[]', 400],
    ['null', 'null', 400],
    ['nothing', '', 400],
    ['too long', JSON.stringify({ client_name: 'x'.repeat(40_000) }), 413],
    ['nested without end', `{"redirect_uris":${nested}}`, 400],
  ])('a body that is %s', async (_case, text, status) => {
    const answer = await post(text)
    expect([answer.statusCode, JSON.parse(answer.body ?? '').error]).toEqual([status, 'invalid_client_metadata'])
  })

  it('a body that is not UTF-8', async () => {
    const request = event({
      method: 'POST',
      path: '/register',
      headers: { 'content-type': 'application/json' },
      body: 'x',
    })
    const answer = await factory.anotherInstance()(
      { ...request, body: Buffer.from([0xff, 0xfe]).toString('base64') },
      {} as never,
    )
    expect(answer.statusCode).toBe(400)
  })

  it('PLATFORM 8: is served on its throttled route alone: no spelling of the path leads past the throttle', async () => {
    const body = JSON.stringify({ redirect_uris: [LOOPBACK] })
    const request = { method: 'POST', path: '/register', headers: { 'content-type': 'application/json' }, body }
    const answer = await factory.send({ ...request, routeKey: '$default' })
    expect([answer.statusCode, JSON.parse(answer.body ?? '').error]).toEqual([404, 'not_found'])
    expect((await factory.send(request)).statusCode).toBe(201)
  })

  it('another content type', async () => {
    expect((await post('{}', { 'content-type': 'text/plain' })).statusCode).toBe(415)
    expect((await post('{}', {})).statusCode).toBe(415)
  })
})

describe('a registration’s life', () => {
  const known = async (clientId: string) =>
    (await new Browser(factory).get(authorizeUrl({ client_id: clientId }))).statusCode === 200

  it('AS-20: never used, it ends after a day', async () => {
    const { client_id } = await register(factory)
    factory.pass(86_399)
    expect(await known(client_id)).toBe(true)
    factory.pass(1)
    expect(await known(client_id)).toBe(false)
  })

  it('AS-20: used, it lives 400 days, renewed at code issue when under half remains', async () => {
    const { client_id } = await register(factory)
    await postToken(factory, codeForm(await obtainCode(factory, { clientId: client_id })))
    factory.pass(150 * 86_400)
    expect(await known(client_id)).toBe(true)
    await obtainCode(factory, { clientId: client_id })
    factory.pass(249 * 86_400)
    expect(await known(client_id)).toBe(true)
    await obtainCode(factory, { clientId: client_id })
    factory.pass(399 * 86_400)
    expect(await known(client_id)).toBe(true)
    factory.pass(86_400)
    expect(await known(client_id)).toBe(false)
  })

  const managed = (clientId: string, token: string, method = 'GET') =>
    factory.send({ method, path: `/register/${clientId}`, headers: { authorization: `Bearer ${token}` } })

  it('AS-20: its registration token reads it, without any secret', async () => {
    const { client_secret, ...rest } = await register(factory, { token_endpoint_auth_method: 'client_secret_basic' })
    const answer = await managed(rest.client_id, rest.registration_access_token)
    expect([answer.statusCode, JSON.parse(answer.body ?? '')]).toEqual([200, rest])
    expect(answer.body).not.toContain(client_secret)
  })

  it('AS-20: its registration token deletes it, and nothing else does', async () => {
    const client = await register(factory)
    const other = await register(factory)
    for (const token of [other.registration_access_token, '', 'x'])
      for (const method of ['GET', 'DELETE'])
        expect((await managed(client.client_id, token, method)).statusCode).toBe(401)
    expect((await managed('c-unknown', client.registration_access_token)).statusCode).toBe(401)
    expect((await managed('', client.registration_access_token)).statusCode).toBe(401)
    expect(await known(client.client_id)).toBe(true)
    expect((await managed(client.client_id, client.registration_access_token, 'DELETE')).statusCode).toBe(204)
    expect(await known(client.client_id)).toBe(false)
  })
})
