import { FetchError, JwtBaseError } from 'aws-jwt-verify/error'
import { SimpleJwksCache } from 'aws-jwt-verify/jwk'
import { decomposeUnverifiedJwt } from 'aws-jwt-verify/jwt'
import { JwtVerifier } from 'aws-jwt-verify/jwt-verifier'
import { TENANT_PLACEHOLDER } from '../../../model/shared-issuer.ts'
import { equalSecrets } from '../../tokens/secrets.ts'
import { askProvider } from './ask-provider.ts'
import type { Provider } from './provider.ts'
import { UpstreamRefused, UpstreamUnavailable } from './upstream-errors.ts'

/** Seconds that the provider's clock may differ from ours. */
const CLOCK_TOLERANCE = 30

/** The claims of an ID token that has been verified. */
export type IdTokenClaims = Readonly<Record<string, unknown>> & { readonly sub: string }

/**
 * Verifies ID tokens (OpenID Connect Core §3.1.3.7): the signature with the provider's published keys, which are cached,
 * issuer, audience, authorized party, life and nonce.
 * @returns a function that throws UpstreamRefused for a token that fails, UpstreamUnavailable where the keys cannot be
 *   read
 */
export function idTokenVerifier() {
  const jwksCache = new SimpleJwksCache({
    fetcher: {
      // The library's own speaks https alone, and a provider at a loopback address is plain http.
      async fetch(uri) {
        const { status, json } = await askProvider(uri)
        if (status !== 200) throw new FetchError(uri, `status ${status}`)
        return new TextEncoder().encode(JSON.stringify(json ?? null)).buffer
      },
    },
  })

  return async (idToken: string, provider: Provider, clientId: string, nonce: string): Promise<IdTokenClaims> => {
    try {
      const { header, payload } = decomposeUnverifiedJwt(idToken)
      // RFC 7515 §4.1.11: what must be understood is not.
      if ('crit' in header) throw refused('the ID token has critical header parameters')
      const issuer = issuerOf(provider, payload.tid)
      const expected = { issuer, audience: clientId, jwksUri: provider.jwks_uri, graceSeconds: CLOCK_TOLERANCE }
      const claims = await JwtVerifier.create(expected, { jwksCache }).verify(idToken)
      const wrong = wrongClaim(claims, clientId, nonce)
      if (wrong !== undefined) throw refused(`the ID token’s ${wrong} is not what it must be`)
      return claims as IdTokenClaims
    } catch (cause) {
      if (cause instanceof UpstreamRefused || cause instanceof UpstreamUnavailable) throw cause
      if (cause instanceof JwtBaseError && !(cause instanceof FetchError))
        throw refused('the ID token failed a check', cause)
      throw new UpstreamUnavailable('the identity provider’s keys cannot be read', { cause })
    }
  }
}

/** What the library does not look at, or only where it is there. */
function wrongClaim(claims: Readonly<Record<string, unknown>>, clientId: string, nonce: string): string | undefined {
  const { sub, aud, azp, iat, exp } = claims
  if (typeof sub !== 'string' || sub === '') return 'sub'
  if (typeof iat !== 'number') return 'iat'
  if (typeof exp !== 'number') return 'exp'
  if (typeof claims.nonce !== 'string' || !equalSecrets(claims.nonce, nonce)) return 'nonce'
  const several = Array.isArray(aud) && aud.length > 1
  return (several || azp !== undefined) && azp !== clientId ? 'azp' : undefined
}

/** Of a shared issuer each directory's tokens name their own; which directories count is the connection's to say. */
function issuerOf({ issuer }: Provider, tenant: unknown): string {
  if (!issuer.includes(TENANT_PLACEHOLDER)) return issuer
  if (typeof tenant !== 'string' || !/^[0-9a-f-]{36}$/.test(tenant)) throw refused('the ID token names no directory')
  return issuer.replace(TENANT_PLACEHOLDER, tenant)
}

function refused(message: string, cause?: unknown): UpstreamRefused {
  return new UpstreamRefused('invalid_id_token', message, { cause })
}
