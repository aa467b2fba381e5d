import { decodeJwt } from 'jose'
import { beforeEach, describe, expect, it } from 'vitest'
import { endGrant } from '../../../../lambdas/oauth/token/end-grant.ts'
import { SUPERSESSIONS_KEPT } from '../../../../lambdas/store/grants.ts'
import { sampleSecretKey } from '../../tokens/sample-keys.ts'
import { DEVOPS, POLICY, PRODUCTIVITY } from '../factory-fixture.ts'
import { factoryOfFile } from '../factory-of-file.ts'
import { obtainTokens, postToken, refreshForm, register, type Tokens } from '../journey.ts'

const { factory, clientId } = await factoryOfFile()

let tokens: Tokens
beforeEach(async () => {
  tokens = await obtainTokens(factory, { clientId })
})

const refresh = (token: unknown, more: Readonly<Record<string, string>> = {}) =>
  postToken(factory, refreshForm(clientId, String(token), more))

const claims = (accessToken: unknown) => decodeJwt(String(accessToken))

describe('rotation', () => {
  it('AS-07: each refresh gives a new token of the same grant, for the same server and scopes', async () => {
    const { status, body } = await refresh(tokens.refresh_token)
    expect(status).toBe(200)
    expect(body.refresh_token).not.toBe(tokens.refresh_token)
    expect(body).toMatchObject({ token_type: 'Bearer', expires_in: 600, scope: tokens.scope })
    expect(claims(body.access_token)).toMatchObject({
      aud: PRODUCTIVITY.resource,
      sid: claims(tokens.access_token).sid,
      client_id: clientId,
    })
    expect((await refresh(body.refresh_token)).status).toBe(200)
  })

  it('nothing secret is stored', async () => {
    const everything = JSON.stringify(await factory.table.items())
    expect(everything).not.toContain(tokens.refresh_token)
    expect(everything).not.toContain(tokens.refresh_token.split('.')[3])
    expect(everything).not.toContain(tokens.access_token)
  })

  it('AS-24: repeated within 60 s, the same successor; the window does not slide', async () => {
    const successor = (await refresh(tokens.refresh_token)).body.refresh_token
    factory.pass(30)
    expect((await refresh(tokens.refresh_token)).body.refresh_token).toBe(successor)
    factory.pass(30)
    expect((await refresh(tokens.refresh_token)).body.refresh_token).toBe(successor)
    expect((await refresh(successor)).status).toBe(200)
  })

  it('AS-07: later than that it is a theft: the family ends, at the gates too', async () => {
    const { body } = await refresh(tokens.refresh_token)
    factory.pass(61)
    expect((await refresh(tokens.refresh_token)).body.error).toBe('invalid_grant')
    expect((await refresh(body.refresh_token)).body.error).toBe('invalid_grant')
    const denied = await factory.store().denyEntries()
    const entry = denied.find(({ value }) => value === claims(tokens.access_token).sid)
    expect(entry).toMatchObject({ kind: 'grant' })
    expect(entry?.before, 'whenever they were issued').toBeUndefined()
  })

  it('AS-07: an older one gets nothing; soon after the last exchange it ends nothing', async () => {
    const second = (await refresh(tokens.refresh_token)).body.refresh_token
    const third = (await refresh(second)).body.refresh_token
    expect((await refresh(tokens.refresh_token)).body.error).toBe('invalid_grant')
    expect((await refresh(third)).status).toBe(200)
    factory.pass(61)
    expect((await refresh(tokens.refresh_token)).body.error).toBe('invalid_grant')
    expect((await refresh(third)).body.error).toBe('invalid_grant')
  })

  it('AS-07: a thief who keeps rotating is found out as well: each generation has its own 60 s', async () => {
    let stolen: unknown = tokens.refresh_token
    for (const wait of [0, 1, 1, 45, 45]) {
      factory.pass(wait)
      stolen = (await refresh(stolen)).body.refresh_token
    }
    expect((await refresh(tokens.refresh_token)).body.error).toBe('invalid_grant')
    expect((await refresh(stolen)).body.error).toBe('invalid_grant')
    const denied = await factory.store().denyEntries()
    expect(denied.some(({ value }) => value === claims(tokens.access_token).sid)).toBe(true)
  })

  it('AS-07: more exchanges in a minute than are kept are a theft, too', async () => {
    let current: unknown = tokens.refresh_token
    for (let count = 0; count <= SUPERSESSIONS_KEPT; count += 1) current = (await refresh(current)).body.refresh_token
    expect((await refresh(tokens.refresh_token)).body.error).toBe('invalid_grant')
    expect((await refresh(current)).body.error).toBe('invalid_grant')
  })

  it('a family that ends while it is refreshed stays ended', async () => {
    const grantId = String(claims(tokens.access_token).sid)
    const grant = await factory.store().grants.find(grantId)
    if (grant === undefined) throw new Error('no grant')
    const end = endGrant({ store: factory.store(), audit: () => undefined }, grant, 'test', 'request')
    await Promise.all([end, ...Array.from({ length: 50 }, () => refresh(tokens.refresh_token))])
    expect((await refresh(tokens.refresh_token)).body.error).toBe('invalid_grant')
    expect(await factory.store().grants.find(grantId)).toBeUndefined()
  })

  it('keeps working over a rotation of its key', async () => {
    const before = factory.keys
    if (before === undefined) throw new Error('no keys')
    const next = sampleSecretKey('refresh-2', { useFrom: factory.now() })
    factory.keys = {
      ...before,
      refresh: [...before.refresh.map((key) => ({ ...key, expiresAt: factory.now() + 9999 })), next],
    }
    factory.pass(60)
    const first = await refresh(tokens.refresh_token)
    expect(String(first.body.refresh_token)).toMatch(/^refresh-2\./)
    expect((await refresh(tokens.refresh_token)).body.refresh_token).toBe(first.body.refresh_token)
    factory.keys = before
    factory.pass(60)
  })
})

describe('what is not genuine touches nothing', () => {
  it.each([
    ['another proof', (token: string) => token.replace(/.{4}$/, 'AAAA')],
    ['another generation', (token: string) => token.replace('.0.', '.1.')],
    ['an unknown key', (token: string) => token.replace(/^[^.]+/, 'other')],
    ['an unknown grant', (token: string) => token.replace(/\.[0-9a-f]{32}\./, `.${'0'.repeat(32)}.`)],
    ['another form', () => 'a.b.c.d'],
    ['far too long', () => 'x'.repeat(5000)],
  ])('%s', async (_case, spoil) => {
    expect((await refresh(spoil(tokens.refresh_token))).body.error).toBe('invalid_grant')
    expect((await refresh(tokens.refresh_token)).status).toBe(200)
  })

  it('another client, even with a token long exchanged', async () => {
    const { body } = await refresh(tokens.refresh_token)
    factory.pass(61)
    const other = (await register(factory)).client_id
    const foreign = await postToken(factory, refreshForm(other, tokens.refresh_token))
    expect(foreign.body.error).toBe('invalid_grant')
    expect((await refresh(body.refresh_token)).status).toBe(200)
  })

  it('no token at all', async () => {
    expect((await refresh('')).body.error).toBe('invalid_request')
  })
})

describe('everything is checked before anything is consumed', () => {
  it.each([
    ['AS-08: another resource', { resource: DEVOPS.resource }],
    ['AS-08: no resource at all', { resource: 'nonsense' }],
  ])('%s', async (_case, more) => {
    expect((await refresh(tokens.refresh_token, more)).body.error).toBe('invalid_target')
    const { body } = await refresh(tokens.refresh_token)
    expect(String(body.refresh_token).split('.')[2]).toBe('1')
  })

  it.each([
    ['the domain left the list', { access: { domains: ['partner.test'] } }],
    ['the person was blocked', { access: { ...POLICY.access, blocked: ['alice@example.com'] } }],
    ['the domain maps to nothing any more', { tenants: { 'partner.test': 'partner' } }],
    ['a new rule on a claim', { access: { ...POLICY.access, claims: [{ claim: 'department', equals: 'x' }] } }],
  ])('rules: %s', async (_case, change) => {
    await factory.write({ policy: { ...POLICY, ...change } })
    expect((await refresh(tokens.refresh_token)).body.error).toBe('invalid_grant')
    await factory.write({ policy: POLICY })
    expect((await refresh(tokens.refresh_token)).status).toBe(200)
  })

  it('the server’s own rules, and its end', async () => {
    await factory.write({ servers: [{ ...PRODUCTIVITY, access: { people: ['bob@example.com'] } }] })
    expect((await refresh(tokens.refresh_token)).body.error).toBe('invalid_grant')
    await factory.write({ servers: [{ ...PRODUCTIVITY, resource: 'https://mcp.example.com/moved/mcp' }] })
    expect((await refresh(tokens.refresh_token)).body.error).toBe('invalid_grant')
    await factory.write({ servers: [PRODUCTIVITY] })
    expect((await refresh(tokens.refresh_token)).status).toBe(200)
  })

  it('a server that has none of the grant’s scopes any more', async () => {
    const scopes = PRODUCTIVITY.scopes.map((scope) => ({ ...scope, name: `${scope.name}:2` }))
    await factory.write({ servers: [{ ...PRODUCTIVITY, scopes }] })
    expect((await refresh(tokens.refresh_token)).body.error).toBe('invalid_grant')
    await factory.write({ servers: [PRODUCTIVITY] })
    expect((await refresh(tokens.refresh_token)).status).toBe(200)
  })

  it('a deny entry that names the person, later than their sign-in', async () => {
    const entry = { pk: 'DENY', sk: 'person#alice@example.com', kind: 'person', value: 'alice@example.com' }
    await factory.put({ ...entry, before: factory.now(), expiresAt: factory.now() + 100 })
    factory.pass(10)
    expect((await refresh(tokens.refresh_token)).body.error).toBe('invalid_grant')
    factory.pass(100)
    expect((await refresh(tokens.refresh_token)).status).toBe(200)
  })

  it.each([
    'BatchGetItem',
    'UpdateItem',
    '*',
  ])('the table fails at %s: 503, and the token still works', async (command) => {
    factory.table.failing = [command]
    const { status, body } = await refresh(tokens.refresh_token)
    expect([status, body.error]).toEqual([503, 'temporarily_unavailable'])
    factory.table.failing = []
    expect((await refresh(tokens.refresh_token)).status).toBe(200)
  })
})

describe('scopes', () => {
  it('AS-22: fewer where fewer are asked for; the grant keeps all; never more', async () => {
    const first = await refresh(tokens.refresh_token, { scope: 'calendar:read' })
    expect(first.body.scope).toBe('calendar:read')
    expect(claims(first.body.access_token).scope).toBe('calendar:read')
    const second = await refresh(first.body.refresh_token, { scope: 'calendar:read calendar:write deploy:run' })
    expect(second.body.scope).toBe('calendar:read calendar:write')
    expect((await refresh(second.body.refresh_token, { scope: 'unknown' })).body.scope).toBe(
      'calendar:read calendar:write',
    )
  })

  it('a privileged scope goes when the person may not hold it any more', async () => {
    const bob = await obtainTokens(factory, {
      clientId,
      email: 'bob@example.com',
      resource: DEVOPS.resource,
      tick: 'deploy:run',
    })
    expect(bob.scope).toBe('health:read deploy:run')
    await factory.write({ servers: [{ ...DEVOPS, privileged: { people: ['alice@example.com'] } }] })
    expect((await refresh(bob.refresh_token)).body.scope).toBe('health:read')
    await factory.write({ servers: [DEVOPS] })
  })
})

describe('lifetimes', () => {
  it('absolute: as long as the policy says now, where it says less than at sign-in', async () => {
    factory.pass(86_400)
    await factory.write({ policy: { ...POLICY, lifetimes: { ...POLICY.lifetimes, refreshAbsolute: 86_400 } } })
    expect((await refresh(tokens.refresh_token)).body.error).toBe('invalid_grant')
    await factory.write({ policy: POLICY })
    expect((await refresh(tokens.refresh_token)).status).toBe(200)
  })

  it('idle: 14 days since the last use', async () => {
    factory.pass(14 * 86_400 - 100)
    const { body } = await refresh(tokens.refresh_token)
    factory.pass(14 * 86_400 - 100)
    const again = await refresh(body.refresh_token)
    expect(again.status).toBe(200)
    factory.pass(14 * 86_400)
    expect((await refresh(again.body.refresh_token)).body.error).toBe('invalid_grant')
  })

  it('absolute: 60 days since sign-in, whatever is used; no access token outlives it', async () => {
    let current: unknown = tokens.refresh_token
    for (let day = 0; day < 59; day += 10) {
      factory.pass(Math.min(10, 59 - day) * 86_400)
      current = (await refresh(current)).body.refresh_token
    }
    factory.pass(86_400 - 300)
    const last = await refresh(current)
    expect(last.status).toBe(200)
    expect(Number(last.body.expires_in)).toBeLessThanOrEqual(300)
    factory.pass(300)
    expect((await refresh(last.body.refresh_token)).body.error).toBe('invalid_grant')
  })
})
