import fc from 'fast-check'
import { expect, it } from 'vitest'
import { parseParameters } from '../../../../lambdas/oauth/http/parameters.ts'

it('RFC 6749 §3.1: a parameter without a value is omitted, one given twice is named', () => {
  const parameters = parseParameters('a=1&empty=&b=2&a=&b=3&c=+')
  expect(['a', 'empty', 'b', 'c', 'd'].map((name) => parameters.get(name))).toEqual([
    '1',
    undefined,
    '2',
    ' ',
    undefined,
  ])
  expect(parameters.all('b')).toEqual(['2', '3'])
  expect(parameters.all('a')).toEqual(['1'])
  expect(parameters.all('d')).toEqual([])
  expect(parameters.repeated).toEqual(['a', 'b'])
})

it('names that no object of the language has by birth', () => {
  const parameters = parseParameters('__proto__=x')
  expect([parameters.get('__proto__'), parameters.get('toString')]).toEqual(['x', undefined])
})

it('any text is read, and every name once', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const { repeated } = parseParameters(text)
      expect(new Set(repeated).size).toBe(repeated.length)
    }),
  )
})

it('parameters without end cost no more each', () => {
  const many = Array.from({ length: 100_000 }, (_, index) => `p${index}=1&same=2`).join('&')
  const parameters = parseParameters(many)
  expect(parameters.repeated).toEqual(['same'])
  expect(parameters.all('same')).toHaveLength(100_000)
})
