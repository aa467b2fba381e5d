import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { parseJson } from '../../model/parse-json.ts'
import { type KeySet, secretKeyAt, usableSecretKeys } from './key-set.ts'

/** Where a sealed value belongs. One sealed for another purpose or stage does not open. */
export interface SealedFor {
  readonly purpose: string
  readonly stage: string
}

interface Envelope extends SealedFor {
  /** Seconds since the epoch. */
  readonly exp: number
  readonly value: unknown
}

/** A256GCM (RFC 7518 §5.3). */
const CIPHER = 'aes-256-gcm'
const IV_BYTES = 12
const TAG_BYTES = 16

/**
 * Seals a value that a browser keeps for us: JWE compact, `dir`, A256GCM (RFC 7516). With Node's own cipher: a JWE
 * library brings every other algorithm along (docs/decisions/007).
 * @param exp seconds since the epoch, after which it does not open
 * @param now seconds since the epoch
 * @throws KeysUnavailable where no sealing key is in use
 */
export function seal(value: unknown, to: SealedFor, exp: number, keys: KeySet, now: number): string {
  const { kid, key } = secretKeyAt(keys, 'sealing', now)
  const envelope: Envelope = { purpose: to.purpose, stage: to.stage, exp, value }
  const header = protectedHeader(kid)
  const iv = randomBytes(IV_BYTES)
  const cipher = createCipheriv(CIPHER, Buffer.from(key, 'base64url'), iv, { authTagLength: TAG_BYTES })
  cipher.setAAD(Buffer.from(header))
  const text = Buffer.concat([cipher.update(JSON.stringify(envelope)), cipher.final()])
  const parts = [iv, text, cipher.getAuthTag()].map((part) => part.toString('base64url'))
  // Between header and iv stands the encrypted key, of which `dir` has none.
  return [header, '', ...parts].join('.')
}

/**
 * Opens a sealed value.
 * @returns undefined for one that was changed, was sealed for something else, or has expired: the caller learns no more
 */
export function open(sealed: string, from: SealedFor, keys: KeySet, now: number): unknown {
  const [header = '', encryptedKey, iv, text, tag, ...more] = sealed.split('.')
  if (tag === undefined || encryptedKey !== '' || more.length > 0) return undefined
  // Only the header that `seal` writes: what another might say never needs interpreting.
  const key = usableSecretKeys(keys, 'sealing', now).find(({ kid }) => protectedHeader(kid) === header)?.key
  if (key === undefined) return undefined
  const plaintext = decrypt(key, header, decoded(iv), decoded(text), decoded(tag))
  const envelope = plaintext === undefined ? undefined : (parseJson(plaintext) as Envelope)
  const belongs = envelope?.purpose === from.purpose && envelope.stage === from.stage
  return belongs && envelope.exp > now ? envelope.value : undefined
}

function protectedHeader(kid: string): string {
  return Buffer.from(JSON.stringify({ alg: 'dir', enc: 'A256GCM', kid })).toString('base64url')
}

/** Of a shorter tag fewer bits would have to be guessed: it has its full length or is none. */
function decrypt(key: string, header: string, iv: Buffer, text: Buffer, tag: Buffer): string | undefined {
  if (iv.length !== IV_BYTES || tag.length !== TAG_BYTES) return undefined
  const decipher = createDecipheriv(CIPHER, Buffer.from(key, 'base64url'), iv, { authTagLength: TAG_BYTES })
  decipher.setAAD(Buffer.from(header)).setAuthTag(tag)
  try {
    return Buffer.concat([decipher.update(text), decipher.final()]).toString()
  } catch {
    return undefined
  }
}

function decoded(part: string | undefined): Buffer {
  return Buffer.from(part ?? '', 'base64url')
}
