import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { parseJson } from '../../../model/parse-json.ts'

/** AES-256-GCM with a random nonce of 96 bits and its full tag. */
const CIPHER = 'aes-256-gcm'
const NONCE_BYTES = 12
const TAG_BYTES = 16

/** What was sealed; whoever meets an expired one may say so, it was ours. */
export interface Opened {
  readonly value: unknown
  readonly expired: boolean
}

/**
 * Seals a value that a client keeps for us. Everything it is bound to is authenticated and not repeated inside: a
 * model may have to copy it, so it is short.
 * @param bound its purpose, and whom and what it is for; it opens with exactly the same
 * @param expiresAt milliseconds since the epoch
 * @param key 32 bytes
 */
export function seal(value: unknown, bound: readonly string[], expiresAt: number, key: Buffer): string {
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES }).setAAD(associatedData(bound))
  const text = JSON.stringify([Math.floor(expiresAt / 1000), value])
  return Buffer.concat([nonce, cipher.update(text), cipher.final(), cipher.getAuthTag()]).toString('base64url')
}

/**
 * Opens a sealed value.
 * @param now milliseconds since the epoch
 * @returns undefined for one that was changed, or sealed for something or somebody else
 */
export function open(sealed: string, bound: readonly string[], key: Buffer, now: number): Opened | undefined {
  const bytes = Buffer.from(sealed, 'base64url')
  // Node skips what is no base64url: only the one spelling that `seal` writes is accepted.
  if (bytes.length <= NONCE_BYTES + TAG_BYTES || bytes.toString('base64url') !== sealed) return undefined
  const decipher = createDecipheriv(CIPHER, key, bytes.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES })
  decipher.setAAD(associatedData(bound)).setAuthTag(bytes.subarray(-TAG_BYTES))
  try {
    const text = Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()])
    const [expiresAt, value] = parseJson(text.toString()) as [number, unknown]
    return { value, expired: expiresAt * 1000 <= now }
  } catch {
    return undefined
  }
}

/** As JSON, so that no part can imitate a boundary. */
function associatedData(bound: readonly string[]): Buffer {
  return Buffer.from(JSON.stringify(bound))
}
