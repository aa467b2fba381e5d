import * as z from 'zod/mini'

/**
 * The keys that anyone may see. Apart from the secret's, because the gate carries this file and makes what is in it each
 * time it starts.
 */
export const base64url = z.string().check(z.regex(/^[A-Za-z0-9_-]+$/))

/** A key id travels as one dot-separated part of a refresh token, so it has no dot. */
export const keyId = z.string().check(z.regex(/^[A-Za-z0-9_-]{1,64}$/))

/** P-256 alone (RFC 7518 §6.2). Enumerations of one: each kind of schema adds to the gate's bundle. */
export const publicJwkFields = { kty: z.enum(['EC']), crv: z.enum(['P-256']), x: base64url, y: base64url }

/** The table's item `KEYS`: every public key that may verify. A JWK may say `kid`, `alg` and `use` too; they follow from where it is kept. */
export const publicKeysDocument = z.object({
  keys: z.array(
    z.object({
      kid: keyId,
      jwk: z.object(publicJwkFields),
      /** Seconds since the epoch. Absent until a successor is there: when it leaves the set. */
      expiresAt: z.optional(z.number()),
    }),
  ),
})
export type PublicKeys = z.infer<typeof publicKeysDocument>

/** A key of a JWK Set (RFC 7517 §4). */
export interface PublicJwk {
  readonly kty: 'EC'
  readonly crv: 'P-256'
  readonly x: string
  readonly y: string
  readonly kid: string
  readonly alg: 'ES256'
  readonly use: 'sig'
}

/** The public half of a key, as a JWK Set carries it; of a private key nothing private passes. */
export function publicHalf(key: PublicKeys['keys'][number]): PublicJwk {
  const { kty, crv, x, y } = key.jwk
  return { kty, crv, x, y, kid: key.kid, alg: 'ES256', use: 'sig' }
}
