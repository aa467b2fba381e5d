import { randomUUID } from 'node:crypto'
import { registerHooks } from 'node:module'
import { fetchListener } from '../fetch-listener.ts'
import { pkcePair } from '../pkce.ts'
import { ISSUER, LIFETIMES, REDIRECT_URI, RESOURCE, SCOPE, type TokenServer } from '../token-server.ts'

/** A name that the type checker does not follow: the peers are installed only where they are measured. */
const PACKAGE: string = '@cloudflare/workers-oauth-provider'
const PATHS = { authorize: '/authorize', token: '/token', register: '/register' } as const

type Handler = (request: Request, env: Environment) => Promise<Response>

interface Environment {
  readonly OAUTH_KV: MemoryKv
  /** Added by the provider. */
  readonly OAUTH_PROVIDER?: {
    parseAuthRequest(request: Request): Promise<{ readonly scope: string[] }>
    completeAuthorization(options: object): Promise<{ readonly redirectTo: string }>
  }
}

interface Provider {
  fetch(request: Request, env: Environment, context: object): Promise<Response>
}

/** Cloudflare's workers-oauth-provider in Node, its KV store a Map. Its access tokens are opaque and looked up. */
export async function start(): Promise<TokenServer> {
  standInForWorkers()
  const { OAuthProvider } = (await import(PACKAGE)) as { OAuthProvider: new (options: object) => Provider }
  const apiHandler: Handler = async () => Response.json({ ok: true })
  const authorize: Handler = async (request, { OAUTH_PROVIDER: oauth }) => {
    if (oauth === undefined) throw new TypeError('the provider adds its helpers')
    const asked = await oauth.parseAuthRequest(request)
    const { redirectTo } = await oauth.completeAuthorization({
      request: asked,
      userId: randomUUID(),
      metadata: {},
      scope: asked.scope,
      props: { email: 'person@example.com', name: 'A Person', tenant: 'example' },
    })
    return Response.redirect(redirectTo)
  }
  const provider = new OAuthProvider({
    apiRoute: new URL(RESOURCE).pathname,
    apiHandler: { fetch: apiHandler },
    defaultHandler: { fetch: authorize },
    authorizeEndpoint: PATHS.authorize,
    tokenEndpoint: PATHS.token,
    clientRegistrationEndpoint: PATHS.register,
    scopesSupported: [SCOPE],
    accessTokenTTL: LIFETIMES.accessToken,
    refreshTokenTTL: LIFETIMES.refresh,
    resourceMetadata: { resource: RESOURCE, authorization_servers: [ISSUER] },
    onError: () => undefined,
  })
  const env: Environment = { OAUTH_KV: new MemoryKv() }
  const context = { waitUntil: () => undefined, passThroughOnException: () => undefined, props: {} }
  const handle = (request: Request) => provider.fetch(request, env, context)
  const clientId = await register(handle)
  return {
    listener: fetchListener(handle),
    tokenPath: PATHS.token,
    async accepts(accessToken) {
      const headers = { Authorization: `Bearer ${accessToken}` }
      return (await handle(new Request(RESOURCE, { method: 'POST', headers }))).status === 200
    },
    issueCodes: (count) => Promise.all(Array.from({ length: count }, () => issueCode(handle, clientId))),
  }
}

async function register(handle: (request: Request) => Promise<Response>): Promise<string> {
  const answer = await handle(
    new Request(ISSUER + PATHS.register, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({
        client_name: 'Bench',
        redirect_uris: [REDIRECT_URI],
        token_endpoint_auth_method: 'none',
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
      }),
    }),
  )
  return ((await answer.json()) as { client_id: string }).client_id
}

async function issueCode(handle: (request: Request) => Promise<Response>, clientId: string) {
  const { verifier, challenge } = pkcePair()
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: clientId,
    redirect_uri: REDIRECT_URI,
    code_challenge: challenge,
    code_challenge_method: 'S256',
    scope: SCOPE,
    state: 'state',
    resource: RESOURCE,
  })
  const { headers } = await handle(new Request(`${ISSUER}${PATHS.authorize}?${query}`))
  const code = new URL(headers.get('location') ?? ISSUER).searchParams.get('code')
  if (code === null) throw new Error('workers-oauth-provider issued no code')
  return { clientId, code, verifier }
}

/** What it wants of the Workers runtime. Without the flag it warns that it fetches no client metadata documents. */
function standInForWorkers(): void {
  Object.assign(globalThis, { Cloudflare: { compatibilityFlags: { global_fetch_strictly_public: true } } })
  const source = `export class WorkerEntrypoint { constructor(ctx, env) { this.ctx = ctx; this.env = env } }
    export const env = {}, exports = {}`
  const url = `data:text/javascript,${encodeURIComponent(source)}`
  registerHooks({
    resolve: (specifier, context, next) =>
      specifier === 'cloudflare:workers' ? { url, format: 'module', shortCircuit: true } : next(specifier, context),
  })
}

interface PutOptions {
  /** Seconds. */
  readonly expirationTtl?: number
  /** Seconds since the epoch. */
  readonly expiration?: number
  readonly metadata?: unknown
}

/** Workers KV, as far as the provider asks it. */
class MemoryKv {
  readonly #items = new Map<string, { readonly value: string; readonly end: number; readonly metadata: unknown }>()

  async put(key: string, value: string, { expirationTtl, expiration, metadata }: PutOptions = {}): Promise<void> {
    const end = expirationTtl === undefined ? (expiration ?? Infinity) * 1000 : Date.now() + expirationTtl * 1000
    this.#items.set(key, { value, end, metadata })
  }

  async get(key: string, options?: 'json' | { readonly type?: string }): Promise<unknown> {
    const item = this.#items.get(key)
    if (item === undefined || item.end <= Date.now()) return null
    const json = options === 'json' || (typeof options === 'object' && options.type === 'json')
    return json ? JSON.parse(item.value) : item.value
  }

  async getWithMetadata(key: string, options?: { readonly type?: string }) {
    return { value: await this.get(key, options), metadata: this.#items.get(key)?.metadata ?? null }
  }

  async delete(key: string): Promise<void> {
    this.#items.delete(key)
  }

  async list({ prefix = '', limit = 1000 }: { readonly prefix?: string; readonly limit?: number } = {}) {
    const keys: { readonly name: string; readonly metadata: unknown }[] = []
    for (const [name, { metadata }] of this.#items) {
      if (name.startsWith(prefix)) keys.push({ name, metadata })
      if (keys.length >= limit) break
    }
    return { keys, list_complete: true }
  }
}
