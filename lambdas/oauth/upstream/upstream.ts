import * as client from 'openid-client'
import { LOOPBACK_HOSTS } from '../../../model/loopback-hosts.ts'
import { cached } from '../../store/cached.ts'
import { randomSecret } from '../../tokens/secrets.ts'
import type { UpstreamAttempt } from '../flow/flow.ts'
import { idTokenVerifier } from './id-token.ts'
import { UpstreamRefused, UpstreamUnavailable } from './upstream-errors.ts'

/** The identity provider that people sign in at: Cognito, or a provider directly. */
export interface Upstream {
  /**
   * Prepares a sign-in.
   * @throws UpstreamUnavailable
   */
  begin(flowId: string, loginHint: string | undefined): Promise<UpstreamAttempt>
  /**
   * Exchanges the provider's answer for a verified ID token's claims.
   * @param query of the callback, as it was sent
   * @throws UpstreamRefused where the provider or a check says no
   * @throws UpstreamUnavailable where it does not answer
   */
  finish(query: string, attempt: UpstreamAttempt): Promise<Readonly<Record<string, unknown>>>
  /** Cognito’s name of the federated provider, where there is one. */
  readonly identityProvider: string | undefined
  /** Whether the provider answers now, uncached. @throws UpstreamUnavailable */
  probe(): Promise<void>
}

export interface UpstreamSettings {
  readonly issuer: string
  readonly redirectUri: string
  /** Cognito's name of the federated provider. */
  readonly identityProvider?: string | undefined
  /** Read when first needed; absent `clientSecret` means a public client. */
  readonly credentials: () => Promise<{ readonly clientId: string; readonly clientSecret?: string | undefined }>
  /** Seconds since the epoch. */
  readonly now: () => number
}

/** Seconds. */
const TIMEOUT = 5
const CONFIGURATION_LIFETIME = 3600

/** @throws TypeError for an issuer that is neither https nor at a loopback address */
export function openUpstream(settings: UpstreamSettings): Upstream {
  const plain = isPlainLoopback(settings.issuer)
  const discover = () =>
    available(async () => {
      const { clientId, clientSecret } = await settings.credentials()
      const found = await client.discovery(new URL(settings.issuer), clientId, undefined, client.None(), {
        timeout: TIMEOUT,
        execute: plain ? [client.allowInsecureRequests] : [],
      })
      if (clientSecret === undefined) return found
      const confidential = new client.Configuration(
        found.serverMetadata(),
        clientId,
        undefined,
        authentication(found.serverMetadata().token_endpoint_auth_methods_supported, clientSecret),
      )
      confidential.timeout = TIMEOUT
      if (plain) client.allowInsecureRequests(confidential)
      return confidential
    })
  const configuration = cached(discover, CONFIGURATION_LIFETIME, settings.now)
  const verify = idTokenVerifier(TIMEOUT)

  return {
    identityProvider: settings.identityProvider,

    async begin(flowId, loginHint) {
      const provider = await configuration()
      const state = `${flowId}.${randomSecret()}`
      const nonce = client.randomNonce()
      const codeVerifier = client.randomPKCECodeVerifier()
      const url = client.buildAuthorizationUrl(provider, {
        redirect_uri: settings.redirectUri,
        scope: 'openid email profile',
        code_challenge: await client.calculatePKCECodeChallenge(codeVerifier),
        code_challenge_method: 'S256',
        state,
        nonce,
        prompt: 'select_account',
        ...(loginHint !== undefined && { login_hint: loginHint }),
        ...(settings.identityProvider !== undefined && { identity_provider: settings.identityProvider }),
      })
      return { state, nonce, codeVerifier, url: url.href }
    },

    async finish(query, attempt) {
      const provider = await configuration()
      return available(async () => {
        const tokens = await client.authorizationCodeGrant(provider, new URL(`${settings.redirectUri}?${query}`), {
          expectedState: attempt.state,
          expectedNonce: attempt.nonce,
          pkceCodeVerifier: attempt.codeVerifier,
          idTokenExpected: true,
        })
        return verify(tokens.id_token ?? '', provider.serverMetadata(), provider.clientMetadata().client_id)
      })
    },

    async probe() {
      await discover()
    },
  }
}

/** RFC 8414 §2: where the provider names no methods, `client_secret_basic`. */
function authentication(methods: readonly string[] | undefined, secret: string): client.ClientAuth {
  return (methods ?? ['client_secret_basic']).includes('client_secret_basic')
    ? client.ClientSecretBasic(secret)
    : client.ClientSecretPost(secret)
}

/** Plain http only where the provider is on this very machine. */
function isPlainLoopback(issuer: string): boolean {
  const { protocol, hostname } = new URL(issuer)
  if (protocol === 'https:') return false
  if (protocol === 'http:' && LOOPBACK_HOSTS.includes(hostname)) return true
  throw new TypeError(`the upstream issuer ${issuer} must be https`)
}

/** Tells a provider that says no from one that does not answer. */
async function available<Result>(call: () => Promise<Result>): Promise<Result> {
  try {
    return await call()
  } catch (cause) {
    if (cause instanceof UpstreamRefused || cause instanceof UpstreamUnavailable) throw cause
    if (cause instanceof client.AuthorizationResponseError)
      throw new UpstreamRefused(cause.error, 'the identity provider answered with an error', { cause })
    if (cause instanceof client.ResponseBodyError && cause.status < 500)
      throw new UpstreamRefused(cause.error, 'the identity provider refused the code', { cause })
    if (cause instanceof client.ClientError && CHECKS_FAILED.includes(cause.code ?? ''))
      throw new UpstreamRefused('invalid_response', 'the identity provider’s answer failed a check', { cause })
    throw new UpstreamUnavailable('the identity provider does not answer', { cause })
  }
}

/** oauth4webapi's codes for an answer that arrived whole and is wrong. */
const CHECKS_FAILED: readonly string[] = [
  'OAUTH_INVALID_RESPONSE',
  'OAUTH_JWT_CLAIM_COMPARISON_FAILED',
  'OAUTH_JWT_TIMESTAMP_CHECK_FAILED',
  'OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED',
  'OAUTH_PARSE_ERROR',
  'OAUTH_UNSUPPORTED_OPERATION',
]
