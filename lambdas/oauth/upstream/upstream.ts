import { claimAt } from '../../../model/rules/claims.ts'
import { cached } from '../../store/cached.ts'
import { randomSecret, sha256 } from '../../tokens/secrets.ts'
import type { UpstreamAttempt } from '../flow/flow.ts'
import { codeOf, exchangeCode, readUserinfo, type UpstreamCredentials } from './code-exchange.ts'
import { idTokenVerifier } from './id-token.ts'
import { discoverProvider, isProtected } from './provider.ts'

/** The identity provider that people sign in at: Cognito, or a provider directly. */
export interface Upstream {
  /**
   * Prepares a sign-in.
   * @throws UpstreamUnavailable
   */
  begin(flowId: string, loginHint: string | undefined): Promise<UpstreamAttempt>
  /**
   * Exchanges the provider's answer for what it says of the person: the claims of the verified ID token and, where one
   * that is needed is not among them, those of its userinfo endpoint.
   * @param query of the callback, as it was sent; its state has been matched
   * @param needed names of claims
   * @throws UpstreamRefused where the provider or a check says no
   * @throws UpstreamUnavailable where it does not answer
   */
  finish(
    query: string,
    attempt: UpstreamAttempt,
    needed?: readonly string[],
  ): Promise<Readonly<Record<string, unknown>>>
  /**
   * Where Cognito ends its own session of a browser and sends it on; undefined where no Cognito stands between: another
   * provider's session is not ours to end.
   * @param returnTo a sign-out URL of the user pool's client
   * @throws UpstreamUnavailable
   */
  signOutUrl(returnTo: string): Promise<string | undefined>
  /** Cognito’s name of the federated provider, where there is one. */
  readonly identityProvider: string | undefined
  /** Whether the provider answers now, uncached. @throws UpstreamUnavailable */
  probe(): Promise<void>
}

export interface UpstreamSettings {
  readonly issuer: string
  readonly redirectUri: string
  /** Space-separated; absent: what a sign-in needs at any provider. */
  readonly scope?: string | undefined
  /** Cognito's name of the federated provider. */
  readonly identityProvider?: string | undefined
  /** Read when first needed. @throws UpstreamUnavailable */
  readonly credentials: () => Promise<UpstreamCredentials>
  /** Seconds since the epoch. */
  readonly now: () => number
}

/** Seconds. */
const CONFIGURATION_LIFETIME = 3600

/** @throws TypeError for an issuer that is neither https nor at a loopback address */
export function openUpstream(settings: UpstreamSettings): Upstream {
  const { issuer, redirectUri, scope = 'openid email profile', identityProvider, now } = settings
  if (!isProtected(issuer, issuer)) throw new TypeError(`the upstream issuer ${issuer} must be https`)
  const configure = async () => {
    const [provider, credentials] = await Promise.all([discoverProvider(issuer), settings.credentials()])
    return { provider, credentials }
  }
  const configuration = cached(configure, CONFIGURATION_LIFETIME, now)
  const verify = idTokenVerifier()

  return {
    identityProvider,

    async begin(flowId, loginHint) {
      const { provider, credentials } = await configuration()
      const attempt = { state: `${flowId}.${randomSecret()}`, nonce: randomSecret(), codeVerifier: randomSecret() }
      const url = new URL(provider.authorization_endpoint)
      const parameters = {
        response_type: 'code',
        client_id: credentials.clientId,
        redirect_uri: redirectUri,
        scope,
        code_challenge: sha256(attempt.codeVerifier),
        code_challenge_method: 'S256',
        state: attempt.state,
        nonce: attempt.nonce,
        prompt: 'select_account',
        ...(loginHint !== undefined && { login_hint: loginHint }),
        ...(identityProvider !== undefined && { identity_provider: identityProvider }),
      }
      for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value)
      return { ...attempt, url: url.href }
    },

    async finish(query, attempt, needed = []) {
      const { provider, credentials } = await configuration()
      const { codeVerifier, nonce } = attempt
      const code = codeOf(query, provider)
      const tokens = await exchangeCode(provider, credentials, { code, redirectUri, codeVerifier })
      const claims = await verify(tokens.id_token, provider, credentials.clientId, nonce)
      const { userinfo_endpoint: userinfo } = provider
      if (userinfo === undefined || needed.every((name) => claimAt(claims, name) !== undefined)) return claims
      return { ...(await readUserinfo(userinfo, tokens.access_token, claims.sub)), ...claims }
    },

    async signOutUrl(returnTo) {
      if (identityProvider === undefined) return undefined
      const { provider, credentials } = await configuration()
      // Cognito's metadata do not name it; it is at the sign-in domain, as the authorization endpoint is.
      const url = new URL('/logout', provider.authorization_endpoint)
      url.search = new URLSearchParams({ client_id: credentials.clientId, logout_uri: returnTo }).toString()
      return url.href
    },

    async probe() {
      await configure()
    },
  }
}
