import { DatabaseSync } from 'node:sqlite'
import type { JSONWebKeySet } from 'jose'
import { fetchListener } from '../fetch-listener.ts'
import { pkcePair } from '../pkce.ts'
import { type HeldCode, ISSUER, LIFETIMES, REDIRECT_URI, RESOURCE, SCOPE, type TokenServer } from '../token-server.ts'
import { acceptsJwt } from '../verify-jwt.ts'

/** Names that the type checker does not follow: the peers are installed only where they are measured. */
const PACKAGES: readonly string[] = [
  'better-auth',
  'better-auth/plugins',
  '@better-auth/oauth-provider',
  'better-auth/db/migration',
]
const SCOPES = ['openid', 'offline_access', SCOPE]
const PATH = '/api/auth'

type Make = (options: object) => object

interface BetterAuth {
  handler(request: Request): Promise<Response>
}

/** better-auth with its OAuth provider, JWT access tokens signed ES256, and SQLite in memory. */
export async function start(): Promise<TokenServer> {
  const modules = await Promise.all(PACKAGES.map((name) => import(name)))
  const { betterAuth, jwt, oauthProvider, getMigrations } = Object.assign({}, ...modules) as {
    betterAuth: (options: object) => BetterAuth
    jwt: Make
    oauthProvider: Make
    getMigrations: (options: object) => Promise<{ runMigrations(): Promise<void> }>
  }
  const options = {
    baseURL: ISSUER,
    secret: 'x'.repeat(40),
    database: new DatabaseSync(':memory:'),
    emailAndPassword: { enabled: true },
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    disabledPaths: ['/token'],
    logger: { level: 'error' },
    trustedOrigins: [ISSUER],
    plugins: [
      jwt({ jwks: { keyPairConfig: { alg: 'ES256' } } }),
      oauthProvider({
        loginPage: '/login',
        consentPage: '/consent',
        scopes: SCOPES,
        accessTokenExpiresIn: LIFETIMES.accessToken,
        allowDynamicClientRegistration: true,
        allowUnauthenticatedClientRegistration: true,
        clientRegistrationDefaultResources: [RESOURCE],
        resources: [{ identifier: RESOURCE, name: 'mcp', allowedScopes: SCOPES }],
        silenceWarnings: { oauthAuthServerConfig: true, openidConfig: true },
      }),
    ],
  }
  await (await getMigrations(options)).runMigrations()
  const auth = betterAuth(options)
  const post = (path: string, body: object, headers: Readonly<Record<string, string>> = {}) =>
    auth.handler(
      new Request(`${ISSUER}${PATH}${path}`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', Origin: ISSUER, ...headers },
        body: JSON.stringify(body),
      }),
    )
  const person = { email: 'person@example.com', password: 'not-a-secret-but-long', name: 'A Person' }
  const signedUp = await post('/sign-up/email', person)
  const cookie = signedUp.headers
    .getSetCookie()
    .map((each) => each.split(';')[0])
    .join('; ')
  const registered = await post('/oauth2/register', {
    client_name: 'Bench',
    application_type: 'native',
    redirect_uris: [REDIRECT_URI],
    token_endpoint_auth_method: 'none',
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    scope: SCOPES.join(' '),
  })
  const { client_id: clientId } = (await registered.json()) as { client_id: string }
  const keys = (await (await auth.handler(new Request(`${ISSUER}${PATH}/jwks`))).json()) as JSONWebKeySet

  async function issueCode(): Promise<HeldCode> {
    const { verifier, challenge } = pkcePair()
    const query = new URLSearchParams({
      response_type: 'code',
      client_id: clientId,
      redirect_uri: REDIRECT_URI,
      scope: SCOPES.join(' '),
      code_challenge: challenge,
      code_challenge_method: 'S256',
      state: 'state',
      resource: RESOURCE,
    })
    const asked = await auth.handler(
      new Request(`${ISSUER}${PATH}/oauth2/authorize?${query}`, { headers: { Cookie: cookie } }),
    )
    let location = asked.headers.get('location') ?? ''
    if (location.includes('/consent')) {
      const consent = { accept: true, oauth_query: location.split('?')[1] }
      const answer = await post('/oauth2/consent', consent, { Cookie: cookie })
      const { url, redirect_uri: uri } = (await answer.json()) as { url?: string; redirect_uri?: string }
      location = url ?? uri ?? ''
    }
    const code = new URL(location, ISSUER).searchParams.get('code')
    if (code === null) throw new Error(`better-auth issued no code: ${asked.status} ${location}`)
    return { clientId, code, verifier }
  }

  return {
    listener: fetchListener((request) => auth.handler(request)),
    tokenPath: `${PATH}/oauth2/token`,
    accepts: (accessToken) => acceptsJwt(accessToken, keys, ISSUER + PATH),
    async issueCodes(count) {
      const codes: HeldCode[] = []
      while (codes.length < count) codes.push(await issueCode())
      return codes
    },
  }
}
