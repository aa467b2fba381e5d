import { describe, expect, it } from 'vitest'
import { freshness } from '../../../lambdas/outgoing/freshness.ts'

const NOW = Date.parse('2026-11-22T08:00:00Z')

describe('AS-10: documents are kept as long as HTTP says, and no longer than an hour', () => {
  it.each([
    [{}, 300],
    [{ 'cache-control': 'public, max-age=600' }, 600],
    [{ 'cache-control': 'max-age=600', age: '100' }, 500],
    [{ 'cache-control': 'max-age=600', age: '700' }, 0],
    [{ 'cache-control': 'max-age=600', age: 'x' }, 600],
    [{ 'cache-control': 'max-age=0' }, 0],
    [{ 'cache-control': 'max-age=31536000' }, 3600],
    [{ 'cache-control': 'Max-Age="60"' }, 60],
    [{ 'cache-control': 'max-age=-1' }, 300],
    [{ 'cache-control': 'no-store' }, 0],
    [{ 'cache-control': 'max-age=600, No-Cache' }, 0],
    [{ expires: 'Sun, 22 Nov 2026 08:10:00 GMT' }, 600],
    [{ expires: 'Sun, 22 Nov 2026 07:00:00 GMT' }, 0],
    [{ expires: '0' }, 0],
    [{ 'cache-control': 'max-age=60', expires: 'Sun, 22 Nov 2026 08:10:00 GMT' }, 60],
  ])('%j: %d s', (headers, seconds) => expect(freshness(headers, NOW)).toBe(seconds))
})
