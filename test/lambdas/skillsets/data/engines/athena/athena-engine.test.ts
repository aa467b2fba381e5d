import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { AbilityError } from '../../../../../../lambdas/runtime/ability-error.ts'
import { Statements } from '../../../../../../lambdas/skillsets/data/engines/athena/statements.ts'
import type { AthenaAccess } from '../../../../../../model/skillset-declaration.ts'
import {
  expiredToken,
  internalError,
  metadataError,
  tooManyRequests,
} from '../../../../../support/athena/json-service.ts'
import { ACCESS, ALICE, databaseOf, going, LIMITS, type Scene, startScene, TOM } from './scene.ts'

let scene: Scene
beforeAll(async () => {
  scene = await startScene()
})
afterAll(() => scene[Symbol.asyncDispose]())
afterEach(() => {
  scene.athena.faults.length = 0
  scene.athena.running = 0
})

const query = (sql: string, limits = {}, reader = ALICE, signal = going()) =>
  scene.engine.query(reader, sql, { ...LIMITS, ...limits }, signal)

/** What the engine throws. */
async function refusal(run: Promise<unknown>): Promise<AbilityError> {
  const error = await run.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (error instanceof AbilityError) return error
  throw new Error('not refused', { cause: error })
}

const last = () => scene.athena.history.at(-1)

describe('data sets', () => {
  it('are those of the reader’s tenant', async () => {
    const names = async (tenant: string) => (await scene.engine.datasets({ tenant }, going())).map(({ name }) => name)
    expect(await names('example')).toEqual(['orders', 'customers'])
    expect(await names('partner')).toEqual(['orders', 'customers', 'plans'])
    expect(await names('nobody')).toEqual([])
    expect(await names('__proto__')).toEqual([])
  })

  it('have the declared columns, and Athena is not asked for them', async () => {
    const before = scene.athena.history.length
    expect(await scene.engine.columns(ALICE, 'orders', going())).toEqual([
      { name: 'id', type: 'int', kind: 'integer' },
      { name: 'item', type: 'string', kind: 'text' },
      { name: 'amount', type: 'decimal(12,2)', kind: 'decimal', unit: 'EUR', comment: 'With tax' },
      { name: 'tags', type: 'array<string>', kind: 'list' },
    ])
    expect(scene.athena.history).toHaveLength(before)
  })

  it('are described with a sample, nested values whole, and with the rows that Parquet counts for nothing', async () => {
    const orders = await scene.engine.describe(ALICE, 'orders', going())
    expect(orders).toMatchObject({ name: 'orders', title: 'Orders', rowCount: 2 })
    expect(orders.sample.columns).toEqual(orders.columns)
    expect(orders.sample.rows).toEqual([
      [1, 'spade', '12.50', ['a, b', null]],
      [2, 'rake', '8.25', ['a, b', null]],
    ])
    expect(await scene.engine.describe(ALICE, 'customers', going())).not.toHaveProperty('rowCount')
  })

  it.each(['plans', 'secrets', 'nothing', 'toString'])('of others do not exist: %s', async (name) => {
    for (const asked of [scene.engine.describe(ALICE, name, going()), scene.engine.columns(ALICE, name, going())])
      expect(await refusal(asked)).toMatchObject({ code: 'unknown_dataset' })
  })
})

describe('a query', () => {
  it('answers typed rows, and how much was read', async () => {
    const { columns, rows, scannedBytes, cutBy } = await query('SELECT id, item, amount FROM orders ORDER BY id;')
    expect(columns).toEqual([
      { name: 'id', type: 'integer', kind: 'integer' },
      { name: 'item', type: 'varchar', kind: 'text' },
      { name: 'amount', type: 'decimal(12,2)', kind: 'decimal' },
    ])
    expect(rows).toEqual([
      [1, 'spade', '12.50'],
      [2, 'rake', '8.25'],
    ])
    expect(scannedBytes).toBeGreaterThan(0)
    expect(cutBy).toBeUndefined()
  })

  it('runs in the database and the workgroup of the tenant, with the tenant’s role', async () => {
    expect((await query('SELECT item FROM orders', {}, TOM)).rows).toEqual([['PARTNER-SECRET']])
    expect(last()).toMatchObject({ database: databaseOf('partner'), workgroup: 'prod-mcp-data.partner' })
    expect(scene.sts.assumed.at(-1)).toBe('arn:aws:iam::000000000000:role/data-partner')
    expect(await refusal(query('SELECT 1', {}, { tenant: 'nobody' }))).toMatchObject({ code: 'query_refused' })
  })

  it('is planned first, which reads nothing, and then run as it stands', async () => {
    const before = scene.athena.history.length
    await query('SELECT 1 AS "--x" -- one')
    expect(scene.athena.history.slice(before).map(({ sql }) => sql)).toEqual([
      'EXPLAIN (TYPE IO, FORMAT JSON)\nSELECT 1 AS "--x"',
      'SELECT 1 AS "--x"',
    ])
  })

  it('keeps NULL and the empty text apart, and values that a double would change', async () => {
    const { rows } = await query(
      `SELECT NULL, '', 9007199254740993, CAST(1.10 AS DECIMAL(20,2)), CAST('NaN' AS DOUBLE), 1e20::DOUBLE, true, BLOB 'ab',
        TIMESTAMP '2026-01-31 09:30:00.5', TIMESTAMPTZ '2026-01-31 09:30:00+01', DATE '2026-01-31', INTERVAL 26 HOUR,
        CAST({'a': [1, NULL]} AS JSON)`,
    )
    expect(rows[0]?.slice(0, 8)).toEqual([null, '', '9007199254740993', '1.10', 'NaN', 1e20, true, 'YWI='])
    expect(rows[0]?.slice(8)).toEqual([
      '2026-01-31T09:30:00.5',
      '2026-01-31T08:30:00Z',
      '2026-01-31',
      'P1DT2H',
      { a: [1, null] },
    ])
  })

  it('says that nested values are text, and how to get their parts', async () => {
    const { columns, rows } = await query('SELECT tags FROM orders LIMIT 1')
    expect(columns).toMatchObject([{ type: 'array', kind: 'text', comment: expect.stringContaining('AS JSON') }])
    expect(rows).toEqual([['[a, b, null]']])
  })
})

describe('a large result', () => {
  it('comes by pages of 1,000, and the row of names is no row', async () => {
    const { rows, cutBy } = await query('SELECT unnest(range(2500)) AS n')
    expect(rows.map(([n]) => n)).toEqual([...Array(2500).keys()])
    expect(cutBy).toBeUndefined()
  })

  it.each([
    [999, 1000, 'rows'],
    [1000, 1000, undefined],
    [0, 1, 'rows'],
    [1500, 2500, 'rows'],
  ])('%i rows wanted of %i: cut by %s', async (wanted, all, cutBy) => {
    const result = await query(`SELECT unnest(range(${all})) AS n`, { rows: wanted })
    expect(result.rows).toHaveLength(Math.min(wanted, all))
    expect(result.cutBy).toBe(cutBy)
  })

  it('is cut by bytes', async () => {
    const { rows, cutBy } = await query(`SELECT repeat('x', 100) FROM range(100)`, { bytes: 1000 })
    expect(rows).toHaveLength(9)
    expect(cutBy).toBe('bytes')
    const tooLarge = query(`SELECT repeat('x', 100)`, { bytes: 100 })
    expect(await refusal(tooLarge)).toMatchObject({ code: 'too_much_data' })
  })
})

describe('a statement that fails', () => {
  it.each([
    ['SELECT\n  nope FROM orders', "COLUMN_NOT_FOUND: line 2:3: Column 'nope'"],
    ['SELECT * FROM nothing', "TABLE_NOT_FOUND: line 1:15: Table 'nothing' does not exist"],
    ['SELECT CAST(item AS INTEGER) FROM orders', 'INVALID_CAST_ARGUMENT'],
    ['SELECT FROM WHERE', 'line 1:13: mismatched input'],
  ])('%s: in Athena’s words, at the person’s lines, without the database', async (sql, words) => {
    const error = await refusal(query(sql))
    expect(error.code).toBe('query_failed')
    expect(error.message).toContain(words)
    expect(error.message).not.toMatch(/prod_mcp|awsdatacatalog/)
  })

  it('that would scan too much was stopped by the workgroup; the message says what was reached', async () => {
    await using small = await startScene({}, 10)
    const error = await refusal(small.engine.query(ALICE, 'SELECT * FROM orders', LIMITS, going()))
    expect(error).toMatchObject({ code: 'too_much_data', message: expect.stringContaining('0.00001 MB') })
  })
})

describe('Athena', () => {
  const orders = () => query('SELECT count(*) FROM orders')

  it('may be busy: the request is repeated', async () => {
    for (const operation of ['StartQueryExecution', 'GetQueryExecution', 'GetQueryResults'])
      scene.athena.faults.push({ operation, error: tooManyRequests() })
    expect((await orders()).rows).toEqual([[2]])
  })

  it('may lose an answer: a repeated start is the same execution', async () => {
    const before = scene.athena.history.length
    scene.athena.faults.push({ operation: 'StartQueryExecution', error: internalError(), carriedOut: true })
    expect((await orders()).rows).toEqual([[2]])
    expect(scene.athena.history).toHaveLength(before + 2)
  })

  it('may stay busy: the statement’s time is over all the same, and if it starts yet, it is stopped', async () => {
    scene.athena.running = 60_000
    // The SDK's last attempt is the fifth.
    for (let each = 0; each < 4; each++)
      scene.athena.faults.push({ operation: 'StartQueryExecution', error: tooManyRequests() })
    expect(await refusal(query('SELECT 46', { milliseconds: 150 }))).toMatchObject({ code: 'query_timeout' })
    const late = { sql: expect.stringContaining('SELECT 46'), state: 'CANCELLED' }
    await expect.poll(() => last(), { timeout: 15_000 }).toMatchObject(late)
  })

  it('may not answer: engine_unavailable, and the reason is for the log', async () => {
    scene.athena.faults.push({ operation: 'GetQueryResults', error: metadataError() })
    const error = await refusal(orders())
    expect(error).toMatchObject({ code: 'engine_unavailable', cause: { name: 'MetadataException' } })
    expect(`${error.message} ${error.hint}`).not.toMatch(/Glue|\d{12}/)
  })

  it('may no longer take the credentials: the next call has new ones', async () => {
    await orders()
    const { length } = scene.sts.assumed
    scene.athena.faults.push({ operation: 'StartQueryExecution', error: expiredToken() })
    expect(await refusal(orders())).toMatchObject({ code: 'engine_unavailable' })
    expect((await orders()).rows).toEqual([[2]])
    expect(scene.sts.assumed).toHaveLength(length + 1)
  })
})

describe('a statement is stopped in Athena', () => {
  it('when its time is over', async () => {
    scene.athena.running = 60_000
    expect(await refusal(query('SELECT 42', { milliseconds: 200 }))).toMatchObject({
      code: 'query_timeout',
      message: expect.stringContaining('stopped after'),
    })
    expect(last()).toMatchObject({ sql: expect.stringContaining('SELECT 42'), state: 'CANCELLED' })
  })

  it('when the caller leaves', async () => {
    scene.athena.running = 60_000
    const leaving = new AbortController()
    const asked = query('SELECT 43', {}, ALICE, leaving.signal)
    await expect.poll(() => last()).toMatchObject({ sql: expect.stringContaining('SELECT 43'), state: 'RUNNING' })
    leaving.abort(new Error('left'))
    await expect(asked).rejects.toThrow('left')
    expect(last()).toMatchObject({ sql: expect.stringContaining('SELECT 43'), state: 'CANCELLED' })
  })

  it('when the caller leaves between the start and its answer', async () => {
    scene.athena.running = 60_000
    scene.athena.faults.push({ operation: 'StartQueryExecution', after: 150 })
    const leaving = new AbortController()
    const asked = query('SELECT 44', {}, ALICE, leaving.signal)
    await expect.poll(() => last()?.sql).toContain('SELECT 44')
    leaving.abort(new Error('left'))
    await expect(asked).rejects.toThrow('left')
    expect(last()).toMatchObject({ sql: expect.stringContaining('SELECT 44'), state: 'CANCELLED' })
  })

  it('and is not started for a caller who has left', async () => {
    const { length } = scene.athena.history
    await expect(query('SELECT 45', {}, ALICE, AbortSignal.abort(new Error('left')))).rejects.toThrow('left')
    await wait(50)
    expect(scene.athena.history).toHaveLength(length)
  })
})

describe('what kind a statement was, Athena says', () => {
  it.each([
    'SHOW TABLES',
    'DESCRIBE orders',
    'MSCK REPAIR TABLE orders',
    'EXPLAIN SELECT 1',
  ])('and of another kind no row is read: %s', async (sql) => {
    const place = { ...(ACCESS.example as AthenaAccess), client: scene.client(ACCESS.example as AthenaAccess) }
    const wording = { database: place.database, hidden: [] }
    const statements = new Statements({ place, wording, scanMegabytes: 1, signal: going() })
    // Were the results asked for, this would be what they are answered with.
    scene.athena.faults.push({ operation: 'GetQueryResults', error: metadataError() })
    expect(await refusal(statements.select(sql, LIMITS))).toMatchObject({ code: 'query_refused' })
    expect(scene.athena.faults).toHaveLength(1)
  })
})

describe('explain', () => {
  it('says the plan, and does not run the statement', async () => {
    const before = scene.athena.history.length
    const plan = await scene.engine.explain(ALICE, 'SELECT * FROM orders', going())
    expect(plan).toContain('TableScan[table = orders]')
    expect(scene.athena.history.slice(before).map(({ kind }) => kind.substatement)).toEqual(['EXPLAIN', 'EXPLAIN'])
  })

  it('of what may not be run is refused', async () => {
    const other = `SELECT * FROM ${databaseOf('partner')}.orders`
    expect(await refusal(scene.engine.explain(ALICE, other, going()))).toMatchObject({ code: 'query_refused' })
  })
})
