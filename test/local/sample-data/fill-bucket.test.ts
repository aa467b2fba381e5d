import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { describe, expect, it } from 'vitest'
import { samplePath } from '../../../lambdas/skillsets/data/sample/datasets.ts'
import { SAMPLE_MANIFEST, SAMPLE_VERSION } from '../../../lambdas/skillsets/data/sample/manifest.ts'
import { fillBucket } from '../../../local/sample-data/fill-bucket.ts'
import { collectRows } from '../../../local/sample-data/generate.ts'

const SCALE = 0.002
const expected = collectRows(SCALE)
const ROWS = Object.values(expected).reduce((sum, { length }) => sum + length, 0)

/** A bucket in memory that can break after some objects. */
class MemoryBucket {
  readonly objects = new Map<string, Uint8Array>()
  readonly acts: string[] = []
  breaksAfter = Number.POSITIVE_INFINITY

  async get(key: string) {
    const body = this.objects.get(key)
    return body && { body, contentType: '' }
  }
  async put(key: string, body: Uint8Array | string) {
    if (this.acts.length >= this.breaksAfter) throw new Error('ended')
    this.acts.push(`put ${key}`)
    this.objects.set(key, Buffer.from(body))
  }
  async delete(key: string) {
    this.acts.push(`delete ${key}`)
    this.objects.delete(key)
  }
}

describe('fillBucket', () => {
  it('writes a Parquet file for each table and tenant, with the rows as they were generated', async () => {
    const bucket = new MemoryBucket()
    expect(await fillBucket(bucket, SCALE)).toEqual({ rows: ROWS, isNew: true })

    const folder = await mkdtemp(join(tmpdir(), 'sample-'))
    const instance = await DuckDBInstance.create(':memory:')
    try {
      const connection = await instance.connect()
      const read = async (sql: string) => (await connection.runAndReadAll(sql)).getRowObjectsJson()
      for (const [path, body] of bucket.objects) await writeFile(join(folder, path.replaceAll('/', '-')), body)
      const from = (table: string) => `'${join(folder, samplePath(table, '*').replaceAll('/', '-'))}'`

      const orders = expected.orders.filter(({ tenant }) => tenant === 'example')
      const total = orders.reduce((sum, order) => sum + order.total, 0)
      expect(
        await read(`SELECT count(*)::int AS n, sum(total) AS s FROM ${from('orders')} WHERE tenant = 'example'`),
      ).toEqual([{ n: orders.length, s: `${Math.floor(total / 100)}.${String(total % 100).padStart(2, '0')}` }])
      const [first] = expected.orders
      expect(
        await read(
          `SELECT epoch(ordered_at)::int AS t, delivered_on - DATE '1970-01-01' AS d, country FROM ${from('orders')} LIMIT 1`,
        ),
      ).toEqual([
        { t: first?.ordered_at, d: first?.delivered_on && String(first.delivered_on), country: first?.country },
      ])
      const unsigned = expected.web_sessions.filter(({ customer_id }) => customer_id === null).length
      expect(await read(`SELECT count(*) FILTER (customer_id IS NULL)::int AS n FROM ${from('web_sessions')}`)).toEqual(
        [{ n: unsigned }],
      )
      expect(
        await read(`SELECT typeof(list_price) AS p, typeof(weight_kg) AS w FROM ${from('products')} LIMIT 1`),
      ).toEqual([{ p: 'DECIMAL(12,2)', w: 'DOUBLE' }])
    } finally {
      instance.closeSync()
      await rm(folder, { recursive: true })
    }
  })

  it('does nothing where the bucket has this version', async () => {
    const bucket = new MemoryBucket()
    await bucket.put(SAMPLE_MANIFEST, JSON.stringify({ version: SAMPLE_VERSION, rows: 12 }))
    expect(await fillBucket(bucket, SCALE)).toEqual({ rows: 12, isNew: false })
    expect(bucket.acts).toHaveLength(1)
  })

  it.each([
    ['{"version":"another","rows":1}'],
    ['{'],
  ])('replaces %s, whose manifest goes before the first file comes', async (text) => {
    const bucket = new MemoryBucket()
    await bucket.put(SAMPLE_MANIFEST, text)
    expect(await fillBucket(bucket, SCALE)).toEqual({ rows: ROWS, isNew: true })
    expect(bucket.acts[1]).toBe(`delete ${SAMPLE_MANIFEST}`)
    expect(bucket.acts.at(-1)).toBe(`put ${SAMPLE_MANIFEST}`)
  })

  it('ended half way: there is no manifest, and the next time it is made whole', async () => {
    const bucket = new MemoryBucket()
    bucket.breaksAfter = 5
    await expect(fillBucket(bucket, SCALE)).rejects.toThrow('ended')
    expect([bucket.objects.size > 0, bucket.objects.has(SAMPLE_MANIFEST)]).toEqual([true, false])
    bucket.breaksAfter = Number.POSITIVE_INFINITY
    expect((await fillBucket(bucket, SCALE)).isNew).toBe(true)
    expect(bucket.objects.has(SAMPLE_MANIFEST)).toBe(true)
  })
})
