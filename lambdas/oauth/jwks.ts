import { type PublicJwk, type PublicKeys, publicHalf } from '../tokens/public-keys.ts'

/** Seconds; short, because a compromised key leaves at once. */
export const JWKS_LIFETIME = 60

/** The JWK Set (RFC 7517 §5) of every key that may verify. @param now seconds since the epoch */
export function jwkSet(keys: PublicKeys, now: number): { readonly keys: readonly PublicJwk[] } {
  return { keys: keys.keys.filter(({ expiresAt }) => expiresAt === undefined || expiresAt > now).map(publicHalf) }
}
