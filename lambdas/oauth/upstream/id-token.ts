import { JwtVerifier } from 'aws-jwt-verify'
import { FetchError, JwtBaseError } from 'aws-jwt-verify/error'
import { SimpleJwksCache } from 'aws-jwt-verify/jwk'
import { UpstreamRefused, UpstreamUnavailable } from './upstream-errors.ts'

/** Seconds that the provider's clock may differ from ours. */
const CLOCK_TOLERANCE = 30

/**
 * Verifies the ID token's signature with the provider's published keys, cached. openid-client may skip it in the code
 * flow (OpenID Connect Core §3.1.3.7, 6); here what the token endpoint says is believed only when it is signed.
 * @param timeout seconds, for fetching the keys
 */
export function idTokenVerifier(timeout: number) {
  // The library's own fetcher speaks https alone, and a provider at a loopback address is plain http.
  const jwksCache = new SimpleJwksCache({
    fetcher: {
      async fetch(uri) {
        const response = await fetch(uri, { signal: AbortSignal.timeout(timeout * 1000), redirect: 'error' })
        if (response.status !== 200) throw new FetchError(uri, `status ${response.status}`)
        return response.arrayBuffer()
      },
    },
  })

  return async (
    idToken: string,
    provider: { readonly issuer: string; readonly jwks_uri?: string | undefined },
    clientId: string,
  ): Promise<Readonly<Record<string, unknown>>> => {
    if (provider.jwks_uri === undefined) throw new UpstreamUnavailable('the identity provider publishes no keys')
    const verifier = JwtVerifier.create(
      { issuer: provider.issuer, audience: clientId, jwksUri: provider.jwks_uri, graceSeconds: CLOCK_TOLERANCE },
      { jwksCache },
    )
    try {
      return await verifier.verify(idToken)
    } catch (cause) {
      if (cause instanceof JwtBaseError && !(cause instanceof FetchError))
        throw new UpstreamRefused('invalid_id_token', 'the ID token failed a check', { cause })
      throw new UpstreamUnavailable('the identity provider’s keys cannot be read', { cause })
    }
  }
}
