import { expect, test } from 'vitest'
import { refusalOf } from '../../../../../../lambdas/skillsets/data/engines/duckdb/engine-errors.ts'

const SIZE = { memoryMegabytes: 768, threads: 2 }

test.each([
  ['Out of Memory Error: failed to allocate data of size 16.0 MiB (722.3 MiB/732.4 MiB used)', undefined],
  // The process itself may map no more, and keeps most of what it has: the next statement would fail for this one.
  ['Out of Memory Error: Failed to allocate block of 16777216 bytes (bad allocation)', true],
  ['std::bad_alloc', true],
])('%s: the process goes, where it is full', (message, broken) => {
  expect(refusalOf(new Error(message), SIZE)).toMatchObject({ code: 'out_of_memory' })
  expect(refusalOf(new Error(message), SIZE).broken).toBe(broken)
})

test('a failure of DuckDB’s own ends the process, and is for the log', () => {
  const { message, broken, detail } = refusalOf(new Error('INTERNAL Error: at /a/path'), SIZE)
  expect([message, broken, detail]).toEqual(['DuckDB failed at this statement.', true, 'INTERNAL Error: at /a/path'])
})
