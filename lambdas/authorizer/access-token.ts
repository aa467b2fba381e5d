import { isUtf8 } from 'node:buffer'
import type { KeyObject } from 'node:crypto'
import * as z from 'zod/mini'
import { derSignature } from '../tokens/der-signature.ts'
import { verify } from './crypto.ts'

const nonEmpty = z.string().check(z.regex(/\S/))

/** An access token as the authorization server issues it (RFC 9068, one audience). Times are seconds since the epoch. */
const claimsDocument = z.object({
  iss: z.string(),
  sub: nonEmpty,
  aud: z.string(),
  client_id: nonEmpty,
  scope: z.string(),
  iat: z.number(),
  exp: z.number(),
  jti: nonEmpty,
  /** The grant. */
  sid: nonEmpty,
  email: z.string(),
  name: z.string(),
  picture: z.optional(z.string()),
  tenant: z.string(),
  /** Only the claims that some access rule names. */
  claims: z.optional(z.record(z.string(), z.unknown())),
})
export type AccessTokenClaims = z.infer<typeof claimsDocument>

/** A token whose signature has been verified with the key `kid`. Nothing else of it has been judged. */
export interface VerifiedToken {
  readonly kid: string
  readonly claims: AccessTokenClaims
}

/** A compact JWS taken apart; nothing of it is to be believed before {@link verifyAccessToken}. */
export interface ParsedToken {
  readonly kid: string
  readonly signingInput: string
  readonly payload: string
  readonly signature: Buffer
}

export type Refusal = { readonly refused: string }

/** API Gateway takes 10,240 bytes of headers in all (PLATFORM 7); a token of ours has about 900. */
const LONGEST = 8192
/** `r` and `s`, 32 bytes each (RFC 7518 §3.4). */
const ES256_SIGNATURE_BYTES = 64
const HEADER_MEMBERS = ['alg', 'kid', 'typ']

/**
 * Takes a token apart and refuses whatever the authorization server would not have made: a header has exactly `alg`
 * ES256, `typ` at+jwt and `kid`, so `crit`, `jwk`, `jku`, `x5c`, `b64` and their like never need interpreting.
 */
export function parseAccessToken(token: string): ParsedToken | Refusal {
  if (token.length > LONGEST) return { refused: `longer than ${LONGEST} characters` }
  const [header = '', payload = '', signature = '', ...more] = token.split('.')
  if (more.length > 0) return { refused: 'more than three parts' }
  const decodedHeader = decodeJsonObject(header)
  if (decodedHeader === undefined) return { refused: 'the header is not strict base64url of a JSON object' }
  const members = Object.keys(decodedHeader).toSorted()
  if (members.join() !== HEADER_MEMBERS.join()) return { refused: 'the header has other members than alg, kid, typ' }
  const { alg, kid, typ } = decodedHeader
  if (alg !== 'ES256') return { refused: 'alg is not ES256' }
  if (typ !== 'at+jwt') return { refused: 'typ is not at+jwt' }
  if (typeof kid !== 'string' || !/^[A-Za-z0-9_-]{1,64}$/.test(kid)) return { refused: 'kid is not a key id' }
  const decodedSignature = decodeBase64url(signature)
  if (decodedSignature?.length !== ES256_SIGNATURE_BYTES) return { refused: 'the signature is not 64 bytes' }
  return { kid, signingInput: `${header}.${payload}`, payload, signature: decodedSignature }
}

/**
 * Verifies the signature and reads the claims. The algorithm is the key's, ES256, whatever a header might say.
 * @param key the public key that the snapshot holds under the token's `kid`
 */
export function verifyAccessToken(token: ParsedToken, key: KeyObject): VerifiedToken | Refusal {
  if (!verify('sha256', Buffer.from(token.signingInput), key, derSignature(token.signature)))
    return { refused: 'the signature does not verify' }
  const claims = claimsDocument.safeParse(decodeJsonObject(token.payload))
  if (!claims.success) {
    const names = new Set(claims.error.issues.map((issue) => issue.path.join('.')))
    return { refused: `claims missing or malformed: ${[...names].join(', ')}` }
  }
  return { kid: token.kid, claims: claims.data }
}

/**
 * A JSON object in the form that `JSON.stringify` gives it, which is how the authorization server writes it: a repeated
 * member (RFC 7519 §4) or anything else that two parsers could read differently does not come back the same.
 */
function decodeJsonObject(part: string): Readonly<Record<string, unknown>> | undefined {
  const bytes = decodeBase64url(part)
  if (bytes === undefined || !isUtf8(bytes)) return undefined
  try {
    const text = bytes.toString()
    const value: unknown = JSON.parse(text)
    const isObject = typeof value === 'object' && value !== null
    return isObject && JSON.stringify(value) === text ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}

/** RFC 7515 §2 base64url: no padding, no white space, no foreign characters, no stray bits at the end. */
function decodeBase64url(part: string): Buffer | undefined {
  const bytes = Buffer.from(part, 'base64url')
  return bytes.toString('base64url') === part ? bytes : undefined
}
