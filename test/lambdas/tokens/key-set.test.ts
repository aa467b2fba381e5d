import { describe, expect, it } from 'vitest'
import {
  type KeySet,
  KeysUnavailable,
  parseKeySet,
  secretKeyAt,
  signingKeyAt,
  usableSecretKeys,
} from '../../../lambdas/tokens/key-set.ts'
import { sampleKeys, sampleSecretKey, sampleSigningKey } from './sample-keys.ts'

const NOW = 1_000_000

async function rotated(): Promise<KeySet> {
  return {
    ...(await sampleKeys()),
    signing: [
      await sampleSigningKey('old', { signFrom: 0, signUntil: NOW + 300, expiresAt: NOW + 1200 }),
      await sampleSigningKey('new', { signFrom: NOW + 300 }),
    ],
    refresh: [
      sampleSecretKey('old', { useFrom: 0, expiresAt: NOW + 5000 }),
      sampleSecretKey('new', { useFrom: NOW + 300 }),
    ],
  }
}

describe('the keys secret', () => {
  it('is read back as it was written', async () => {
    const keys = await rotated()
    expect(parseKeySet(JSON.stringify(keys))).toEqual(keys)
  })

  it.each([
    ['the placeholder', 'k9$random-placeholder'],
    ['another version', '{"version":2,"signing":[],"sealing":[],"refresh":[]}'],
    ['a short key', '{"version":1,"signing":[],"sealing":[{"kid":"a","key":"AAAA","useFrom":0}],"refresh":[]}'],
    ['nothing', ''],
  ])('fails closed for %s, and tells none of it', (_case, secret) => {
    expect(() => parseKeySet(secret)).toThrow(KeysUnavailable)
    expect(() => parseKeySet(secret)).not.toThrow(/placeholder|AAAA/)
  })
})

describe('the key in use', () => {
  it('is the newest whose time has come', async () => {
    const keys = await rotated()
    expect(signingKeyAt(keys, NOW).kid).toBe('old')
    expect(signingKeyAt(keys, NOW + 299).kid).toBe('old')
    expect(signingKeyAt(keys, NOW + 300).kid).toBe('new')
    expect(secretKeyAt(keys, 'refresh', NOW).kid).toBe('old')
    expect(secretKeyAt(keys, 'refresh', NOW + 300).kid).toBe('new')
  })

  it('is none where none may be used', async () => {
    const keys = await rotated()
    const retired = { ...keys, signing: keys.signing.slice(0, 1), refresh: [] }
    expect(() => signingKeyAt(retired, NOW + 300)).toThrow(KeysUnavailable)
    expect(() => secretKeyAt(retired, 'refresh', NOW)).toThrow(KeysUnavailable)
  })

  it('older ones verify until they expire', async () => {
    const keys = await rotated()
    expect(usableSecretKeys(keys, 'refresh', NOW + 4999).map(({ kid }) => kid)).toEqual(['new', 'old'])
    expect(usableSecretKeys(keys, 'refresh', NOW + 5000).map(({ kid }) => kid)).toEqual(['new'])
  })
})
