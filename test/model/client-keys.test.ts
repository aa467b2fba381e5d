import { describe, expect, it } from 'vitest'
import { readKeySet } from '../../model/client-keys.ts'

const EC = { kty: 'EC', crv: 'P-256', x: 'x', y: 'y', kid: 'ec' }
const ED = { kty: 'OKP', crv: 'Ed25519', x: 'x' }
/** 342 characters of base64url are 2,048 bits. */
const rsa = (length = 342, e = 'AQAB') => ({ kty: 'RSA', n: 'n'.repeat(length), e })

describe('AS-11: the keys of a client', () => {
  it('are what its assertions can be verified with, and nothing else of what is there', () => {
    const given = [
      { ...EC, alg: 'ES256', use: 'sig', note: 'x' },
      ED,
      rsa(),
      { kty: 'EC', crv: 'P-384', x: 'x', y: 'y' },
    ]
    expect(readKeySet({ keys: given })).toEqual({ keys: [{ ...EC, alg: 'ES256' }, ED, rsa()] })
  })

  it.each([
    ['a private key', { ...EC, d: 'd' }],
    ['a symmetric key', { kty: 'oct', k: 'k' }],
    ['a symmetric key that says to be another', { ...EC, k: 'k' }],
    ['a symmetric key without its value', { kty: 'oct' }],
  ])('are none where %s is among them', (_case, key) => {
    expect(readKeySet({ keys: [EC, key] })).toBeUndefined()
  })

  it.each([
    ['is for encryption', { ...EC, use: 'enc' }],
    ['lacks a coordinate', { ...EC, y: '' }],
    ['is of another curve', { ...EC, crv: 'secp256k1' }],
    ['is X25519', { ...ED, crv: 'X25519' }],
    ['is RSA of fewer than 2,048 bits', rsa(341)],
    ['is RSA of more than 8,192 bits', rsa(1367)],
    ['is RSA with an exponent that takes long', rsa(342, 'x'.repeat(9))],
  ])('are not one that %s', (_case, key) => {
    expect(readKeySet({ keys: [key] })).toBeUndefined()
  })

  it.each([
    ['more than twenty', { keys: Array.from({ length: 21 }, () => EC) }],
    ['none', { keys: [] }],
    ['no list', { keys: { 0: EC } }],
    ['a list alone', [EC]],
    ['members that are no objects', { keys: [null, 'x', 1] }],
    ['nothing', undefined],
    ['null', null],
  ])('are not %s', (_case, value) => {
    expect(readKeySet(value)).toBeUndefined()
  })
})
