import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { call, type TestPerson } from '../../../../../lambdas/runtime/testing.ts'
import { runQuery } from '../../../../../lambdas/skillsets/data/abilities/run-query.ts'
import { dataServices } from '../support/data-services.ts'

const ALICE: TestPerson = { name: 'alice' }
const BOB: TestPerson = { name: 'bob' }
const TOM: TestPerson = { name: 'tom', tenant: 'partner' }

let data: Awaited<ReturnType<typeof dataServices>>
beforeAll(async () => {
  data = await dataServices({ resultRows: 12_000, seconds: 7, resultMegabytes: 3 })
})
afterAll(() => data.close())

const run = (input: Parameters<typeof call<typeof runQuery.input, typeof runQuery.output, never>>[1], as = ALICE) =>
  call(runQuery, input, { as, services: data.services })
const code = (input: Parameters<typeof run>[0], as?: TestPerson) =>
  run(input, as).then(
    () => 'answered',
    (error: Error & { code?: string }) => error.code,
  )

describe('run_query', () => {
  it('gives typed rows of the tenant alone, with the limits of the config', async () => {
    const { columns, rows, rowCount, nextCursor } = await run({ sql: 'SELECT 2' })
    expect(columns[1]).toEqual({ name: 'revenue', type: 'DECIMAL(12,2)', kind: 'decimal', unit: 'EUR' })
    expect(rows).toEqual([
      ['2023-01-01', '100.50'],
      ['2023-02-01', '101.50'],
    ])
    expect([rowCount, nextCursor]).toEqual([2, undefined])
    expect((await run({ sql: 'SELECT 1' }, TOM)).rows).toEqual([['2023-01-01', '1000.50']])
    expect(data.engine.asked.at(-1)).toEqual({
      reader: { tenant: 'partner' },
      sql: 'SELECT 1',
      limits: { rows: 12_000, bytes: 3_000_000, milliseconds: 7_000 },
    })
  })

  it('keeps nothing where one page has it all', async () => {
    const before = data.bucket.objects.size
    await run({ sql: 'SELECT 100' })
    expect(data.bucket.objects.size).toBe(before)
  })

  it('pages by cursor over the whole result, each row once, without asking the engine again', async () => {
    const first = await run({ sql: 'SELECT 11000', pageSize: 1_000 })
    const asked = data.engine.asked.length
    const seen = [...first.rows]
    let cursor = first.nextCursor
    while (cursor !== undefined) {
      const page = await run({ cursor, pageSize: 999 })
      expect([page.offset, page.rowCount]).toEqual([seen.length, 11_000])
      seen.push(...page.rows)
      cursor = page.nextCursor
    }
    expect(seen).toHaveLength(11_000)
    expect(new Set(seen.map(([, revenue]) => revenue)).size).toBe(11_000)
    expect(data.engine.asked).toHaveLength(asked)
  })

  it("refuses another person's cursor, of the tenant or not, and one that is made up", async () => {
    const { nextCursor: cursor = '' } = await run({ sql: 'SELECT 101' })
    expect(await code({ cursor })).toBe('answered')
    expect(await code({ cursor }, BOB)).toBe('invalid_cursor')
    expect(await code({ cursor }, TOM)).toBe('invalid_cursor')
    const [id = ''] = Buffer.from(cursor, 'base64url').toString().split('.')
    for (const text of [`${id}.101`, `${id}.9999999`, `${id}.-1`, `../${id}.1`, '', 'x'.repeat(22)])
      expect(await code({ cursor: Buffer.from(text).toString('base64url') }), text).toBe('invalid_cursor')
  })

  it('says what a limit left out and how to narrow, on every page', async () => {
    const { note, nextCursor = '', rowCount } = await run({ sql: 'SELECT 20000' })
    expect(rowCount).toBe(12_000)
    expect(note).toMatch(/first 12000 rows.*WHERE/)
    expect((await run({ cursor: nextCursor })).note).toBe(note)
  })

  it.each([
    ['csv', 'text/csv; charset=utf-8; header=present', 'month,revenue\r\n2023-01-01,100.50\r\n'],
    ['parquet', 'application/vnd.apache.parquet', 'PAR1'],
  ] as const)('gives the whole result as %s, by a link that ends', async (format, mimeType, begins) => {
    const { file, rows, rowCount } = await run({ sql: 'SELECT 500', format })
    expect([rows, rowCount]).toEqual([[], 500])
    expect(file).toMatchObject({ name: `result.${format}`, mimeType, expiresAt: '2026-11-22T13:00:00.000Z' })
    const { pathname, search } = new URL(file?.url ?? '')
    expect(search).toBe(`?seconds=3600&name=result.${format}`)
    const kept = data.bucket.objects.get(pathname.slice(1))
    expect(kept?.contentType).toBe(mimeType)
    expect(
      Buffer.from(kept?.body ?? '')
        .toString('latin1')
        .slice(0, begins.length),
    ).toBe(begins)
    expect(kept?.body.byteLength).toBe(file?.bytes)
  })

  it('keeps what it keeps below the tenant, and names no person there', () => {
    expect(data.bucket.objects.size).toBeGreaterThan(0)
    for (const key of data.bucket.objects.keys())
      expect(key).toMatch(/^results\/(example|partner)\/[0-9a-f]{64}\/[\w-]{22}\//)
  })

  it.each([
    [{}, 'invalid_arguments'],
    [{ sql: '' }, 'invalid_arguments'],
    [{ sql: 'SELECT 1', cursor: 'x' }, 'invalid_arguments'],
    [{ cursor: 'x', format: 'csv' }, 'invalid_arguments'],
    [{ sql: 'SELECT 1', pageSize: 1_001 }, 'invalid_arguments'],
    [{ sql: 'x'.repeat(20_001) }, 'invalid_arguments'],
    [{ sql: 'DROP TABLE sales' }, 'query_refused'],
  ] as const)('refuses %j', async (input, expected) => {
    expect(await code(input)).toBe(expected)
  })

  it('ends with its signal, and gives its place back', async () => {
    for (const _attempt of [1, 2, 3]) {
      const cancelled = new AbortController()
      const running = call(runQuery, { sql: 'WAIT' }, { as: ALICE, services: data.services, signal: cancelled.signal })
      await expect.poll(() => data.engine.asked.at(-1)?.sql).toBe('WAIT')
      cancelled.abort(new Error('cancelled'))
      await expect(running).rejects.toThrow('cancelled')
      expect(await code({ sql: 'SELECT 1' })).toBe('answered')
    }
  })
})
