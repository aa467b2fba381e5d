import { decodeJwt } from 'jose'
import { beforeEach, describe, expect, it } from 'vitest'
import { DEVOPS, POLICY, PRODUCTIVITY } from '../factory-fixture.ts'
import { factoryOfFile } from '../factory-of-file.ts'
import {
  type CodeOf,
  codeForm,
  formRequest,
  obtainCode,
  obtainTokens,
  pkce,
  postToken,
  refreshForm,
  register,
} from '../journey.ts'

const { factory, clientId } = await factoryOfFile()

let obtained: CodeOf
beforeEach(async () => {
  obtained = await obtainCode(factory, { clientId })
})

const redeem = (more: Readonly<Record<string, string>> = {}) => postToken(factory, codeForm(obtained, more))
const refresh = (token: unknown) => postToken(factory, refreshForm(clientId, String(token)))

/** What is denied at the gates. */
async function denied(): Promise<(string | undefined)[]> {
  return (await factory.table.items()).flatMap(({ pk, value }) => (pk === 'DENY' ? [value] : []))
}

const sid = (accessToken: unknown) => decodeJwt(String(accessToken)).sid

describe('AS-12: a code is bound', () => {
  it.each([
    ['to its verifier', () => ({ code_verifier: pkce().verifier }), 'invalid_grant'],
    ['to a verifier at all', () => ({ code_verifier: '' }), 'invalid_request'],
    ['to a well-formed verifier', () => ({ code_verifier: 'short' }), 'invalid_request'],
    ['to its redirect URI', () => ({ redirect_uri: 'http://127.0.0.1:9/callback' }), 'invalid_grant'],
    ['to a redirect URI at all', () => ({ redirect_uri: '' }), 'invalid_grant'],
    ['to its client', async () => ({ client_id: (await register(factory)).client_id }), 'invalid_grant'],
    ['AS-08: to its resource', () => ({ resource: DEVOPS.resource }), 'invalid_target'],
    ['AS-08: to a known resource', () => ({ resource: 'https://evil.test/mcp' }), 'invalid_target'],
  ])('%s; refused, it is not consumed', async (_case, change, error) => {
    const refused = await redeem((await change()) as Record<string, string>)
    expect([refused.status, refused.body.error]).toEqual([400, error])
    expect((await redeem()).status).toBe(200)
  })

  it('AS-08: the resource may be named again, in any of its spellings', async () => {
    expect((await redeem({ resource: `${PRODUCTIVITY.resource}/` })).status).toBe(200)
  })

  it('for 60 s', async () => {
    factory.pass(60)
    expect((await redeem()).body.error).toBe('invalid_grant')
  })

  it('to a grant that has not ended', async () => {
    await factory.write({ policy: { ...POLICY, lifetimes: { ...POLICY.lifetimes, refreshAbsolute: 10 } } })
    expect((await redeem()).body.error).toBe('invalid_grant')
    await factory.write({ policy: POLICY })
    expect((await redeem()).status).toBe(200)
  })

  it('made up, it costs no read of a code', async () => {
    for (const code of ['', 'x', 'a.b', obtained.code.replace(/.{4}$/, 'AAAA')])
      expect((await redeem({ code })).body.error).toBe(code === '' ? 'invalid_request' : 'invalid_grant')
    expect((await redeem()).status).toBe(200)
  })
})

describe('AS-12: a code is used once', () => {
  it('again at once: refused, and the tokens keep working', async () => {
    const { body } = await redeem()
    factory.pass(10)
    expect((await redeem()).body.error).toBe('invalid_grant')
    expect((await refresh(body.refresh_token)).status).toBe(200)
    expect(await denied()).not.toContain(sid(body.access_token))
  })

  it('again with proof, later than 10 s: the grant ends, at the gates too', async () => {
    const { body } = await redeem()
    factory.pass(11)
    expect((await redeem()).body.error).toBe('invalid_grant')
    expect((await refresh(body.refresh_token)).body.error).toBe('invalid_grant')
    expect(await denied()).toContain(sid(body.access_token))
  })

  it('again with proof, long after the code’s own end: the grant ends', async () => {
    const { body } = await redeem()
    factory.pass(3000)
    await redeem()
    expect((await refresh(body.refresh_token)).body.error).toBe('invalid_grant')
  })

  it('again without proof, however late: nothing happens', async () => {
    const { body } = await redeem()
    factory.pass(11)
    for (const wrong of [
      { code_verifier: pkce().verifier },
      { redirect_uri: 'http://127.0.0.1:9/callback' },
      { client_id: (await register(factory)).client_id },
    ])
      expect((await redeem(wrong)).body.error).toBe('invalid_grant')
    expect((await refresh(body.refresh_token)).status).toBe(200)
    expect(await denied()).not.toContain(sid(body.access_token))
  })
})

it('AS-12: a grant that ended before it began does not begin', async () => {
  const grantId = (await factory.table.get(`CODE#${obtained.code.split('.')[0]}`, 'CODE'))?.grantId
  await factory.put({ pk: `GRANT#${grantId}`, sk: 'GRANT', endedAt: factory.now(), expiresAt: factory.now() + 100 })
  expect((await redeem()).body.error).toBe('invalid_grant')
})

describe('rules are tried again, before anything is consumed', () => {
  it.each([
    ['the domain left the list', { access: { domains: ['partner.test'] } }],
    ['the domain maps to another tenant', { tenants: { ...POLICY.tenants, 'example.com': 'other' } }],
    ['the person was blocked', { access: { ...POLICY.access, blocked: ['alice@example.com'] } }],
    ['the issuer is another kind', { connection: { ...POLICY.connection, provider: 'oidc' as const, asserts: [] } }],
  ])('%s', async (_case, change) => {
    await factory.write({ policy: { ...POLICY, ...change } })
    expect((await redeem()).body.error).toBe('invalid_grant')
    await factory.write({ policy: POLICY })
    expect((await redeem()).status).toBe(200)
  })

  it('the server moved', async () => {
    await factory.write({ servers: [{ ...PRODUCTIVITY, resource: 'https://mcp.example.com/other/mcp' }] })
    expect((await redeem()).body.error).toBe('invalid_grant')
    await factory.write({ servers: [PRODUCTIVITY] })
    expect((await redeem()).status).toBe(200)
  })
})

describe('failures of the table', () => {
  it.each([
    'BatchGetItem',
    'UpdateItem',
    'PutItem',
    '*',
  ])('%s: 503, and the code can be redeemed afterwards', async (command) => {
    factory.table.failing = [command]
    const { status, body, answer } = await redeem()
    expect([status, body.error]).toEqual([503, 'temporarily_unavailable'])
    expect(answer.headers).toMatchObject({ 'Retry-After': '5', 'Cache-Control': 'no-store' })
    factory.table.failing = []
    expect((await redeem()).status).toBe(200)
  })

  it('no keys: 503, and the code can be redeemed afterwards', async () => {
    const { keys } = factory
    factory.keys = undefined
    factory.pass(300)
    obtained = { ...obtained }
    const refused = await redeem()
    expect([refused.status, refused.body.error]).toEqual([503, 'temporarily_unavailable'])
    factory.keys = keys
    expect((await obtainTokens(factory, { clientId })).access_token).toBeDefined()
  })
})

it('a client that is not registered for refreshing gets no refresh token', async () => {
  const client = await register(factory, { grant_types: ['authorization_code'] })
  obtained = await obtainCode(factory, { clientId: client.client_id })
  const { body } = await redeem()
  expect(body).toHaveProperty('access_token')
  expect(body).not.toHaveProperty('refresh_token')
})

describe('AS-11: client authentication', () => {
  const basic = (id: string, secret: string) => ({
    authorization: `Basic ${Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`).toString('base64')}`,
  })
  const without = (form: Record<string, string>, name: string) =>
    Object.fromEntries(Object.entries(form).filter(([key]) => key !== name))

  it('a secret in the header, or in the form', async () => {
    const client = await register(factory, { token_endpoint_auth_method: 'client_secret_basic' })
    const secret = client.client_secret ?? ''
    const first = codeForm(await obtainCode(factory, { clientId: client.client_id }))
    expect((await postToken(factory, without(first, 'client_id'), basic(client.client_id, secret))).status).toBe(200)
    const second = codeForm(await obtainCode(factory, { clientId: client.client_id }), { client_secret: secret })
    expect((await postToken(factory, second)).status).toBe(200)
  })

  it('a wrong secret, none, or another’s: 401, and the code is not consumed', async () => {
    const client = await register(factory, { token_endpoint_auth_method: 'client_secret_post' })
    const other = await register(factory, { token_endpoint_auth_method: 'client_secret_post' })
    const form = codeForm(await obtainCode(factory, { clientId: client.client_id }))
    for (const client_secret of ['', 'wrong', other.client_secret ?? '', `${client.client_secret} `]) {
      const refused = await postToken(factory, { ...form, client_secret })
      expect([refused.status, refused.body.error]).toEqual([401, 'invalid_client'])
    }
    const refused = await postToken(factory, form, basic(client.client_id, 'wrong'))
    expect(refused.answer.headers?.['WWW-Authenticate']).toContain('Basic')
    expect((await postToken(factory, { ...form, client_secret: client.client_secret ?? '' })).status).toBe(200)
  })

  it('a public client that sends a secret is not it', async () => {
    expect((await redeem({ client_secret: 'something' })).status).toBe(401)
  })

  it('an unknown client: 401 invalid_client, whatever else is wrong', async () => {
    for (const client_id of ['c-unknown', 'x'.repeat(3000), 'https://evil.test/client', ''])
      expect((await postToken(factory, { grant_type: 'authorization_code', client_id, code: 'x' })).body.error).toBe(
        'invalid_client',
      )
    expect((await redeem({ client_id: '' })).status).toBe(401)
  })

  it('two ways at once, two clients, or another scheme', async () => {
    expect(
      (await postToken(factory, codeForm(obtained, { client_secret: 'x' }), basic(clientId, 'x'))).body.error,
    ).toBe('invalid_request')
    expect((await postToken(factory, codeForm(obtained), basic('c-other', 'x'))).body.error).toBe('invalid_request')
    for (const authorization of ['Bearer x', 'Basic', 'Basic !', `Basic ${Buffer.from('%zz:x').toString('base64')}`])
      expect((await postToken(factory, codeForm(obtained), { authorization })).status).toBe(401)
    expect((await redeem()).status).toBe(200)
  })
})

describe('the token endpoint', () => {
  it('AS-13: errors are OAuth JSON, stored nowhere, with a request id, readable by browser clients', async () => {
    const { answer } = await postToken(factory, {})
    expect(answer.headers).toMatchObject({
      'Content-Type': 'application/json',
      'Cache-Control': 'no-store',
      'X-Request-ID': expect.stringMatching(/^request-/),
      'Access-Control-Allow-Origin': '*',
    })
  })

  it('an unknown grant, and none', async () => {
    const named = { client_id: clientId }
    expect((await postToken(factory, { ...named, grant_type: 'password' })).body.error).toBe('unsupported_grant_type')
    expect((await postToken(factory, named)).body.error).toBe('invalid_request')
  })

  it.each(['code', 'client_id', 'grant_type', 'nobody'])('%s given twice', async (name) => {
    const form = new URLSearchParams(codeForm(obtained, { nobody: 'x' }))
    form.append(name, 'y')
    expect((await postToken(factory, form)).body.error).toBe('invalid_request')
    expect((await redeem()).status).toBe(200)
  })

  it('AS-08: two resources', async () => {
    const form = new URLSearchParams(codeForm(obtained, { resource: PRODUCTIVITY.resource }))
    form.append('resource', DEVOPS.resource)
    expect((await postToken(factory, form)).body.error).toBe('invalid_target')
  })

  it('another content type, a body too long, parameters in the query', async () => {
    expect((await postToken(factory, codeForm(obtained), { 'content-type': 'application/json' })).status).toBe(415)
    expect((await redeem({ nobody: 'x'.repeat(17_000) })).status).toBe(413)
    const query = new URLSearchParams(codeForm(obtained)).toString()
    const answer = await factory.send({ ...formRequest('/token', {}), query })
    expect(answer.statusCode).toBe(401)
    expect((await redeem()).status).toBe(200)
  })
})
