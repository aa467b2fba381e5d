import { hash, randomBytes, timingSafeEqual } from 'node:crypto'

/** 256 random bits, base64url: a secret, a cookie, a nonce. */
export function randomSecret(): string {
  return randomBytes(32).toString('base64url')
}

/**
 * 128 random bits in lower-case hexadecimal: an identifier that nobody can guess and that survives being compared
 * without regard to case, as deny entries are.
 */
export function randomId(): string {
  return randomBytes(16).toString('hex')
}

/** SHA-256, base64url: what is stored of a random secret, and PKCE’s S256 (RFC 7636 §4.2). */
export function sha256(value: string): string {
  return hash('sha256', value, 'base64url')
}

/** Compares in a time that depends on neither content nor length. */
export function equalSecrets(one: string, other: string): boolean {
  return timingSafeEqual(hash('sha256', one, 'buffer'), hash('sha256', other, 'buffer'))
}
