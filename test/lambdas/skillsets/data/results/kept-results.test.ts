import { expect, it } from 'vitest'
import { KeptResults } from '../../../../../lambdas/skillsets/data/results/kept-results.ts'
import type { Value } from '../../../../../lambdas/skillsets/data/table.ts'
import { MemoryBucket } from '../support/memory-bucket.ts'

const ALICE = { id: 'alice', tenant: 'example' }
const COLUMNS = [{ name: 'text', type: 'VARCHAR', kind: 'text' }] as const
const results = () => new KeptResults(new MemoryBucket(), { linkMinutes: 5 }, () => 0)
const wide = (rows: number, bytes: number): Value[][] => Array.from({ length: rows }, () => ['x'.repeat(bytes)])

it('a page has no more bytes than an answer can carry, and each row comes once', async () => {
  const kept = results()
  let page = await kept.firstPage(ALICE, { columns: COLUMNS, rows: wide(10, 300_000) }, undefined, 10)
  const sizes = [page.rows.length]
  while (page.nextCursor !== undefined) {
    page = await kept.page(ALICE, page.nextCursor, 10)
    sizes.push(page.rows.length)
  }
  expect(sizes).toEqual([3, 3, 3, 1])
})

it('a row that is larger than a page is a page', async () => {
  const page = await results().firstPage(ALICE, { columns: COLUMNS, rows: wide(2, 1_500_000) }, undefined, 10)
  expect(page.rows).toHaveLength(1)
  expect(page.nextCursor).toBeDefined()
})

it('an empty result is one page', async () => {
  const page = await results().firstPage(ALICE, { columns: COLUMNS, rows: [] }, undefined, 10)
  expect(page).toEqual({ columns: COLUMNS, rows: [], offset: 0, rowCount: 0, note: undefined })
})

it.each([
  '../bob/AAAAAAAAAAAAAAAAAAAAAA.0',
  'AAAAAAAAAA/AAAAAAAAAAA.0',
  'AAAAAAAAAAAAAAAAAAAAAA.-1',
  'AAAAAAAAAAAAAAAAAAAAAA.99999999',
])('a cursor that somebody made up (%s) reads nothing at all', async (made) => {
  const asked: string[] = []
  const bucket = Object.assign(new MemoryBucket(), {
    get: async (key: string) => void asked.push(key),
  })
  const kept = new KeptResults(bucket, { linkMinutes: 5 }, () => 0)
  const cursor = Buffer.from(made).toString('base64url')
  await expect(kept.page(ALICE, cursor, 10)).rejects.toMatchObject({ code: 'invalid_cursor' })
  expect(asked).toEqual([])
})

it("a tenant's name that looks like a path stays below the results", async () => {
  const bucket = new MemoryBucket()
  const kept = new KeptResults(bucket, { linkMinutes: 5 }, () => 0)
  await kept.file({ id: 'alice', tenant: '../reports' }, 'result.csv', 'a', 'text/csv')
  expect([...bucket.objects.keys()][0]).toMatch(/^results\/\.\.%2Freports\//)
})
