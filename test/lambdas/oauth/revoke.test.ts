import { decodeJwt } from 'jose'
import { beforeEach, describe, expect, it } from 'vitest'
import { findDenial } from '../../../model/deny-entry.ts'
import { ENDPOINTS } from '../../../model/endpoints.ts'
import { POLICY } from './factory-fixture.ts'
import { factoryOfFile } from './factory-of-file.ts'
import {
  type Answer,
  authorizeUrl,
  formRequest,
  KNOWN,
  obtainTokens,
  postToken,
  refreshForm,
  register,
} from './journey.ts'

const { factory, clientId: client } = await factoryOfFile()

let tokens: Awaited<ReturnType<typeof obtainTokens>>
beforeEach(async () => {
  tokens = await obtainTokens(factory, { clientId: client })
})

const revoke = (form: Record<string, string>, headers: Record<string, string> = {}): Promise<Answer> =>
  factory.send(formRequest(ENDPOINTS.revoke, { client_id: client, ...form }, headers))

/** What a gate that reads the table now makes of an access token. */
async function isDenied(accessToken: string): Promise<boolean> {
  const claims = decodeJwt(accessToken) as Parameters<typeof findDenial>[0]
  return findDenial(claims, await factory.store().denials.all()) !== undefined
}

async function isRefreshed(refreshToken: string, clientId = client): Promise<boolean> {
  return (await postToken(factory, refreshForm(clientId, refreshToken))).status === 200
}

describe('AS-23: revocation ends the whole grant', () => {
  it.each([
    ['refresh token', 'refresh_token', 'refresh_token'],
    ['access token', 'access_token', 'access_token'],
    ['refresh token, whatever the hint says', 'refresh_token', 'access_token'],
    ['access token, whatever the hint says', 'access_token', 'a-type-of-tomorrow'],
  ] as const)('by its %s: refreshed no more, refused at the gates', async (_case, name, hint) => {
    const answer = await revoke({ token: tokens[name], token_type_hint: hint })
    expect([answer.statusCode, answer.headers?.['Cache-Control']]).toEqual([200, 'no-store'])
    expect(await isDenied(tokens.access_token)).toBe(true)
    expect(await isRefreshed(tokens.refresh_token)).toBe(false)
    const again = await revoke({ token: tokens[name] })
    expect(again.statusCode, 'and once more changes nothing').toBe(200)
  })

  it('by a refresh token that was exchanged, as a client has that lost the reply', async () => {
    const { body } = await postToken(factory, refreshForm(client, tokens.refresh_token))
    await revoke({ token: tokens.refresh_token })
    expect(await isRefreshed(String(body.refresh_token))).toBe(false)
    expect(await isDenied(String(body.access_token))).toBe(true)
  })

  it('also for the tokens issued in the same moment, and for as long as any of them lives', async () => {
    await revoke({ token: tokens.refresh_token })
    const claims = decodeJwt(tokens.access_token) as Parameters<typeof findDenial>[0]
    factory.pass(POLICY.lifetimes.accessToken)
    expect(findDenial({ ...claims, iat: factory.now() }, await factory.store().denials.all())).toBeDefined()
  })

  it('and no other grant of the person', async () => {
    const other = await obtainTokens(factory, { clientId: client })
    await revoke({ token: tokens.refresh_token })
    expect(await isDenied(other.access_token)).toBe(false)
    expect(await isRefreshed(other.refresh_token)).toBe(true)
  })

  it('and forgets the consent: the client is asked about again', async () => {
    const https = (await register(factory)).client_id
    const given = await obtainTokens(factory, { clientId: https, redirectUri: KNOWN })
    const ask = () => given.obtained.browser.get(authorizeUrl({ client_id: https, redirect_uri: KNOWN }))
    expect((await ask()).statusCode, 'remembered').toBe(302)
    await revoke({ client_id: https, token: given.refresh_token })
    expect((await ask()).statusCode).toBe(200)
  })

  it('a race against refresh never leaves a live grant', async () => {
    const attempts = Array.from({ length: 60 }, () => postToken(factory, refreshForm(client, tokens.refresh_token)))
    const revocations = Array.from({ length: 5 }, () => revoke({ token: tokens.refresh_token }))
    const answers = await Promise.all(attempts)
    for (const { statusCode } of await Promise.all(revocations)) expect(statusCode).toBe(200)
    for (const { body } of answers) {
      if (typeof body.refresh_token === 'string') expect(await isRefreshed(body.refresh_token)).toBe(false)
      if (typeof body.access_token === 'string') expect(await isDenied(body.access_token)).toBe(true)
    }
    expect(await isRefreshed(tokens.refresh_token)).toBe(false)
  })
})

describe('AS-23: 200, and nothing happens', () => {
  const untouched = async () => {
    expect(await isDenied(tokens.access_token)).toBe(false)
    expect(await isRefreshed(tokens.refresh_token)).toBe(true)
  }

  it.each([
    ['unknown', () => 'never-issued'],
    ['a refresh token with another proof', () => `${tokens.refresh_token.slice(0, -2)}AA`],
    ['a refresh token of an unknown grant', () => tokens.refresh_token.replace(/[0-9a-f]{32}/, '0'.repeat(32))],
    ['an access token with another signature', () => `${tokens.access_token.slice(0, -4)}AAAA`],
    ['an access token without one', () => `${tokens.access_token.split('.').slice(0, 2).join('.')}.`],
    ['4 KB of anything', () => 'x'.repeat(4096)],
  ])('a token that is %s', async (_case, token) => {
    expect((await revoke({ token: token() })).statusCode).toBe(200)
    await untouched()
  })

  it('an access token that has expired', async () => {
    factory.pass(POLICY.lifetimes.accessToken + 1)
    expect((await revoke({ token: tokens.access_token })).statusCode).toBe(200)
    expect(await isRefreshed(tokens.refresh_token)).toBe(true)
  })

  it.each([
    'refresh_token',
    'access_token',
  ] as const)('another client’s %s, in the same words as an unknown one', async (name) => {
    const other = (await register(factory)).client_id
    const unknown = await revoke({ client_id: other, token: 'never-issued' })
    const foreign = await revoke({ client_id: other, token: tokens[name] })
    expect([foreign.statusCode, foreign.body]).toEqual([unknown.statusCode, unknown.body])
    await untouched()
  })
})

describe('refuses, as at the token endpoint', () => {
  it('an unknown client, and a confidential one without its secret', async () => {
    const secret = await register(factory, { token_endpoint_auth_method: 'client_secret_post' })
    const token = tokens.refresh_token
    for (const form of [
      { client_id: 'c-unknown', token },
      { client_id: secret.client_id, token },
      { client_id: secret.client_id, client_secret: 'wrong', token },
    ]) {
      const answer = await revoke(form)
      expect([answer.statusCode, JSON.parse(answer.body ?? '').error]).toEqual([401, 'invalid_client'])
    }
    expect(await isRefreshed(token)).toBe(true)
  })

  it.each([
    ['no token', 'client_id=CLIENT'],
    ['an empty token', 'client_id=CLIENT&token='],
    ['two tokens', 'client_id=CLIENT&token=a&token=b'],
  ])('%s', async (_case, body) => {
    const form = new URLSearchParams(body.replace('CLIENT', client))
    const answer = await factory.send(formRequest(ENDPOINTS.revoke, form))
    expect([answer.statusCode, JSON.parse(answer.body ?? '').error]).toEqual([400, 'invalid_request'])
  })

  it('a GET: 405; and browser clients of any origin may ask (AS-13)', async () => {
    expect((await factory.send({ path: '/revoke' })).statusCode).toBe(405)
    const answer = await revoke({ token: 'x' }, { origin: 'https://app.example.net' })
    expect(answer.headers?.['Access-Control-Allow-Origin']).toBe('*')
  })
})

it.each([
  'BatchGetItem',
  'Query',
  'PutItem',
  'UpdateItem',
  'DeleteItem',
  '*',
])('the table fails at %s: 503, never a 200 that did nothing; trying again does what was left undone', async (command) => {
  factory.table.failing = [command]
  const failed = await revoke({ token: tokens.refresh_token })
  factory.table.failing = []
  expect([failed.statusCode, JSON.parse(failed.body ?? '').error]).toEqual([503, 'temporarily_unavailable'])
  expect((await revoke({ token: tokens.refresh_token })).statusCode).toBe(200)
  expect(await isDenied(tokens.access_token)).toBe(true)
  expect(await isRefreshed(tokens.refresh_token)).toBe(false)
})
