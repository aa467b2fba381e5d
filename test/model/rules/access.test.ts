import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Person } from '../../../model/person.ts'
import { type AccessRules, claimsNamedBy, decideAccess } from '../../../model/rules/access.ts'

const ALICE: Person = {
  sub: 'alice-sub',
  email: 'alice@example.com',
  name: 'Alice',
  tenant: 'example',
  claims: { groups: ['sre'], hd: 'example.com' },
}
const ruleOf = (rules: AccessRules, person: Person = ALICE) => {
  const decision = decideAccess(person, rules)
  return decision.allowed ? 'allowed' : decision.rule
}

describe('access rules admit', () => {
  it.each<AccessRules>([
    {},
    { domains: ['other.test', 'Example.COM'] },
    { tenants: ['example'] },
    { people: ['ALICE@example.com'] },
    { blocked: [] },
    { blocked: ['bob@example.com'] },
    { groups: ['dev', 'sre'] },
    { claims: [] },
    { claims: [{ claim: 'hd', equals: 'example.com' }] },
    { domains: ['example.com'], tenants: ['example'], people: ['alice@example.com'], groups: ['sre'] },
    { domains: undefined, people: undefined },
  ])('%j', (rules) => expect(ruleOf(rules)).toBe('allowed'))
})

describe('access rules refuse', () => {
  it.each<[AccessRules, keyof AccessRules]>([
    [{ domains: [] }, 'domains'],
    [{ domains: ['other.test'] }, 'domains'],
    [{ domains: ['sub.example.com', 'ample.com', 'com'] }, 'domains'],
    [{ tenants: [] }, 'tenants'],
    [{ tenants: ['Example'] }, 'tenants'],
    [{ people: [] }, 'people'],
    [{ people: ['bob@example.com'] }, 'people'],
    [{ blocked: ['Alice@Example.com'] }, 'blocked'],
    [{ groups: [] }, 'groups'],
    [{ groups: ['sr', 'SRE'] }, 'groups'],
    [{ claims: [{ claim: 'hd' }] }, 'claims'],
    [
      {
        claims: [
          { claim: 'hd', equals: 'example.com' },
          { claim: 'hd', equals: 'x' },
        ],
      },
      'claims',
    ],
    [{ people: ['alice@example.com'], blocked: ['alice@example.com'] }, 'blocked'],
    [{ domains: ['example.com'], groups: ['dev'] }, 'groups'],
  ])('%j by %s', (rules, rule) => expect(ruleOf(rules)).toBe(rule))

  it('people without groups or with groups that are no list', () => {
    for (const groups of [undefined, null, 'sre', { sre: true }, []])
      expect(ruleOf({ groups: ['sre'] }, { ...ALICE, claims: { groups } })).toBe('groups')
  })

  it('people whose address has no domain', () => {
    expect(ruleOf({ domains: ['example.com'] }, { ...ALICE, email: 'a@x@example.com' })).toBe('domains')
  })
})

it('every rule must admit: adding one never admits somebody', () => {
  const rules = fc.record(
    {
      domains: fc.subarray(['example.com', 'other.test']),
      tenants: fc.subarray(['example', 'other']),
      people: fc.subarray(['alice@example.com', 'bob@example.com']),
      blocked: fc.subarray(['alice@example.com', 'bob@example.com']),
      groups: fc.subarray(['sre', 'dev']),
    },
    { requiredKeys: [] },
  )
  fc.assert(
    fc.property(rules, rules, (some, more) => {
      const each = Object.entries(some).every(([name, value]) => decideAccess(ALICE, { [name]: value }).allowed)
      expect(decideAccess(ALICE, some).allowed).toBe(each)
      const added = { ...more, ...some }
      if (decideAccess(ALICE, added).allowed) expect(decideAccess(ALICE, some).allowed).toBe(true)
    }),
  )
})

it('the claims that rules look at are named once, groups among them', () => {
  expect(
    claimsNamedBy(
      { claims: [{ claim: 'hd', equals: 'x' }], groups: ['sre'] },
      undefined,
      {
        claims: [
          { claim: 'hd', matches: 'x' },
          { claim: 'a.b', equals: 1 },
        ],
      },
      { domains: ['example.com'] },
    ),
  ).toEqual(['hd', 'groups', 'a.b'])
  expect(claimsNamedBy()).toEqual([])
})

it.each<[AccessRules, string]>([
  [{ blocked: ['ALICE@example.com'] }, 'alice@example.com is on the list of blocked people'],
  [{ domains: ['a.test', 'b.test'] }, 'domain example.com is not one of a.test,b.test'],
  [{ tenants: ['a', 'b'] }, 'tenant example is not one of a,b'],
  [{ people: ['bob@example.com'] }, 'alice@example.com is not listed'],
  [{ groups: ['dev', 'ops'] }, 'in none of the groups dev,ops'],
  [{ claims: [{ claim: 'hd', equals: 'x' }] }, 'claim hd does not satisfy {"claim":"hd","equals":"x"}'],
])('the log is told what %j found', (rules, detail) => {
  expect(decideAccess(ALICE, rules)).toMatchObject({ detail })
})
