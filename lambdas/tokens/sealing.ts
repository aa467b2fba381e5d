import { CompactEncrypt, compactDecrypt, decodeProtectedHeader } from 'jose'
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

/**
 * Seals a value that a browser keeps for us: JWE compact, `dir`, A256GCM (RFC 7516).
 * @param exp seconds since the epoch, after which it does not open
 * @param now seconds since the epoch
 * @throws KeysUnavailable where no sealing key is in use
 */
export async function seal(value: unknown, to: SealedFor, exp: number, keys: KeySet, now: number): Promise<string> {
  const { kid, key } = secretKeyAt(keys, 'sealing', now)
  const envelope: Envelope = { purpose: to.purpose, stage: to.stage, exp, value }
  return new CompactEncrypt(new TextEncoder().encode(JSON.stringify(envelope)))
    .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', kid })
    .encrypt(Buffer.from(key, 'base64url'))
}

/**
 * Opens a sealed value.
 * @returns undefined for one that was changed, was sealed for something else, or has expired: the caller learns no more
 */
export async function open(sealed: string, from: SealedFor, keys: KeySet, now: number): Promise<unknown> {
  try {
    const { kid } = decodeProtectedHeader(sealed)
    const key = usableSecretKeys(keys, 'sealing', now).find((usable) => usable.kid === kid)
    if (key === undefined) return undefined
    const { plaintext } = await compactDecrypt(sealed, Buffer.from(key.key, 'base64url'), {
      keyManagementAlgorithms: ['dir'],
      contentEncryptionAlgorithms: ['A256GCM'],
    })
    const envelope = JSON.parse(new TextDecoder().decode(plaintext)) as Envelope
    const belongs = envelope.purpose === from.purpose && envelope.stage === from.stage
    return belongs && envelope.exp > now ? envelope.value : undefined
  } catch {
    return undefined
  }
}
