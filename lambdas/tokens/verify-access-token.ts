import { decomposeUnverifiedJwt } from 'aws-jwt-verify/jwt'
import { verifyJwtSync } from 'aws-jwt-verify/jwt-verifier'
import * as z from 'zod/mini'
import type { PublicJwk } from './public-keys.ts'

/** What of an access token the authorization server itself looks at when it comes back. Times are seconds. */
const claimsDocument = z.object({
  sub: z.string(),
  aud: z.string(),
  client_id: z.string(),
  scope: z.string(),
  iat: z.number(),
  exp: z.number(),
  jti: z.string(),
  /** The grant. */
  sid: z.string(),
})
export type AccessTokenClaims = z.infer<typeof claimsDocument>

/**
 * The claims of an access token that this issuer signed and that has not expired.
 * @param now seconds since the epoch
 * @returns undefined for anything else: which check failed is nobody's business
 */
export function verifyAccessToken(
  token: string,
  issuer: string,
  keys: readonly PublicJwk[],
  now: number,
): AccessTokenClaims | undefined {
  try {
    if (decomposeUnverifiedJwt(token).header.typ !== 'at+jwt') return undefined
    // Every key says ES256, and a token must say the same as its key. Which audience is not asked here.
    const payload = verifyJwtSync(token, { keys: keys.map((key) => ({ ...key })) }, { issuer, audience: null })
    const claims = claimsDocument.safeParse(payload).data
    return claims !== undefined && claims.exp > now ? claims : undefined
  } catch {
    return undefined
  }
}
