import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DENY_KINDS, type Deniable, denyEntryKey, findDenial } from '../../model/deny-entry.ts'

const TOKEN: Deniable = {
  sub: 'Sub-A',
  email: 'alice@example.com',
  tenant: 'example',
  client_id: 'https://client.test/Metadata',
  sid: 'Grant-A',
  iat: 1000,
}
const NAMED = {
  grant: ['Grant-A'],
  person: ['alice@example.com', 'Sub-A'],
  domain: ['example.com'],
  tenant: ['example'],
  client: ['https://client.test/Metadata'],
} as const

describe('a deny entry', () => {
  it.each(DENY_KINDS)('of kind %s refuses what it names, in any case, and no other field', (kind) => {
    for (const value of NAMED[kind]) {
      for (const spelled of [value, value.toUpperCase(), value.toLowerCase()])
        expect(findDenial(TOKEN, [{ kind, value: spelled, before: 1000 }])).toBeDefined()
      for (const other of DENY_KINDS.filter((name) => name !== kind))
        expect(findDenial(TOKEN, [{ kind: other, value, before: 1000 }])).toBeUndefined()
    }
  })

  it('refuses what was issued up to its second, and nothing later', () => {
    const entry = { kind: 'grant', value: TOKEN.sid, before: 1000 } as const
    expect(findDenial({ ...TOKEN, iat: 999 }, [entry])).toBe(entry)
    expect(findDenial({ ...TOKEN, iat: 1000 }, [entry])).toBe(entry)
    expect(findDenial({ ...TOKEN, iat: 1001 }, [entry])).toBeUndefined()
  })

  it('without a time refuses whatever it names, whenever that was issued', () => {
    const entry = { kind: 'person', value: TOKEN.email } as const
    for (const iat of [0, 1000, Number.MAX_SAFE_INTEGER]) expect(findDenial({ ...TOKEN, iat }, [entry])).toBe(entry)
  })

  it('is found among any number of others', () => {
    const entry = { kind: 'tenant', value: 'example', before: 1000 } as const
    const others = fc.array(fc.record({ kind: fc.constantFrom(...DENY_KINDS), value: fc.uuid(), before: fc.integer() }))
    fc.assert(
      fc.property(others, others, (before, after) => {
        expect(findDenial(TOKEN, [...before, entry, ...after])).toBe(entry)
        expect(findDenial(TOKEN, [...before, ...after])).toBeUndefined()
      }),
    )
  })

  it('of a domain does not refuse its subdomains nor what ends like it', () => {
    const entry = { kind: 'domain', value: 'example.com', before: 1000 } as const
    for (const email of ['a@sub.example.com', 'a@notexample.com', 'example.com@other.test'])
      expect(findDenial({ ...TOKEN, email }, [entry])).toBeUndefined()
  })
})

it('one entry per thing that is denied: two spellings share a key, two kinds do not', () => {
  for (const email of ['Alice@Example.com', 'alice@example.com'])
    expect(denyEntryKey('person', email)).toBe('person#alice@example.com')
  fc.assert(
    fc.property(fc.string(), (value) => {
      expect(new Set(DENY_KINDS.map((kind) => denyEntryKey(kind, value))).size).toBe(DENY_KINDS.length)
    }),
  )
})
