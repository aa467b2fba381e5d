import { describe, expect, it } from 'vitest'
import { isUsablePattern } from '../../../model/rules/claim-pattern.ts'
import { claimAt, satisfies } from '../../../model/rules/claims.ts'

const CLAIMS = {
  hd: 'example.com',
  level: 3,
  admin: true,
  groups: ['sre', 'dev'],
  scp: 'read write',
  'https://x.test/role': 'boss',
  'a.b': 'whole',
  a: { b: 'part', c: { d: 1 } },
  nothing: null,
  sign: '🙂',
}

describe('a claim', () => {
  it.each([
    ['hd', 'example.com'],
    ['a.c.d', 1],
    ['https://x.test/role', 'boss'],
    ['a.b', 'whole'],
    ['groups.0', 'sre'],
    ['nothing', null],
  ])('%s is found', (path, value) => expect(claimAt(CLAIMS, path)).toBe(value))

  it.each([
    '',
    'x',
    'a.x',
    'a.c.d.e',
    'hd.x',
    'hd.length',
    'nothing.x',
    '__proto__',
    'constructor',
    'a.__proto__',
    'toString',
  ])('%j is not there', (path) => expect(claimAt(CLAIMS, path)).toBeUndefined())
})

describe('a rule on a claim', () => {
  it.each([
    { claim: 'hd', equals: 'example.com' },
    { claim: 'level', equals: 3 },
    { claim: 'admin', equals: true },
    { claim: 'level', oneOf: [1, 3] },
    { claim: 'groups', contains: 'dev' },
    { claim: 'scp', contains: 'write' },
    { claim: 'hd', matches: '[a-z]+\\.com' },
    { claim: 'hd', matches: 'x|example\\.com' },
    { claim: 'hd', equals: 'example.com', matches: 'example.*' },
    { claim: 'a.c.d', equals: 1 },
    { claim: 'sign', matches: '.' },
  ])('is satisfied: %j', (rule) => expect(satisfies(CLAIMS, rule)).toBe(true))

  it.each([
    { claim: 'hd' },
    { claim: 'hd', equals: undefined },
    { claim: 'hd', equals: 'Example.com' },
    { claim: 'level', equals: '3' },
    { claim: 'admin', equals: 'true' },
    { claim: 'missing', equals: 'x' },
    { claim: 'level', oneOf: [] },
    { claim: 'level', oneOf: ['3'] },
    { claim: 'groups', contains: 'de' },
    { claim: 'scp', contains: 'rea' },
    { claim: 'level', contains: '3' },
    { claim: 'hd', matches: 'example' },
    { claim: 'hd', matches: 'xample\\.com|example' },
    { claim: 'level', matches: '3' },
    { claim: 'groups', matches: '.*' },
    { claim: 'hd', equals: 'example.com', matches: 'other' },
    { claim: 'constructor', matches: '.*' },
  ])('is not satisfied: %j', (rule) => expect(satisfies(CLAIMS, rule)).toBe(false))

  it('a pattern is not tried on a text without end', () => {
    expect(satisfies({ note: 'a'.repeat(256) }, { claim: 'note', matches: 'a+' })).toBe(true)
    expect(satisfies({ note: 'a'.repeat(257) }, { claim: 'note', matches: 'a+' })).toBe(false)
  })
})

describe('a pattern of a rule', () => {
  it.each([
    '[a-z]+\\.com',
    'x|example\\.com',
    '(?:dev|ops)-[0-9]{1,3}',
    '(?:a|(?:b|c))x?',
    '[(|)]+',
    '\\(a|b\\)+',
    'größe',
    '(?:[|x])+',
    'a'.repeat(200),
  ])('may be %s', (pattern) => expect(isUsablePattern(pattern)).toBe(true))

  it.each([
    ['no regular expression', '('],
    ['none in Unicode mode, in which it is tried', '\\_'],
    ['one that takes exponential time', '(a+)+'],
    ['the same in disguise', '(?:[a-z]*)*x'],
    ['alternatives that overlap, repeated', '(a|a)*b'],
    ['the same, deeper', '(?:x(?:\\w|[\\](]))+b'],
    ['the same, counted', '(?<part>a|aa){25}'],
    ['longer than anybody reads', 'a'.repeat(201)],
  ])('may not be %s', (_case, pattern) => expect(isUsablePattern(pattern)).toBe(false))
})
