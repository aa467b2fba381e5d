import { createHmac, generateKeyPairSync, type KeyObject, randomUUID } from 'node:crypto'
import { decodeJwt, decodeProtectedHeader, type JWTPayload, SignJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestFactory, type TestFactory } from '../support/factory.ts'
import { newBrowser, type ReceivedTokens, receiveTokens } from '../support/journeys.ts'
import { type Answer, LIST_TOOLS, postMessage, send } from '../support/oauth.ts'
import { expectNoSecretInLogs } from '../support/planted-secrets.ts'

let factory: TestFactory
let alice: ReceivedTokens
let server: string

beforeAll(async () => {
  factory = await startTestFactory()
  server = factory.servers.productivity
  alice = await receiveTokens(factory.issuer, server)
})
afterAll(() => factory?.remove())

const { privateKey: foreignKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })

function isChallenge(answer: Answer): void {
  expect(answer.status).toBe(401)
  expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer resource_metadata="[^"]+", scope="[^"]+"$/)
  expect(answer.text).not.toMatch(/\bat .+:\d+:\d+|node_modules/)
}

/** The genuine token's claims, signed anew by somebody else. */
function forged(header: Record<string, unknown>, claims: JWTPayload, key: KeyObject | Uint8Array): Promise<string> {
  const genuine = alice.accessToken
  return new SignJWT({ ...decodeJwt(genuine), ...claims })
    .setProtectedHeader({ ...decodeProtectedHeader(genuine), alg: 'ES256', ...header })
    .sign(key)
}

function unsigned(header: Record<string, unknown>): string {
  const [, payload] = alice.accessToken.split('.')
  return `${Buffer.from(JSON.stringify(header)).toString('base64url')}.${payload}.`
}

const withClaims = (claims: JWTPayload) => {
  const [header, , signature] = alice.accessToken.split('.')
  const payload = Buffer.from(JSON.stringify({ ...decodeJwt(alice.accessToken), ...claims })).toString('base64url')
  return `${header}.${payload}.${signature}`
}

describe('the gate refuses', () => {
  const tokens: [string, () => string | Promise<string>][] = [
    ['no JWT at all', () => 'not-a-token'],
    ['an empty token', () => ''],
    ['a token signed by another key', () => forged({}, {}, foreignKey)],
    ['a token signed by another key under an unknown kid', () => forged({ kid: randomUUID() }, {}, foreignKey)],
    [
      'a token that brings its own key',
      () => {
        const jwk = foreignKey.export({ format: 'jwk' })
        return forged({ jwk: { kty: jwk.kty, crv: jwk.crv, x: jwk.x, y: jwk.y } }, {}, foreignKey)
      },
    ],
    ['alg none', () => unsigned({ ...decodeProtectedHeader(alice.accessToken), alg: 'none' })],
    ['alg none in another spelling', () => unsigned({ ...decodeProtectedHeader(alice.accessToken), alg: 'nOnE' })],
    [
      'the public key taken for an HMAC secret',
      async () => {
        const { json } = await send(`${factory.issuer}/.well-known/jwks.json`)
        const [key] = (json as unknown as { keys: unknown[] }).keys
        const input = unsigned({ ...decodeProtectedHeader(alice.accessToken), alg: 'HS256' }).slice(0, -1)
        return `${input}.${createHmac('sha256', JSON.stringify(key)).update(input).digest('base64url')}`
      },
    ],
    ['a cut signature', () => alice.accessToken.slice(0, -4)],
    ['a signature of zeros', () => `${alice.accessToken.split('.').slice(0, 2).join('.')}.${'A'.repeat(86)}`],
    ['claims changed after signing', () => withClaims({ email: 'bob@example.com' })],
    ['an expiry moved after signing', () => withClaims({ exp: 4_102_444_800 })],
    ['a refresh token', () => alice.refreshToken],
    ['an authorization code', () => alice.code],
  ]

  it.each(tokens)('RS-02: %s, with the challenge and no detail', async (_case, token) => {
    isChallenge(await postMessage(server, await token(), LIST_TOOLS))
  })

  it('RS-03: a token for the other server', async () => {
    const browser = newBrowser()
    const devops = await receiveTokens(factory.issuer, factory.servers.devops, { browser })
    isChallenge(await postMessage(server, devops.accessToken, LIST_TOOLS))
    isChallenge(await postMessage(factory.servers.devops, alice.accessToken, LIST_TOOLS))
    expect((await postMessage(factory.servers.devops, devops.accessToken, LIST_TOOLS)).status).toBe(200)
  })

  it('RS-02: a token in the query, and one in the form', async () => {
    const url = new URL(server)
    url.searchParams.set('access_token', alice.accessToken)
    isChallenge(await postMessage(url, undefined, LIST_TOOLS))
    isChallenge(await send(server, { method: 'POST', body: new URLSearchParams({ access_token: alice.accessToken }) }))
  })

  it('other schemes and two tokens at once', async () => {
    for (const value of [`Basic ${alice.accessToken}`, `Bearer ${alice.accessToken}, Bearer ${alice.accessToken}`])
      isChallenge(await postMessage(server, undefined, LIST_TOOLS, { Authorization: value }))
  })

  it('RS-04: a foreign Origin, with 403', async () => {
    const answer = await postMessage(server, alice.accessToken, LIST_TOOLS, { Origin: 'https://evil.test' })
    expect(answer.status).toBe(403)
  })
})

describe('a server answers in the form of JSON-RPC', () => {
  it.each([
    ['malformed JSON', '{"jsonrpc":', {}, 400, -32700],
    ['no JSON-RPC message', '{"hello":"world"}', {}, 400, -32600],
    ['an empty body', '', {}, 400, undefined],
    ['a wrong content type', JSON.stringify(LIST_TOOLS), { 'Content-Type': 'text/plain' }, 415, undefined],
    ['an unknown revision', JSON.stringify(LIST_TOOLS), { 'MCP-Protocol-Version': '1999-01-01' }, 400, undefined],
  ] as const)('%s', async (_case, body, headers, status, code) => {
    const answer = await postMessage(server, alice.accessToken, body, headers)
    expect(answer.status, answer.text).toBe(status)
    if (code !== undefined) expect(answer.json).toMatchObject({ jsonrpc: '2.0', error: { code } })
    expect(answer.json).toMatchObject({ jsonrpc: '2.0', error: { message: expect.any(String) } })
    expect(answer.text).not.toMatch(/\bat .+:\d+:\d+|node_modules/)
  })

  it('an oversized body is refused before it reaches the function', async () => {
    const huge = { ...LIST_TOOLS, params: { cursor: 'x'.repeat(11 * 1024 * 1024) } }
    const answer = await postMessage(server, alice.accessToken, huge)
    expect(answer.status).toBe(413)
  })

  it('an unknown tool and a wrong input do not end the connection', async () => {
    const call = (name: string, input: unknown) =>
      postMessage(server, alice.accessToken, {
        jsonrpc: '2.0',
        id: 2,
        method: 'tools/call',
        params: { name, arguments: input },
      })
    for (const answer of [
      await call('no_such_tool', {}),
      await call('create_event', { title: 5 }),
      await call('__proto__', {}),
      await call('create_event', { title: 'x', start: 'yesterday', end: 'tomorrow' }),
    ]) {
      expect(answer.status, answer.text).toBeLessThan(500)
      expect(answer.text).toMatch(/"isError":true|"error":/)
      expect(answer.text).not.toMatch(/\bat .+:\d+:\d+|node_modules/)
    }
  })

  it('has no other routes', async () => {
    const answer = await send(new URL('nothing-here', server), {
      headers: { Authorization: `Bearer ${alice.accessToken}` },
    })
    expect(answer.status).toBe(404)
  })
})

it('nothing is lost by all this: the genuine token still works', async () => {
  expect((await postMessage(server, alice.accessToken, LIST_TOOLS)).status).toBe(200)
  expect((await alice.refresh(alice.refreshToken)).status).toBe(200)
})

it('no secret that passed through is in any log', async () => {
  await factory.stop()
  await expectNoSecretInLogs(factory.logsDirectory)
})
