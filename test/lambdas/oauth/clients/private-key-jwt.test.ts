import { KeyObject, sign } from 'node:crypto'
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type FactoryFixture, ISSUER, startFactory } from '../factory-fixture.ts'
import { codeForm, obtainCode, postToken, refreshForm, register } from '../journey.ts'
import { CLIENT, JWKS_URI, metadataDocument, type Publisher, startPublisher } from './published-clients.ts'

const TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

interface Key {
  readonly alg: string
  readonly kid: string
  readonly privateKey: CryptoKey
  readonly publicJwk: JWK
}

let factory: FactoryFixture
let publisher: Publisher
let keys: Readonly<Record<'first' | 'second' | 'rsa' | 'ed', Key>>
let jtis = 0

async function newKey(alg: string, kid: string): Promise<Key> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true })
  return { alg, kid, privateKey, publicJwk: { ...(await exportJWK(publicKey)), kid, alg } }
}

beforeAll(async () => {
  publisher = await startPublisher()
  factory = await startFactory({ environment: { metadataDocuments: true } })
  keys = {
    first: await newKey('ES256', 'first'),
    second: await newKey('ES256', 'second'),
    rsa: await newKey('RS256', 'rsa'),
    ed: await newKey('EdDSA', 'ed'),
  }
})
afterAll(() => Promise.all([factory.close(), publisher.close()]))
beforeEach(() => {
  // Nothing is left of an earlier test's documents.
  factory.pass(3600)
  publisher.fetched()
})

/** A client's assertion, right but for what is changed. */
async function assertion(
  clientId: string,
  key: Key,
  claims: Readonly<Record<string, unknown>> = {},
  header: Readonly<Record<string, unknown>> = {},
): Promise<Record<string, string>> {
  const now = factory.now()
  const right = { iss: clientId, sub: clientId, aud: ISSUER, jti: `jti-${++jtis}`, iat: now, exp: now + 60 }
  const jwt = new SignJWT({ ...right, ...claims }).setProtectedHeader({ alg: key.alg, kid: key.kid, ...header })
  return { client_assertion_type: TYPE, client_assertion: await jwt.sign(key.privateKey) }
}

const registerWith = async (...own: readonly Key[]) =>
  (
    await register(factory, {
      token_endpoint_auth_method: 'private_key_jwt',
      jwks: { keys: own.map(({ publicJwk }) => publicJwk) },
    })
  ).client_id

describe('AS-11: private_key_jwt of a registered client', () => {
  it('is registered without a secret, and can be read again', async () => {
    const client = await register(factory, {
      token_endpoint_auth_method: 'private_key_jwt',
      jwks: { keys: [keys.first.publicJwk] },
    })
    expect(client).not.toHaveProperty('client_secret')
    expect(client).not.toHaveProperty('client_secret_expires_at')
    expect(client.jwks).toEqual({ keys: [keys.first.publicJwk] })
  })

  it.each(['first', 'rsa', 'ed'] as const)('authenticates with its key (%s), code and refresh', async (name) => {
    const clientId = await registerWith(keys[name])
    const obtained = await obtainCode(factory, { clientId })
    const redeemed = await postToken(factory, codeForm(obtained, await assertion(clientId, keys[name])))
    expect(redeemed.status).toBe(200)
    const form = refreshForm(clientId, String(redeemed.body.refresh_token), await assertion(clientId, keys[name]))
    expect((await postToken(factory, form)).status).toBe(200)
  })

  it('RFC 7521 §4.2: need not name itself beside the assertion', async () => {
    const clientId = await registerWith(keys.first)
    const { client_id: _, ...form } = codeForm(await obtainCode(factory, { clientId }))
    expect((await postToken(factory, { ...form, ...(await assertion(clientId, keys.first)) })).status).toBe(200)
  })

  it('its audience may stand in a list of one', async () => {
    const clientId = await registerWith(keys.first)
    const form = codeForm(
      await obtainCode(factory, { clientId }),
      await assertion(clientId, keys.first, { aud: [ISSUER] }),
    )
    expect((await postToken(factory, form)).status).toBe(200)
  })

  it.each<[string, Readonly<Record<string, unknown>>, Readonly<Record<string, unknown>>?]>([
    ['another issuer', { iss: 'c-other' }],
    ['another subject', { sub: 'c-other' }],
    ['no issuer', { iss: undefined }],
    ['another audience', { aud: 'https://evil.test' }],
    ['the token endpoint as audience', { aud: `${ISSUER}/token` }],
    ['the issuer with a slash as audience', { aud: `${ISSUER}/` }],
    ['several audiences', { aud: [ISSUER, 'https://evil.test'] }],
    ['the issuer twice', { aud: [ISSUER, ISSUER] }],
    ['no audience', { aud: undefined }],
    ['no audience in the list', { aud: [] }],
    ['no end', { exp: undefined }],
    ['an end that is past', { exp: 0 }],
    ['a long life', { exp: 4_000_000_000 }],
    ['a beginning that is to come', { nbf: 4_000_000_000 }],
    ['no jti', { jti: undefined }],
    ['an empty jti', { jti: '' }],
    ['a jti that is no text', { jti: 1 }],
    ['a jti that is too long', { jti: 'x'.repeat(257) }],
    ['a key that is not known', {}, { kid: 'unknown' }],
    ['a key of another kind', {}, { kid: 'rsa' }],
  ])('is refused, and nothing is consumed: %s', async (_what, claims, header) => {
    const clientId = await registerWith(keys.first)
    const obtained = await obtainCode(factory, { clientId })
    const wrong = await postToken(factory, codeForm(obtained, await assertion(clientId, keys.first, claims, header)))
    expect([wrong.status, wrong.body.error]).toEqual([401, 'invalid_client'])
    expect((await postToken(factory, codeForm(obtained, await assertion(clientId, keys.first)))).status).toBe(200)
  })

  it('is refused: signed by somebody else, not at all, with the public key as secret, or not there', async () => {
    const clientId = await registerWith(keys.rsa)
    const obtained = await obtainCode(factory, { clientId })
    const stranger = { ...keys.rsa, privateKey: (await newKey('RS256', 'rsa')).privateKey }
    const [, payload = ''] = (await assertion(clientId, keys.rsa)).client_assertion?.split('.') ?? []
    const unsigned = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${payload}.`
    const confused = new SignJWT(JSON.parse(Buffer.from(payload, 'base64url').toString()))
      .setProtectedHeader({ alg: 'HS256', kid: 'rsa' })
      .sign(new TextEncoder().encode(JSON.stringify(keys.rsa.publicJwk)))
    const proofs: Record<string, string>[] = [
      await assertion(clientId, stranger),
      { client_assertion_type: TYPE, client_assertion: unsigned },
      { client_assertion_type: TYPE, client_assertion: await confused },
      { client_assertion_type: TYPE, client_assertion: 'x' },
      { client_secret: 'x' },
      {},
    ]
    for (const proof of proofs)
      expect((await postToken(factory, codeForm(obtained, proof))).body.error).toBe('invalid_client')
    expect((await postToken(factory, codeForm(obtained, await assertion(clientId, keys.rsa)))).status).toBe(200)
  })

  it('a header that says more than it may is refused (RFC 7515 §4.1.11)', async () => {
    const clientId = await registerWith(keys.first)
    const obtained = await obtainCode(factory, { clientId })
    const { client_assertion = '', ...type } = await assertion(clientId, keys.first)
    const header = JSON.stringify({ alg: 'ES256', kid: 'first', crit: ['exp'], exp: 0 })
    const input = `${Buffer.from(header).toString('base64url')}.${client_assertion.split('.')[1]}`
    const signature = sign('sha256', Buffer.from(input), {
      key: KeyObject.from(keys.first.privateKey),
      dsaEncoding: 'ieee-p1363',
    })
    const proof = { ...type, client_assertion: `${input}.${signature.toString('base64url')}` }
    expect((await postToken(factory, codeForm(obtained, proof))).body.error).toBe('invalid_client')
  })

  it('that names no key is signed with the only one of its kind; of two, neither is taken', async () => {
    const unnamed = async (...own: readonly Key[]) => {
      const clientId = await registerWith(...own)
      const proof = await assertion(clientId, keys.first, {}, { kid: undefined })
      return (await postToken(factory, codeForm(await obtainCode(factory, { clientId }), proof))).status
    }
    expect(await unnamed(keys.rsa, keys.first, keys.ed)).toBe(200)
    expect(await unnamed(keys.first, keys.second)).toBe(401)
  })

  it('replay is refused, in parallel too: an assertion works once', async () => {
    const clientId = await registerWith(keys.first)
    const obtained = await obtainCode(factory, { clientId })
    const proof = await assertion(clientId, keys.first)
    const answers = await Promise.all(Array.from({ length: 10 }, () => postToken(factory, codeForm(obtained, proof))))
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, ...Array<number>(9).fill(401)])
    // To its end, and as long as clocks may differ.
    for (const seconds of [59, 60]) {
      factory.pass(seconds)
      expect((await postToken(factory, codeForm(obtained, proof))).body.error).toBe('invalid_client')
    }
  })

  it('another client may use the same jti', async () => {
    for (const clientId of [await registerWith(keys.first), await registerWith(keys.first)]) {
      const form = codeForm(
        await obtainCode(factory, { clientId }),
        await assertion(clientId, keys.first, { jti: 'same' }),
      )
      expect((await postToken(factory, form)).status).toBe(200)
    }
  })

  it('two ways at once, or an assertion of another type', async () => {
    const clientId = await registerWith(keys.first)
    const form = codeForm(await obtainCode(factory, { clientId }), await assertion(clientId, keys.first))
    const basic = { authorization: `Basic ${Buffer.from(`${clientId}:x`).toString('base64')}` }
    const errors = [
      await postToken(factory, { ...form, client_secret: 'x' }),
      await postToken(factory, form, basic),
      await postToken(factory, {
        ...form,
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:saml2-bearer',
      }),
      await postToken(factory, { ...form, client_assertion_type: '' }),
    ]
    expect(errors.map(({ body }) => body.error)).toEqual(Array(4).fill('invalid_request'))
    expect((await postToken(factory, form)).status).toBe(200)
  })

  it('a public client that brings one is not it', async () => {
    const { client_id } = await register(factory)
    const form = codeForm(await obtainCode(factory, { clientId: client_id }), await assertion(client_id, keys.first))
    expect((await postToken(factory, form)).body.error).toBe('invalid_client')
  })

  it('the algorithm that it registered is the only one', async () => {
    const { client_id } = await register(factory, {
      token_endpoint_auth_method: 'private_key_jwt',
      token_endpoint_auth_signing_alg: 'ES256',
      jwks: { keys: [keys.first.publicJwk, keys.rsa.publicJwk] },
    })
    const form = codeForm(await obtainCode(factory, { clientId: client_id }), await assertion(client_id, keys.rsa))
    expect((await postToken(factory, form)).body.error).toBe('invalid_client')
  })
})

describe('AS-20: keys in a registration', () => {
  const attempt = async (metadata: Readonly<Record<string, unknown>>) => {
    const answer = await factory.send({
      method: 'POST',
      path: '/register',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        redirect_uris: ['http://127.0.0.1/callback'],
        token_endpoint_auth_method: 'private_key_jwt',
        ...metadata,
      }),
    })
    return { status: answer.statusCode, body: JSON.parse(answer.body ?? '') as Record<string, string> }
  }

  it.each<[string, () => Readonly<Record<string, unknown>>]>([
    ['none', () => ({})],
    ['both', () => ({ jwks: { keys: [keys.first.publicJwk] }, jwks_uri: JWKS_URI })],
    ['an empty list', () => ({ jwks: { keys: [] } })],
    ['no list', () => ({ jwks: [] })],
    ['a private key', () => ({ jwks: { keys: [{ ...keys.first.publicJwk, d: 'AQAB' }] } })],
    ['a secret key', () => ({ jwks: { keys: [{ kty: 'oct', k: 'AQAB' }] } })],
    ['a short RSA key', () => ({ jwks: { keys: [{ kty: 'RSA', n: 'x'.repeat(171), e: 'AQAB' }] } })],
    ['a key for encryption', () => ({ jwks: { keys: [{ ...keys.first.publicJwk, use: 'enc' }] } })],
    ['another curve', () => ({ jwks: { keys: [{ ...keys.first.publicJwk, crv: 'P-521' }] } })],
    ['too many', () => ({ jwks: { keys: Array(21).fill(keys.first.publicJwk) } })],
    ['an address inside', () => ({ jwks_uri: 'https://169.254.169.254/jwks.json' })],
    ['plain http', () => ({ jwks_uri: 'http://client.example.com/jwks.json' })],
    ['an algorithm that is not allowed', () => ({ jwks_uri: JWKS_URI, token_endpoint_auth_signing_alg: 'none' })],
    ['a symmetric algorithm', () => ({ jwks_uri: JWKS_URI, token_endpoint_auth_signing_alg: 'HS256' })],
  ])('%s: refused', async (_what, metadata) => {
    const { status, body } = await attempt(metadata())
    expect([status, body.error]).toEqual([400, 'invalid_client_metadata'])
    expect(body.error_description).not.toContain('AQAB')
  })

  it('what is not for signing is left out', async () => {
    const { body } = await attempt({
      jwks: {
        keys: [
          { kty: 'EC', crv: 'P-521' },
          { ...keys.first.publicJwk, x5c: ['x'] },
        ],
      },
    })
    expect(body.jwks).toEqual({ keys: [keys.first.publicJwk] })
  })
})

describe('AS-10: keys that a client publishes', () => {
  const published = (more: Readonly<Record<string, unknown>> = {}) =>
    metadataDocument({ token_endpoint_auth_method: 'private_key_jwt', jwks_uri: JWKS_URI, ...more })
  const set = (...own: readonly Key[]) => ({ keys: own.map(({ publicJwk }) => publicJwk) })
  const tokens = async (proof: Record<string, string>) =>
    postToken(factory, codeForm(await obtainCode(factory, { clientId: CLIENT }), proof))

  it('are fetched once, and prove it', async () => {
    publisher.publish(published(), set(keys.first))
    expect((await tokens(await assertion(CLIENT, keys.first))).status).toBe(200)
    expect((await tokens(await assertion(CLIENT, keys.first))).status).toBe(200)
    expect(publisher.fetched()).toEqual(['/client.json', '/jwks.json'])
  })

  it('may stand in the document; a document with keys that names no method means them', async () => {
    publisher.publish(metadataDocument({ jwks: set(keys.first) }))
    expect((await tokens({})).body.error).toBe('invalid_client')
    expect((await tokens(await assertion(CLIENT, keys.first))).status).toBe(200)
  })

  it('a new key is looked for once a minute at most', async () => {
    publisher.publish(published(), set(keys.first))
    expect((await tokens(await assertion(CLIENT, keys.first))).status).toBe(200)
    publisher.publish(published(), set(keys.first, keys.second))
    expect((await tokens(await assertion(CLIENT, keys.second))).body.error).toBe('invalid_client')
    factory.pass(60)
    publisher.fetched()
    expect((await tokens(await assertion(CLIENT, keys.second))).status).toBe(200)
    for (let count = 0; count < 3; count++)
      expect((await tokens(await assertion(CLIENT, keys.second, {}, { kid: `unknown-${count}` }))).status).toBe(401)
    expect(publisher.fetched()).toEqual(['/jwks.json'])
  })

  it('that cannot be read end no grant: 503, and nothing is consumed', async () => {
    publisher.publish(published())
    const obtained = await obtainCode(factory, { clientId: CLIENT })
    const proof = await assertion(CLIENT, keys.first)
    const failed = await postToken(factory, codeForm(obtained, proof))
    expect([failed.status, failed.body.error]).toEqual([503, 'temporarily_unavailable'])
    publisher.publish(published(), { keys: [{ ...keys.first.publicJwk, d: 'AQAB' }] })
    expect((await postToken(factory, codeForm(obtained, proof))).status).toBe(503)
    publisher.publish(published(), set(keys.first))
    expect((await postToken(factory, codeForm(obtained, proof))).status).toBe(200)
  })

  it('at an address inside are not fetched', async () => {
    publisher.internet.names['inside.example.com'] = ['10.0.0.1']
    publisher.publish(published({ jwks_uri: 'https://inside.example.com/jwks.json' }))
    publisher.internet.connections.length = 0
    expect((await tokens(await assertion(CLIENT, keys.first))).status).toBe(503)
    expect(publisher.internet.connections).toEqual(['93.184.216.34:443'])
  })
})

describe('CL-01: ChatGPT', () => {
  const CHATGPT = 'https://chatgpt.com/oauth/client.json'
  const redirectUri = 'https://chatgpt.com/connector_platform_oauth_redirect'

  it('proves itself by keys that are fetched; its assertions name the token endpoint, which no other client’s may', async () => {
    const host = await import('../../../support/public-host.ts').then(({ startPublicHost }) =>
      startPublicHost('chatgpt.com'),
    )
    const { getCACertificates, setDefaultCACertificates } = await import('node:tls')
    setDefaultCACertificates([...getCACertificates('default'), host.certificate])
    publisher.internet.names['chatgpt.com'] = ['104.18.32.47']
    publisher.internet.hosts['104.18.32.47'] = host.port
    try {
      host.serve({ '/oauth/jwks.json': { keys: [keys.rsa.publicJwk] } })
      for (const aud of [`${ISSUER}/token`, ISSUER]) {
        const obtained = await obtainCode(factory, { clientId: CHATGPT, redirectUri })
        const form = codeForm(obtained, await assertion(CHATGPT, keys.rsa, { aud }))
        expect((await postToken(factory, form)).status, aud).toBe(200)
      }
      expect(host.requests.map(({ url }) => url)).toEqual(['/oauth/jwks.json'])
    } finally {
      await host.close()
    }
  })
})

it('the clock may be a minute off', async () => {
  const clientId = await registerWith(keys.first)
  const { refresh_token } = await obtainTokensWith(clientId)
  const late = await assertion(clientId, keys.first, { exp: factory.now() - 50 })
  expect((await postToken(factory, refreshForm(clientId, refresh_token, late))).status).toBe(200)
})

async function obtainTokensWith(clientId: string): Promise<{ refresh_token: string }> {
  const obtained = await obtainCode(factory, { clientId })
  const { body } = await postToken(factory, codeForm(obtained, await assertion(clientId, keys.first)))
  return body as { refresh_token: string }
}
