import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  formatScope,
  isScopeToken,
  narrowScopes,
  parseScope,
  type ServerScope,
  scopesOfLevel,
} from '../../model/scopes.ts'

const SCOPES: readonly ServerScope[] = [
  { name: 'calendar:read', level: 'everyday', abilities: ['List events'] },
  { name: 'calendar:write', level: 'everyday', abilities: ['Create an event'] },
  { name: 'calendar:admin', level: 'privileged', abilities: ['Delete a calendar'] },
]

describe('a scope token (RFC 6749 §3.3)', () => {
  it.each(['a', 'calendar:write', 'https://x.test/a', "!#$%&'()*+"])('may be %j', (token) => {
    expect(isScopeToken(token)).toBe(true)
  })
  it.each(['', ' ', 'a b', 'a"b', 'a\\b', 'a\n', 'é', '\u0000', 'a\u007f'])('may not be %j', (token) => {
    expect(isScopeToken(token)).toBe(false)
  })
})

describe('AS-22: a scope string', () => {
  it('is narrowed, not rejected: what is malformed or repeated goes', () => {
    expect(parseScope('a  b a "x" b\tc')).toEqual(['a', 'b'])
    expect(parseScope('')).toEqual([])
    expect(parseScope(undefined)).toEqual([])
  })

  it('survives formatting and parsing', () => {
    const token = fc.stringMatching(/^[\x21\x23-\x5b\x5d-\x7e]{1,10}$/)
    fc.assert(
      fc.property(fc.uniqueArray(token), (scopes) => {
        expect(parseScope(formatScope(scopes))).toEqual(scopes)
      }),
    )
  })

  it('never yields anything but distinct scope tokens', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const scopes = parseScope(text)
        expect(scopes.every(isScopeToken)).toBe(true)
        expect(new Set(scopes).size).toBe(scopes.length)
      }),
    )
  })
})

it('scopes are chosen by their level', () => {
  expect(scopesOfLevel(SCOPES, 'everyday')).toEqual(['calendar:read', 'calendar:write'])
  expect(scopesOfLevel(SCOPES, 'privileged')).toEqual(['calendar:admin'])
})

describe('AS-22: a request’s scopes', () => {
  const everyday = ['calendar:read', 'calendar:write']
  it.each<[string, string[], string[], string[]]>([
    ['what was asked', ['calendar:read'], everyday, ['calendar:read']],
    ['of what the person may hold', ['calendar:read', 'calendar:admin'], everyday, ['calendar:read']],
    [
      'the privileged one too, for who may hold it',
      ['calendar:admin'],
      [...everyday, 'calendar:admin'],
      ['calendar:admin'],
    ],
    ['the everyday ones where nothing was asked', [], [...everyday, 'calendar:admin'], everyday],
    ['the everyday ones where nothing is left', ['calendar:admin', 'unknown'], everyday, everyday],
    ['only everyday ones of the ceiling', [], ['calendar:read'], ['calendar:read']],
    ['none where there are none', ['x'], [], []],
  ])('are %s', (_, asked, ceiling, expected) => expect(narrowScopes(asked, SCOPES, ceiling)).toEqual(expected))

  it('never exceed the ceiling', () => {
    const scopes = fc.array(fc.constantFrom('calendar:read', 'calendar:write', 'calendar:admin', 'other'))
    fc.assert(
      fc.property(scopes, scopes, (asked, ceiling) => {
        for (const scope of narrowScopes(asked, SCOPES, ceiling)) expect(ceiling).toContain(scope)
      }),
    )
  })
})
