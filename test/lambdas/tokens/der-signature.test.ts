import { createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { derSignature } from '../../../lambdas/tokens/der-signature.ts'
import { joinedSignature } from '../../../lambdas/tokens/joined-signature.ts'

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const joinedOf = (r: string, s: string) => Buffer.from(r.padStart(64, '0') + s.padStart(64, '0'), 'hex')

it('is what Node itself makes, byte for byte', () => {
  const lengths = new Set<number>()
  // One signature in 128 has a number of 31 bytes or fewer.
  for (let count = 0; count < 2000; count++) {
    const der = sign('sha256', Buffer.from(`text ${count}`), privateKey)
    lengths.add(der.length)
    expect(derSignature(joinedSignature(der))).toEqual(der)
  }
  for (const length of [70, 71, 72]) expect(lengths).toContain(length)
})

it.each([
  ['1', '1', '3006020101020101'],
  ['7f', '80', '300702017f02020080'],
  ['0', '0', '3006020100020100'],
  ['80'.padEnd(64, '0'), '1', `30260221${'0080'.padEnd(66, '0')}020101`],
])('has r = %s and s = %s as short as they can be, and never negative', (r, s, der) => {
  expect(derSignature(joinedOf(r, s)).toString('hex')).toBe(der)
})

it('verifies what Node verifies in the joined form, and nothing else: zeros and the curve’s order included', () => {
  const data = Buffer.from('text')
  const good = sign('sha256', data, { key: privateKey, dsaEncoding: 'ieee-p1363' })
  const order = 'ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551'
  const key = createPublicKey(publicKey.export({ format: 'pem', type: 'spki' }))
  const verdicts = (joined: Buffer) => [
    verify('sha256', data, key, derSignature(joined)),
    verify('sha256', data, { key, dsaEncoding: 'ieee-p1363' }, joined),
  ]
  expect(verdicts(good)).toEqual([true, true])
  for (const joined of [joinedOf('0', '0'), joinedOf(order, order), joinedOf('1', '0'), joinedOf('0', '1')])
    expect(verdicts(joined)).toEqual([false, false])
  fc.assert(
    fc.property(fc.nat({ max: 511 }), (bit) => {
      const changed = Buffer.from(good)
      changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3)
      expect(verdicts(changed)).toEqual([false, false])
    }),
  )
})
