import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { randomSecret, sha256 } from '../../../lambdas/tokens/secrets.ts'
import { ENDPOINTS } from '../../../model/endpoints.ts'
import { DEVOPS, type FactoryFixture, ISSUER, POLICY, PRODUCTIVITY, startFactory } from './factory-fixture.ts'
import {
  codeForm,
  formRequest,
  obtainCode,
  obtainTokens,
  postToken,
  type Registered,
  refreshForm,
  register,
  type Tokens,
} from './journey.ts'

let factory: FactoryFixture
let client: Registered
beforeAll(async () => {
  factory = await startFactory()
  client = await register(factory, { token_endpoint_auth_method: 'client_secret_post' })
})
afterAll(() => factory.close())

let tokens: Tokens
beforeEach(async () => {
  tokens = await tokensOf(client)
})
afterEach(async () => {
  factory.table.failing = []
})

async function tokensOf(
  { client_id: clientId, client_secret = '' }: Registered,
  options: { resource?: string; tick?: string; email?: string } = {},
): Promise<Tokens> {
  const code = await obtainCode(factory, { clientId, ...options })
  const { body } = await postToken(factory, codeForm(code, { client_secret }))
  return body as unknown as Tokens
}

const credentials = () => ({ client_id: client.client_id, client_secret: client.client_secret ?? '' })

async function introspect(token: string, form: Record<string, string> = {}) {
  const answer = await factory.send(formRequest(ENDPOINTS.introspect, { ...credentials(), token, ...form }))
  return { answer, body: JSON.parse(answer.body ?? '{}') as Record<string, unknown> }
}

/** Nothing beside it is told. */
async function expectInactive(token: string, form: Record<string, string> = {}) {
  const { answer, body } = await introspect(token, form)
  expect([answer.statusCode, body]).toEqual([200, { active: false }])
}

describe('AS-23: a client learns of its own', () => {
  it('access token what the gates would make of it', async () => {
    const { answer, body } = await introspect(tokens.access_token)
    expect(answer.headers?.['Cache-Control']).toBe('no-store')
    expect(body).toEqual({
      active: true,
      iss: ISSUER,
      aud: PRODUCTIVITY.resource,
      sub: expect.stringMatching(/^[\w-]{43}$/),
      client_id: client.client_id,
      token_type: 'Bearer',
      scope: 'calendar:read calendar:write',
      iat: factory.now(),
      exp: factory.now() + POLICY.lifetimes.accessToken,
      jti: expect.any(String),
    })
  })

  it('refresh token that it is good', async () => {
    const { body } = await introspect(tokens.refresh_token, { token_type_hint: 'access_token' })
    expect(body).toMatchObject({ active: true, client_id: client.client_id, scope: 'calendar:read calendar:write' })
    expect(body).not.toHaveProperty('token_type')
  })

  it('a scope that the person may hold no longer is left out', async () => {
    const bob = await tokensOf(client, { email: 'bob@example.com', resource: DEVOPS.resource, tick: 'deploy:run' })
    expect((await introspect(bob.access_token)).body.scope).toBe('health:read deploy:run')
    await factory.write({ servers: [{ ...DEVOPS, privileged: { people: ['nobody@example.com'] } }] })
    expect((await introspect(bob.access_token)).body.scope).toBe('health:read')
    await factory.write({ servers: [DEVOPS] })
  })

  it('a token outlives no lifetime that the policy has now', async () => {
    await factory.write({ policy: { ...POLICY, lifetimes: { ...POLICY.lifetimes, accessToken: 60 } } })
    expect((await introspect(tokens.access_token)).body.exp).toBe(factory.now() - 10 + 60)
    factory.pass(60)
    await expectInactive(tokens.access_token)
    await factory.write({ policy: POLICY })
  })
})

describe('AS-23: what the config puts behind a server', () => {
  it('learns of access tokens for it alone, whoever’s they are, and of no refresh token', async () => {
    const secret = randomSecret()
    const behind = { name: 'Behind', redirectUris: [], secretHash: sha256(secret), introspects: ['productivity'] }
    await factory.write({ policy: { ...POLICY, clients: { behind } } })
    const credentials = { client_id: 'behind', client_secret: secret }
    expect((await introspect(tokens.access_token, credentials)).body).toMatchObject({ active: true })
    await expectInactive(tokens.refresh_token, credentials)
    const devops = await tokensOf(client, { resource: DEVOPS.resource })
    await expectInactive(devops.access_token, credentials)
    const wrong = await introspect(tokens.access_token, { ...credentials, client_secret: 'wrong' })
    expect(wrong.answer.statusCode).toBe(401)
    await factory.write({ policy: POLICY })
  })
})

describe('AS-23: active: false, and nothing beside it', () => {
  it.each([
    ['unknown', () => 'never-issued'],
    ['with another signature', () => `${tokens.access_token.slice(0, -4)}AAAA`],
    ['a refresh token with another proof', () => `${tokens.refresh_token.slice(0, -2)}AA`],
  ])('a token that is %s', async (_case, token) => expectInactive(token()))

  it('expired', async () => {
    factory.pass(POLICY.lifetimes.accessToken)
    await expectInactive(tokens.access_token)
  })

  it('of another client, public or not', async () => {
    const other = await register(factory, { token_endpoint_auth_method: 'client_secret_post' })
    const credentials = { client_id: other.client_id, client_secret: other.client_secret ?? '' }
    for (const token of [tokens.access_token, tokens.refresh_token]) await expectInactive(token, credentials)
    const ofPublic = await obtainTokens(factory)
    for (const token of [ofPublic.access_token, ofPublic.refresh_token]) await expectInactive(token)
  })

  it('of a grant that has ended', async () => {
    await factory.send(formRequest(ENDPOINTS.revoke, { ...credentials(), token: tokens.refresh_token }))
    await expectInactive(tokens.access_token)
    await expectInactive(tokens.refresh_token)
  })

  it('of a person who is denied, or no longer admitted', async () => {
    const { denials } = factory.store()
    await denials.block('alice@example.com', [])
    factory.pass(10)
    await expectInactive(tokens.access_token)
    await denials.unblock('alice@example.com', 0)
    factory.pass(100)
    expect((await introspect(tokens.access_token)).body.active).toBe(true)
    await factory.write({ policy: { ...POLICY, access: { domains: ['partner.test'] } } })
    await expectInactive(tokens.access_token)
    await expectInactive(tokens.refresh_token)
    await factory.write({ policy: POLICY })
  })

  it('signed with a key that has left the published set', async () => {
    const before = factory.keys
    await factory.put({ pk: 'KEYS', sk: 'KEYS', doc: JSON.stringify({ keys: [] }) })
    factory.pass(10)
    await expectInactive(tokens.access_token)
    const [signing] = before?.signing ?? []
    const { d: _, ...jwk } = signing?.jwk ?? { d: '' }
    await factory.put({ pk: 'KEYS', sk: 'KEYS', doc: JSON.stringify({ keys: [{ kid: signing?.kid, jwk }] }) })
    factory.pass(10)
  })
})

describe('refuses', () => {
  it('whoever does not authenticate: a public client’s id is known to anybody', async () => {
    const own = await obtainTokens(factory)
    const { answer, body } = await introspect(own.access_token, { client_id: own.clientId, client_secret: '' })
    expect([answer.statusCode, body.error]).toEqual([401, 'invalid_client'])
    const wrong = await introspect(tokens.access_token, { client_secret: 'wrong' })
    expect([wrong.answer.statusCode, wrong.body.error]).toEqual([401, 'invalid_client'])
  })

  it('a request without a token', async () => {
    expect((await introspect('')).body.error).toBe('invalid_request')
  })

  it('to say anything while the table does not answer: 503', async () => {
    factory.table.failing = ['*']
    const { answer, body } = await introspect(tokens.access_token)
    expect([answer.statusCode, body.error]).toEqual([503, 'temporarily_unavailable'])
  })
})

it('asking consumes nothing', async () => {
  for (let times = 0; times < 3; times++) await introspect(tokens.refresh_token)
  const form = refreshForm(client.client_id, tokens.refresh_token, { client_secret: client.client_secret ?? '' })
  expect((await postToken(factory, form)).status).toBe(200)
})
