import { generateKeyPairSync, sign, verify } from 'node:crypto'
import { expect, it } from 'vitest'
import { joinedSignature } from '../../../lambdas/tokens/joined-signature.ts'

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })

it('RFC 7518 §3.4: r and s, 32 bytes each, however short their DER is', () => {
  const lengths = new Set<number>()
  // One signature in 128 has a number of 31 bytes or fewer.
  for (let count = 0; count < 2000; count++) {
    const data = Buffer.from(`text ${count}`)
    const der = sign('sha256', data, privateKey)
    lengths.add(der.length)
    const joined = joinedSignature(der)
    expect(joined).toHaveLength(64)
    expect(verify('sha256', data, { key: publicKey, dsaEncoding: 'ieee-p1363' }, joined)).toBe(true)
  }
  for (const length of [70, 71, 72]) expect(lengths).toContain(length)
  expect(Math.min(...lengths)).toBeLessThan(70)
})

it('numbers of very few bytes are filled up with zeros', () => {
  const joined = joinedSignature(Buffer.from('300702010102020080', 'hex'))
  expect(joined.toString('hex')).toBe(`${'00'.repeat(31)}01${'00'.repeat(31)}80`)
})
