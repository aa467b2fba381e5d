import { randomUUID } from 'node:crypto'
import type { RequestListener } from 'node:http'
import { exportJWK, generateKeyPair } from 'jose'
import { pkcePair } from '../pkce.ts'
import { ISSUER, LIFETIMES, REDIRECT_URI, RESOURCE, SCOPE, type TokenServer } from '../token-server.ts'
import { acceptsJwt } from '../verify-jwt.ts'

/** A name that the type checker does not follow: the peers are installed only where they are measured. */
const PACKAGE: string = 'oidc-provider'
const CLIENT_ID = 'bench-client'

type Properties = Readonly<Record<string, unknown>>

interface Provider {
  callback(): RequestListener
  readonly Client: { find(id: string): Promise<object> }
  readonly Grant: new (
    properties: Properties,
  ) => {
    addResourceScope(resource: string, scope: string): void
    addOIDCScope(scope: string): void
    save(): Promise<string>
  }
  readonly AuthorizationCode: new (properties: Properties) => { save(): Promise<string> }
  readonly AccessToken: { find(token: string): Promise<AccessToken | undefined> }
}

interface AccessToken {
  readonly isValid: boolean
  readonly aud: string
  readonly scopes: ReadonlySet<string>
}

/**
 * oidc-provider with JWT access tokens signed ES256 and rotating refresh tokens.
 * @param variant `no-id-token`: clients leave out the scope `openid`, so that it signs one token as we do, not two;
 * `opaque`: access tokens are looked up, in the provider's own process
 */
export async function start(variant?: string): Promise<TokenServer> {
  const openid = variant === 'no-id-token' ? [] : ['openid']
  const { Provider } = (await import(PACKAGE)) as { Provider: new (issuer: string, options: object) => Provider }
  const { privateKey } = await generateKeyPair('ES256', { extractable: true })
  const jwk = { ...(await exportJWK(privateKey)), use: 'sig', alg: 'ES256', kid: 'bench' }
  const { d: _, ...publicJwk } = jwk
  const provider = new Provider(ISSUER, {
    adapter: MemoryAdapter,
    jwks: { keys: [jwk] },
    cookies: { keys: ['bench'] },
    scopes: [...openid, SCOPE],
    clients: [
      {
        client_id: CLIENT_ID,
        token_endpoint_auth_method: 'none',
        redirect_uris: [REDIRECT_URI],
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
        application_type: 'native',
        id_token_signed_response_alg: 'ES256',
      },
    ],
    findAccount: async (_context: unknown, accountId: string) => ({
      accountId,
      claims: async () => ({ sub: accountId }),
    }),
    issueRefreshToken: async () => true,
    rotateRefreshToken: true,
    ttl: {
      AccessToken: LIFETIMES.accessToken,
      IdToken: LIFETIMES.accessToken,
      RefreshToken: LIFETIMES.refresh,
      Grant: LIFETIMES.refresh,
      AuthorizationCode: 60,
    },
    features: {
      devInteractions: { enabled: false },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => RESOURCE,
        useGrantedResource: () => true,
        getResourceServerInfo: () => ({
          scope: SCOPE,
          audience: RESOURCE,
          accessTokenFormat: variant === 'opaque' ? 'opaque' : 'jwt',
          jwt: { sign: { alg: 'ES256' } },
        }),
      },
    },
  })
  const client = await provider.Client.find(CLIENT_ID)
  const acceptsOpaque = async (accessToken: string) => {
    const found = await provider.AccessToken.find(accessToken)
    return found?.isValid === true && found.aud === RESOURCE && found.scopes.has(SCOPE)
  }
  return {
    listener: provider.callback(),
    tokenPath: '/token',
    accepts:
      variant === 'opaque'
        ? acceptsOpaque
        : (accessToken) => acceptsJwt(accessToken, { keys: [publicJwk as { kty: string }] }),
    issueCodes: (count) =>
      Promise.all(
        Array.from({ length: count }, async () => {
          const accountId = randomUUID()
          const grant = new provider.Grant({ accountId, clientId: CLIENT_ID })
          grant.addResourceScope(RESOURCE, SCOPE)
          for (const scope of openid) grant.addOIDCScope(scope)
          const { verifier, challenge } = pkcePair()
          const code = new provider.AuthorizationCode({
            accountId,
            client,
            grantId: await grant.save(),
            scope: [...openid, SCOPE].join(' '),
            resource: RESOURCE,
            redirectUri: REDIRECT_URI,
            codeChallenge: challenge,
            codeChallengeMethod: 'S256',
          })
          return { clientId: CLIENT_ID, code: await code.save(), verifier }
        }),
      ),
  }
}

/** Everything is kept: the adapter that comes with it forgets what is beyond a thousand items. */
class MemoryAdapter {
  static readonly #items = new Map<string, Record<string, unknown>>()
  readonly #model: string

  constructor(model: string) {
    this.#model = model
  }

  async upsert(id: string, payload: Record<string, unknown>): Promise<void> {
    MemoryAdapter.#items.set(this.#key(id), payload)
  }

  async find(id: string): Promise<Record<string, unknown> | undefined> {
    return MemoryAdapter.#items.get(this.#key(id))
  }

  async consume(id: string): Promise<void> {
    const item = MemoryAdapter.#items.get(this.#key(id))
    if (item) item.consumed = Math.floor(Date.now() / 1000)
  }

  async destroy(id: string): Promise<void> {
    MemoryAdapter.#items.delete(this.#key(id))
  }

  async revokeByGrantId(grantId: string): Promise<void> {
    for (const [key, item] of MemoryAdapter.#items) if (item.grantId === grantId) MemoryAdapter.#items.delete(key)
  }

  #key(id: string): string {
    return `${this.#model}:${id}`
  }
}
