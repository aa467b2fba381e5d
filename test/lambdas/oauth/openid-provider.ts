import { createHash, randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose'
import { type Failure, SLOW } from '../../support/faulty-front.ts'

/** What the provider says of the person that signs in next. */
export type Claims = Readonly<Record<string, unknown>>

/** A small OpenID provider at a loopback address: discovery, code flow with PKCE and nonce, really signed ID tokens. */
export interface OpenIdProvider {
  readonly issuer: string
  /** Claims of the person that signs in next. */
  person: Claims
  /** What goes wrong on purpose. */
  fault:
    | 'none'
    | Exclude<Failure, 'lossy'>
    | 'foreign-key'
    | 'wrong-nonce'
    | 'wrong-audience'
    | 'expired'
    | 'cancelled'
    | 'alg-none'
  /** Parameters of the last authorization request. */
  lastRequest: URLSearchParams
  close(): Promise<void>
}

export async function startOpenIdProvider(clientId: string, clientSecret?: string): Promise<OpenIdProvider> {
  const keys = await generateKeyPair('RS256')
  const foreign = await generateKeyPair('RS256')
  const codes = new Map<string, { readonly request: URLSearchParams; readonly claims: Claims }>()

  const server = createServer((request, response) => {
    handle(request, response).catch((error) => {
      response.writeHead(500).end(String(error))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const provider: OpenIdProvider = {
    issuer,
    person: {},
    fault: 'none',
    lastRequest: new URLSearchParams(),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', issuer)
    if (provider.fault === 'down') return void response.writeHead(503).end()
    if (provider.fault === 'throttled') return send(response, 429, { error: 'rate_limit_exceeded' })
    if (provider.fault === 'slow') await sleep(SLOW)
    switch (url.pathname) {
      case '/.well-known/openid-configuration':
        return send(response, 200, {
          issuer,
          authorization_endpoint: `${issuer}/authorize`,
          token_endpoint: `${issuer}/token`,
          jwks_uri: `${issuer}/jwks`,
          response_types_supported: ['code'],
          subject_types_supported: ['public'],
          id_token_signing_alg_values_supported: ['RS256'],
        })
      case '/jwks':
        return send(response, 200, {
          keys: [{ ...(await exportJWK(keys.publicKey)), kid: 'one', alg: 'RS256', use: 'sig' }],
        })
      case '/authorize':
        return authorize(url.searchParams, response)
      case '/token':
        return token(request, response)
      default:
        return void response.writeHead(404).end()
    }
  }

  function authorize(request: URLSearchParams, response: ServerResponse): void {
    provider.lastRequest = request
    const back = new URL(request.get('redirect_uri') ?? '')
    back.searchParams.set('state', request.get('state') ?? '')
    if (provider.fault === 'cancelled') back.searchParams.set('error', 'access_denied')
    else {
      const code = randomUUID()
      codes.set(code, { request, claims: provider.person })
      back.searchParams.set('code', code)
    }
    response.writeHead(302, { Location: back.href }).end()
  }

  async function token(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const form = new URLSearchParams(Buffer.concat(chunks).toString())
    const [id, secret] = Buffer.from(request.headers.authorization?.slice('Basic '.length) ?? '', 'base64')
      .toString()
      .split(':')
      .map(decodeURIComponent)
    const authenticated = clientSecret ? id === clientId && secret === clientSecret : form.get('client_id') === clientId
    const found = codes.get(form.get('code') ?? '')
    codes.delete(form.get('code') ?? '')
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url')
    if (!authenticated) return send(response, 401, { error: 'invalid_client' })
    if (
      found?.request.get('code_challenge') !== challenge ||
      found.request.get('redirect_uri') !== form.get('redirect_uri')
    )
      return send(response, 400, { error: 'invalid_grant' })
    const nonce = provider.fault === 'wrong-nonce' ? 'another' : found.request.get('nonce')
    send(response, 200, {
      access_token: randomUUID(),
      token_type: 'Bearer',
      id_token: await idToken({ ...found.claims, nonce }),
    })
  }

  async function idToken(claims: JWTPayload): Promise<string> {
    const now = Math.floor(Date.now() / 1000) - (provider.fault === 'expired' ? 7200 : 0)
    const jwt = new SignJWT(claims)
      .setProtectedHeader({ alg: 'RS256', kid: 'one' })
      .setIssuer(issuer)
      .setAudience(provider.fault === 'wrong-audience' ? 'another' : clientId)
      .setIssuedAt(now)
      .setExpirationTime(now + 3600)
    const signed = await jwt.sign(provider.fault === 'foreign-key' ? foreign.privateKey : keys.privateKey)
    if (provider.fault !== 'alg-none') return signed
    const header = Buffer.from(JSON.stringify({ alg: 'none' })).toString('base64url')
    return `${header}.${signed.split('.')[1]}.`
  }

  return provider
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body))
}
