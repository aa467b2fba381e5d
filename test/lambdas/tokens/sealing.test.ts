import { describe, expect, it } from 'vitest'
import { open, seal } from '../../../lambdas/tokens/sealing.ts'
import { sampleKeys, sampleSecretKey } from './sample-keys.ts'

const NOW = 1_000_000
const CONSENT = { purpose: 'flow', stage: 'consent' }

describe('a sealed value', async () => {
  const keys = await sampleKeys()
  const sealed = await seal({ state: 'planted-secret' }, CONSENT, NOW + 600, keys, NOW)

  it('opens where it belongs, and shows nothing on the way', async () => {
    expect(await open(sealed, CONSENT, keys, NOW)).toEqual({ state: 'planted-secret' })
    expect(Buffer.from(sealed, 'base64url').toString('latin1')).not.toContain('planted')
  })

  it.each([
    ['another stage', { purpose: 'flow', stage: 'upstream' }, NOW],
    ['another purpose', { purpose: 'session', stage: 'consent' }, NOW],
    ['its end', CONSENT, NOW + 600],
  ])('AS-09: does not open for %s', async (_case, from, now) => {
    expect(await open(sealed, from, keys, now)).toBeUndefined()
  })

  it('does not open when it was changed', async () => {
    const parts = sealed.split('.')
    const changed = [...parts.slice(0, 3), `${parts[3]?.slice(0, -4)}AAAA`, parts[4]].join('.')
    expect(await open(changed, CONSENT, keys, NOW)).toBeUndefined()
    expect(await open('no jwe', CONSENT, keys, NOW)).toBeUndefined()
  })

  it('opens after a rotation until its key expires, and never with a key that is gone', async () => {
    const [old] = keys.sealing
    if (old === undefined) throw new Error('no key')
    const next = sampleSecretKey('seal-2', { useFrom: NOW })
    const rotated = { ...keys, sealing: [{ ...old, expiresAt: NOW + 300 }, next] }
    expect(await open(sealed, CONSENT, rotated, NOW + 299)).toEqual({ state: 'planted-secret' })
    expect(await open(sealed, CONSENT, rotated, NOW + 300)).toBeUndefined()
    expect(await open(sealed, CONSENT, { ...keys, sealing: [next] }, NOW)).toBeUndefined()
  })
})
