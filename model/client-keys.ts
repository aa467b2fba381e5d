import type { JSONWebKeySet, JWK } from 'jose'

/** What a client may sign its assertions with: nothing symmetric, nothing of SHA-1. */
export const ASSERTION_ALGORITHMS = ['ES256', 'RS256', 'EdDSA'] as const

const MOST_KEYS = 20
/** Characters of base64url: 2,048 bits at least, and no more than can be verified quickly (8,192). */
const SHORTEST_MODULUS = 342
const LONGEST_MODULUS = 1366

/**
 * The public keys of a JWK Set (RFC 7517 §5) that a client's assertions can be verified with.
 * @returns undefined where there is none, or where anything in it is not public: such a key proves nothing
 */
export function readKeySet(value: unknown): JSONWebKeySet | undefined {
  const { keys } = Object(value) as { keys?: unknown }
  if (!Array.isArray(keys) || keys.length > MOST_KEYS) return undefined
  const members = keys.map((key) => Object(key) as Readonly<Record<string, unknown>>)
  if (members.some((key) => 'd' in key || 'k' in key || key.kty === 'oct')) return undefined
  const usable = members.flatMap((key) => publicKey(key) ?? [])
  return usable.length === 0 ? undefined : { keys: usable }
}

function publicKey({ kty, crv, x, y, n, e, kid, alg, use }: Readonly<Record<string, unknown>>): JWK | undefined {
  if (use !== undefined && use !== 'sig') return undefined
  const named = { ...(isText(kid) && { kid }), ...(isText(alg) && { alg }) }
  if (kty === 'EC' && crv === 'P-256' && isText(x) && isText(y)) return { kty, crv, x, y, ...named }
  if (kty === 'OKP' && crv === 'Ed25519' && isText(x)) return { kty, crv, x, ...named }
  const isRsa = kty === 'RSA' && isText(n) && isText(e) && e.length <= 8
  return isRsa && n.length >= SHORTEST_MODULUS && n.length <= LONGEST_MODULUS ? { kty, n, e, ...named } : undefined
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}
