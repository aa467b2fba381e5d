import { describe, expect, it } from 'vitest'
import { deriveKey } from '../../../../lambdas/runtime/conversation/conversation.ts'
import { open, seal } from '../../../../lambdas/runtime/conversation/seal.ts'

const key = deriveKey('a secret')
const BOUND = ['purpose', 'alice']
const sealed = seal({ a: 1 }, BOUND, 10_000, key)

describe('what a client keeps sealed', () => {
  it('opens with its key and all it is bound to', () => {
    expect(open(sealed, BOUND, key, 9_999)).toEqual({ value: { a: 1 }, expired: false })
  })

  it('says that it has expired', () => {
    expect(open(sealed, BOUND, key, 10_000)).toMatchObject({ expired: true })
  })

  it.each([
    ['another purpose', ['other', 'alice']],
    ['somebody else', ['purpose', 'bob']],
    ['less', ['purpose']],
    ['more', ['purpose', 'alice', '']],
    ['parts that run together', ['purpose","alice']],
  ])('does not open for %s', (_what, bound) => {
    expect(open(sealed, bound, key, 0)).toBeUndefined()
  })

  it('does not open with another key', () => {
    expect(open(sealed, BOUND, deriveKey('another secret'), 0)).toBeUndefined()
  })

  it('does not open where any byte is another', () => {
    const bytes = Buffer.from(sealed, 'base64url')
    for (const index of bytes.keys()) {
      const changed = Buffer.from(bytes)
      changed.writeUInt8((changed.readUInt8(index) + 1) % 256, index)
      expect(open(changed.toString('base64url'), BOUND, key, 0)).toBeUndefined()
    }
  })

  it.each(['', 'x', sealed.slice(0, -8), `${sealed}=`, `${sealed} `, `${sealed}AAAA`])('is not %j', (text) => {
    expect(open(text, BOUND, key, 0)).toBeUndefined()
  })

  it('shows nothing of what is in it, and never looks the same', () => {
    expect(Buffer.from(sealed, 'base64url').toString('latin1')).not.toContain('"a"')
    expect(seal({ a: 1 }, BOUND, 10_000, key)).not.toBe(sealed)
  })

  it('needs a secret that has a value', () => {
    expect(() => deriveKey('')).toThrow('has no value')
  })
})
