import fc from 'fast-check'
import { expect, it } from 'vitest'
import { insufficientScopeChallenge } from '../../../lambdas/authorizer/challenge.ts'

it('RS-02: names the error, the scopes and the metadata', () => {
  expect(insufficientScopeChallenge(['a:b', 'c'], 'https://x.test/m')).toBe(
    'Bearer error="insufficient_scope", scope="a:b c", resource_metadata="https://x.test/m"',
  )
})

it('is one header value of three quoted strings, whatever the values hold', () => {
  const challenge =
    /^Bearer error="insufficient_scope", scope="((?:[^"\\]|\\.)*)", resource_metadata="((?:[^"\\]|\\.)*)"$/
  const text = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('"', '\\', '\r\nSet-Cookie: x', '", error="'))
  fc.assert(
    fc.property(fc.array(text), text, (scopes, url) => {
      const value = insufficientScopeChallenge(scopes, url)
      expect(value).toMatch(challenge)
      expect(value).toMatch(/^[\x20-\x7e]*$/)
    }),
  )
})

it('leaves out what a header cannot carry, and quotes what would end its string', () => {
  expect(insufficientScopeChallenge(['a"b'], 'https://x.test/\u00e9\r\n\\m')).toBe(
    String.raw`Bearer error="insufficient_scope", scope="a\"b", resource_metadata="https://x.test/\\m"`,
  )
})
