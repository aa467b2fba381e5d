import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { requireBearerAuth } from '@modelcontextprotocol/sdk/server/auth/middleware/bearerAuth.js'
import { JwtVerifier } from 'aws-jwt-verify'
import { createLocalJWKSet, jwtVerify } from 'jose'
import { CLAIMS, GATE, HEADER, publicJwk, signToken } from '../../test/lambdas/authorizer/fixtures.ts'
import { isInstalled } from '../installed.ts'
import { redeem } from '../tokens/client.ts'
import type { TokenServerModule } from '../tokens/token-server.ts'
import type { Candidate } from './processor-time.ts'

/** In bench/package.json. */
const BETTER_AUTH: string = '@better-auth/mcp'
const INSTALLED = [BETTER_AUTH, '@cloudflare/workers-oauth-provider', 'oidc-provider']

/**
 * What else checks an access token at each call: as a library does, with its keys at hand. Each has accepted its token and
 * refused a forged one before it is measured.
 * @throws Error where one does not, or is not installed
 */
export async function verificationPeers(): Promise<Readonly<Record<string, Candidate>>> {
  const missing = INSTALLED.filter((name) => !isInstalled(name))
  if (missing.length > 0) throw new Error(`not installed: ${missing.join(', ')}. Run npm --prefix bench ci`)
  const now = Math.floor(Date.now() / 1000)
  const token = signToken({ ...CLAIMS, iat: now, exp: now + 86_400 })
  const workers = await issuing('workers-oauth-provider.ts')
  const oidcProvider = await issuing('oidc-provider.ts', 'opaque')
  const peers: readonly (readonly [name: string, accepts: (token: string) => Promise<boolean>, token: string])[] = [
    ['jose, as beside oidc-provider', joseAccepts(), token],
    ['better-auth, its MCP request handler', await betterAuthAccepts(token), token],
    ['aws-jwt-verify', awsJwtVerifyAccepts(), token],
    ['SDK v1 requireBearerAuth, tokens in a Map', requireBearerAuthAccepts(token), token],
    ['workers-oauth-provider, tokens in a Map', workers.accepts, workers.token],
    ['oidc-provider, opaque tokens in a Map', oidcProvider.accepts, oidcProvider.token],
  ]
  for (const [name, accepts, good] of peers)
    if (!(await accepts(good)) || (await accepts(forged(good)))) throw new Error(`${name} judges its token wrongly`)
  return Object.fromEntries(peers.map(([name, accepts, good]) => [name, () => accepts(good)]))
}

const KEYS = { keys: [{ ...publicJwk(), kid: HEADER.kid, alg: 'ES256', use: 'sig' }] }

function joseAccepts() {
  const keys = createLocalJWKSet(KEYS as Parameters<typeof createLocalJWKSet>[0])
  const options = { issuer: GATE.issuer, audience: GATE.audience, typ: 'at+jwt', algorithms: ['ES256'] }
  return (token: string) => accepted(jwtVerify(token, keys, options))
}

function awsJwtVerifyAccepts() {
  const verifier = JwtVerifier.create({ issuer: GATE.issuer, audience: GATE.audience, jwksUri: `${GATE.issuer}/jwks` })
  verifier.cacheJwks(KEYS as Parameters<typeof verifier.cacheJwks>[0])
  return (token: string) => accepted(verifier.verify(token))
}

/** The least: no signature, nothing but a look-up. */
function requireBearerAuthAccepts(known: string) {
  const issued = new Map([[known, { token: known, clientId: 'client', scopes: [], expiresAt: 4_102_444_800 }]])
  const verifyAccessToken = async (token: string) => {
    const found = issued.get(token)
    if (found === undefined) throw new Error('unknown')
    return found
  }
  const middleware = requireBearerAuth({ verifier: { verifyAccessToken } })
  return (token: string) =>
    new Promise<boolean>((resolve) => {
      const response = { set: () => response, status: () => response, json: () => resolve(false) }
      const request = { headers: { authorization: `Bearer ${token}` } }
      middleware(request as never, response as never, () => resolve(true))
    })
}

interface BetterAuth {
  readonly createMcpProtectedRequestHandler: (
    options: { readonly issuer: string; readonly audience: string; readonly jwksUrl: string },
    handler: () => Response,
  ) => (request: Request) => Promise<Response>
}

/**
 * As its documentation has it for a server apart from the authorization server. It fetches the keys once and keeps them
 * for five minutes, so that none is fetched again while it is measured.
 * @param token one that is good, with which it fetches them
 */
async function betterAuthAccepts(token: string) {
  const { createMcpProtectedRequestHandler } = (await import(BETTER_AUTH)) as BetterAuth
  const jwks = await listening((_request, response) => {
    response.setHeader('content-type', 'application/json').end(JSON.stringify(KEYS))
  })
  const options = { issuer: GATE.issuer, audience: GATE.audience, jwksUrl: `${jwks.origin}/jwks` }
  const handle = createMcpProtectedRequestHandler(options, () => new Response())
  const accepts = async (each: string) => {
    const headers = { Authorization: `Bearer ${each}` }
    return (await handle(new Request(GATE.audience, { method: 'POST', headers }))).ok
  }
  await accepts(token)
  jwks.close()
  return accepts
}

/** A product of the token bench, with a token that it issued itself. */
async function issuing(module: string, variant?: string) {
  const { start } = (await import(`../tokens/servers/${module}`)) as TokenServerModule
  const server = await start(variant)
  const { origin, close } = await listening(server.listener)
  try {
    const [code] = await server.issueCodes(1)
    if (code === undefined) throw new Error(`${module} issues no code`)
    const { accessToken } = await redeem(new URL(server.tokenPath, origin), code)
    return { token: accessToken, accepts: server.accepts }
  } finally {
    close()
  }
}

async function listening(listener: RequestListener): Promise<{ readonly origin: string; close(): void }> {
  const http = createServer(listener).listen(0, '127.0.0.1')
  await once(http, 'listening')
  return {
    origin: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    close() {
      http.close()
      http.closeAllConnections()
    },
  }
}

async function accepted(verification: Promise<unknown>): Promise<boolean> {
  return verification.then(
    () => true,
    () => false,
  )
}

/** Another last character but one: the last may have bits that mean nothing. */
function forged(token: string): string {
  return `${token.slice(0, -2)}${token.at(-2) === 'A' ? 'B' : 'A'}${token.at(-1)}`
}
