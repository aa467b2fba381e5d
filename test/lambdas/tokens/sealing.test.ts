import { CompactEncrypt, compactDecrypt } from 'jose'
import { describe, expect, it } from 'vitest'
import { open, seal } from '../../../lambdas/tokens/sealing.ts'
import { sampleKeys, sampleSecretKey } from './sample-keys.ts'

const NOW = 1_000_000
const CONSENT = { purpose: 'flow', stage: 'consent' }

describe('a sealed value', async () => {
  const keys = await sampleKeys()
  const sealed = seal({ state: 'planted-secret' }, CONSENT, NOW + 600, keys, NOW)

  it('opens where it belongs, and shows nothing on the way', async () => {
    expect(open(sealed, CONSENT, keys, NOW)).toEqual({ state: 'planted-secret' })
    expect(Buffer.from(sealed, 'base64url').toString('latin1')).not.toContain('planted')
  })

  it.each([
    ['another stage', { purpose: 'flow', stage: 'upstream' }, NOW],
    ['another purpose', { purpose: 'session', stage: 'consent' }, NOW],
    ['its end', CONSENT, NOW + 600],
  ])('AS-09: does not open for %s', async (_case, from, now) => {
    expect(open(sealed, from, keys, now)).toBeUndefined()
  })

  it('does not open when it was changed', async () => {
    const parts = sealed.split('.')
    const changed = [...parts.slice(0, 3), `${parts[3]?.slice(0, -4)}AAAA`, parts[4]].join('.')
    expect(open(changed, CONSENT, keys, NOW)).toBeUndefined()
    expect(open('no jwe', CONSENT, keys, NOW)).toBeUndefined()
  })

  it('opens after a rotation until its key expires, and never with a key that is gone', async () => {
    const [old] = keys.sealing
    if (old === undefined) throw new Error('no key')
    const next = sampleSecretKey('seal-2', { useFrom: NOW })
    const rotated = { ...keys, sealing: [{ ...old, expiresAt: NOW + 300 }, next] }
    expect(open(sealed, CONSENT, rotated, NOW + 299)).toEqual({ state: 'planted-secret' })
    expect(open(sealed, CONSENT, rotated, NOW + 300)).toBeUndefined()
    expect(open(sealed, CONSENT, { ...keys, sealing: [next] }, NOW)).toBeUndefined()
  })

  it('is a JWE (RFC 7516) as jose reads it, and what jose writes in the same form opens', async () => {
    const [{ key = '', kid = '' } = {}] = keys.sealing
    const { plaintext, protectedHeader } = await compactDecrypt(sealed, Buffer.from(key, 'base64url'))
    expect(protectedHeader).toEqual({ alg: 'dir', enc: 'A256GCM', kid })
    expect(JSON.parse(new TextDecoder().decode(plaintext))).toEqual({
      ...CONSENT,
      exp: NOW + 600,
      value: { state: 'planted-secret' },
    })
    const written = (header: object) =>
      new CompactEncrypt(plaintext)
        .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', ...header })
        .encrypt(Buffer.from(key, 'base64url'))
    expect(open(await written({ kid }), CONSENT, keys, NOW)).toEqual({ state: 'planted-secret' })
    expect(open(await written({ kid, zip: 'DEF' }), CONSENT, keys, NOW)).toBeUndefined()
    expect(open(await written({}), CONSENT, keys, NOW)).toBeUndefined()
  })

  it('does not open with a shortened tag, another iv, an encrypted key, or parts too many', () => {
    const [header = '', , iv = '', text = '', tag = ''] = sealed.split('.')
    const short = Buffer.from(tag, 'base64url').subarray(0, 12).toString('base64url')
    for (const parts of [
      [header, '', iv, text, short],
      [header, '', iv, text, ''],
      [header, '', iv.slice(0, -4), text, tag],
      [header, 'AAAA', iv, text, tag],
      [header, '', iv, text, tag, ''],
      [header, '', iv, text],
    ])
      expect(open(parts.join('.'), CONSENT, keys, NOW)).toBeUndefined()
  })

  it('is never sealed twice alike', () => {
    expect(seal({ state: 'planted-secret' }, CONSENT, NOW + 600, keys, NOW)).not.toBe(sealed)
  })
})
