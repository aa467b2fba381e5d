import { randomBytes } from 'node:crypto'
import { exportJWK, generateKeyPair } from 'jose'
import type { KeySet, SecretKey, SigningKey } from '../../../lambdas/tokens/key-set.ts'

/** @param times seconds since the epoch */
export async function sampleSigningKey(
  kid: string,
  times: { signFrom: number; signUntil?: number; expiresAt?: number },
): Promise<SigningKey> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true })
  const { x, y, d } = await exportJWK(privateKey)
  return { kid, jwk: { kty: 'EC', crv: 'P-256', x: String(x), y: String(y), d: String(d) }, ...times }
}

export function sampleSecretKey(kid: string, times: { useFrom: number; expiresAt?: number }): SecretKey {
  return { kid, key: randomBytes(32).toString('base64url'), ...times }
}

/** A set with one key per purpose, in use since the epoch. */
export async function sampleKeys(): Promise<KeySet> {
  return {
    version: 1,
    signing: [await sampleSigningKey('sign-1', { signFrom: 0 })],
    sealing: [sampleSecretKey('seal-1', { useFrom: 0 })],
    refresh: [sampleSecretKey('refresh-1', { useFrom: 0 })],
  }
}
