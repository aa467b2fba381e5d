import fc from 'fast-check'
import { expect, it } from 'vitest'
import { backendTarget } from '../../../lambdas/proxy/target.ts'

const TELLING = ['..', '.', '/', '//', '\\', '%2e%2e', '%2f', ';', '?', '#', '@', ':', 'a', '\t', '\u2215', 'https:']
const suffixes = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.array(fc.constantFrom(...TELLING)).map((all) => all.join('')),
)

it.each([
  'https://wiki.example.com/mcp',
  'https://wiki.example.com/',
  'https://wiki.example.com/a/mcp/',
])('whatever stands behind /mcp, a request stays below %s', (url) => {
  fc.assert(
    fc.property(suffixes, (suffix) => {
      const target = backendTarget(new URL(url), suffix, null)
      if (target === undefined) return
      expect(`${target.href}/`.startsWith(`${url.replace(/\/$/, '')}/`)).toBe(true)
      expect(new URL(target.href).href).toBe(target.href)
    }),
    { numRuns: 2_000 },
  )
})
