import { readdirSync, readFileSync, rmSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { FileSource } from '../../../../../../lambdas/skillsets/data/engines/files/file-source.ts'
import { createFolderSource } from '../../../../../../lambdas/skillsets/data/engines/files/folder-source.ts'
import { attemptedSql } from '../../escapes/attempt.ts'
import { attemptsFor } from '../../escapes/corpus.ts'
import { FILE_SECRET, OTHER_TENANT, PARTNER_SECRET, TENANT } from '../../escapes/scene.ts'
import { DESCRIBED, LIMITS, NEVER, openScene, type Scene, sceneForTest, write } from './scene-engine.ts'

const READER = { tenant: TENANT }
const OTHER = { tenant: OTHER_TENANT }
const ENDLESS = 'SELECT sum(a.range * b.range) FROM range(10000000) a, range(10000000) b'

let scene: Scene
beforeAll(() => {
  scene = openScene({
    datasets: {
      orders: {
        ...DESCRIBED,
        files: 'orders.csv',
        tenantColumn: 'tenant',
        columns: { amount: { unit: 'EUR', comment: 'With tax.' } },
      },
      customers: { ...DESCRIBED, files: 'customers.csv', tenantColumn: 'tenant' },
      plans: { ...DESCRIBED, files: 'plans.csv', tenant: OTHER_TENANT },
    },
  })
  write(join(scene.folder, 'plans.csv'), `plan\n${PARTNER_SECRET}\n`)
})
afterAll(() => scene.remove())

const ask = (sql: string, limits = LIMITS, signal = NEVER) => scene.engine.query(READER, sql, limits, signal)
const rowsOf = async (sql: string) => (await ask(sql)).rows

describe('what an asker gets', () => {
  test('rows with their columns', async () => {
    expect(await ask('SELECT id, item FROM orders ORDER BY id')).toEqual({
      columns: [
        { name: 'id', type: 'BIGINT', kind: 'integer' },
        { name: 'item', type: 'VARCHAR', kind: 'text' },
      ],
      rows: [
        [1, 'spade'],
        [2, 'rake'],
      ],
    })
  })

  test('the data sets that the tenant has a part in', async () => {
    const { columns: _, ...described } = DESCRIBED
    expect(await scene.engine.datasets(READER, NEVER)).toEqual([
      { name: 'orders', ...described },
      { name: 'customers', ...described },
    ])
    expect((await scene.engine.datasets(OTHER, NEVER)).map(({ name }) => name)).toEqual([
      'orders',
      'customers',
      'plans',
    ])
  })

  test('a description: columns, units, comments, the count of rows, a sample in fixed order', async () => {
    const columns = [
      { name: 'id', type: 'BIGINT', kind: 'integer' },
      { name: 'item', type: 'VARCHAR', kind: 'text' },
      { name: 'amount', type: 'DOUBLE', kind: 'float', unit: 'EUR', comment: 'With tax.' },
      { name: 'tenant', type: 'VARCHAR', kind: 'text' },
    ]
    expect(await scene.engine.columns(READER, 'orders', NEVER)).toEqual(columns)
    const { title, description } = DESCRIBED
    expect(await scene.engine.describe(READER, 'orders', NEVER)).toEqual({
      name: 'orders',
      title,
      description,
      columns,
      rowCount: 2,
      sample: {
        columns,
        rows: [
          [1, 'spade', 12.5, TENANT],
          [2, 'rake', 8.25, TENANT],
        ],
      },
    })
  })

  test('a plan, without the statement being run', async () => {
    expect(await scene.engine.explain(READER, `${ENDLESS}; -- the end`, NEVER)).toContain('CROSS_PRODUCT')
    await expect(scene.engine.explain(READER, 'DELETE FROM orders', NEVER)).rejects.toMatchObject({
      code: 'query_refused',
    })
    await expect(scene.engine.explain(READER, 'EXPLAIN ANALYZE SELECT 1', NEVER)).rejects.toMatchObject({
      code: 'query_refused',
    })
  })

  test.each([
    'plans',
    'nothing',
    'toString',
    'orders; DROP TABLE orders',
  ])('no word of the data set %s', async (name) => {
    const told = {
      code: 'unknown_dataset',
      message: `There is no data set "${name}".`,
      hint: 'There are: orders, customers.',
    }
    await expect(scene.engine.describe(READER, name, NEVER)).rejects.toMatchObject(told)
    await expect(scene.engine.columns(READER, name, NEVER)).rejects.toMatchObject(told)
  })

  test("DuckDB's own words where a statement is wrong, with line and caret", async () => {
    await expect(ask('SELECT\n  amout\nFROM orders')).rejects.toMatchObject({
      code: 'query_failed',
      message: expect.stringMatching(/"amout" not found.*"amount".*LINE 2: {3}amout\n {10}\^$/s),
    })
  })
})

describe('limits', () => {
  test('rows: the first ones come, and the answer says so', async () => {
    const { rows, cutBy } = await ask('FROM range(1000000000000)', { ...LIMITS, rows: 5_000 })
    expect([rows.length, cutBy, rows.at(-1)]).toEqual([5_000, 'rows', [4_999]])
  })

  test('rows: as many as there may be are all there are', async () => {
    const { rows, cutBy } = await ask('FROM range(5000)', { ...LIMITS, rows: 5_000 })
    expect([rows.length, cutBy]).toEqual([5_000, undefined])
  })

  test('bytes: of the rows as JSON', async () => {
    const { rows, cutBy } = await ask("SELECT 'ü' FROM range(1000)", { ...LIMITS, bytes: 70 })
    // ["ü"] and a comma are 7 bytes.
    expect([rows.length, cutBy]).toEqual([10, 'bytes'])
  })

  test('bytes: a first row beyond them is told of', async () => {
    await expect(ask("SELECT repeat('x', 2000000)")).rejects.toMatchObject({
      code: 'too_much_data',
      message: 'A single row takes more than the 1 MB that a result may have.',
    })
  })

  test('time: the statement ends, the next one runs', async () => {
    await expect(ask(ENDLESS, { ...LIMITS, milliseconds: 50 })).rejects.toMatchObject({
      code: 'query_timeout',
      message: 'The query was stopped after 0.05 s, the time that one may take.',
      hint: expect.stringContaining('WHERE'),
    })
    expect(await rowsOf('SELECT 1')).toEqual([[1]])
  })

  test('memory: what DuckDB counts', async () => {
    await expect(ask('SELECT count(DISTINCT random()) FROM range(100000000)')).rejects.toMatchObject({
      code: 'out_of_memory',
      message: 'The statement needs more than the 128 MB of memory that there are.',
      hint: expect.stringContaining('Filter earlier'),
    })
    expect(await rowsOf('SELECT 1')).toEqual([[1]])
  })

  test('memory: what DuckDB does not count', async () => {
    // A chunk of these is 4 GB.
    const long = "SELECT repeat('x', 2000000 + range::INTEGER) FROM range(4000)"
    await expect(ask(long)).rejects.toMatchObject({ code: 'out_of_memory' })
    expect(await rowsOf('SELECT 1')).toEqual([[1]])
  })

  test('nothing is spilled to the disk', async () => {
    await expect(ask('SELECT random() AS r FROM range(100000000) ORDER BY r')).rejects.toMatchObject({
      code: 'out_of_memory',
    })
    expect(readdirSync(scene.temporary, { recursive: true }).filter((name) => String(name).includes('tmp'))).toEqual([])
  })

  test('the caller leaves: the statement ends with the reason of the signal, others go on', async () => {
    const abort = new AbortController()
    const [endless, other] = [ask(ENDLESS, LIMITS, abort.signal), ask('SELECT count(*) FROM range(10000000)')]
    setTimeout(() => abort.abort(new Error('the caller left')), 20)
    await expect(endless).rejects.toThrow('the caller left')
    expect((await other).rows).toEqual([[10_000_000]])
  })

  test('deep and long statements end in an error, not in the process', async () => {
    const statements = [`SELECT ${'('.repeat(20_000)}1${')'.repeat(20_000)}`, `SELECT ${'1+'.repeat(20_000)}1`]
    for (const sql of statements) await expect(ask(sql)).rejects.toMatchObject({ name: 'AbilityError' })
    expect(await rowsOf('SELECT 1')).toEqual([[1]])
  })
})

describe('tenants', () => {
  test.each([
    [
      'a join',
      'SELECT count(*), min(c.tenant), max(o.tenant) FROM orders o CROSS JOIN customers c',
      [[2, TENANT, TENANT]],
    ],
    ['a CTE', 'WITH everyone AS (FROM orders) SELECT DISTINCT tenant FROM everyone', [[TENANT]]],
    ['a condition', `SELECT count(*) FROM orders WHERE tenant = '${OTHER_TENANT}' OR true`, [[2]]],
    [
      'information_schema',
      'SELECT table_name FROM information_schema.tables ORDER BY ALL',
      [['customers'], ['orders']],
    ],
    ['SHOW TABLES', 'SHOW TABLES', [['customers'], ['orders']]],
  ])('%s sees the own rows only', async (_, sql, rows) => {
    expect(await rowsOf(sql)).toEqual(rows)
  })

  test('no attempt to escape brings word of another tenant, a path or a file', async () => {
    const places = { file: join(scene.folder, 'orders.csv'), folder: scene.folder, other: OTHER_TENANT }
    for (const attempt of attemptsFor('duckdb')) {
      const sql = attemptedSql(attempt, places)
      const answer = await ask(sql).then(JSON.stringify, (error) => `${error.message} ${error.hint}`)
      const told = answer.replaceAll(places.file, '').replaceAll(places.folder, '')
      // A caret's line quotes the statement.
      for (const secret of [PARTNER_SECRET, FILE_SECRET, scene.temporary])
        if (!sql.includes(secret)) expect(told, attempt.name).not.toContain(secret)
    }
    expect(await rowsOf('SELECT id, item FROM orders ORDER BY id')).toEqual([
      [1, 'spade'],
      [2, 'rake'],
    ])
  })

  test("no file that the tenant's process could reach has another tenant's rows", async () => {
    await rowsOf('SELECT 1')
    const files = readdirSync(scene.temporary, { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    )
    expect(files.map(({ name }) => name)).toEqual(['data.duckdb'])
    for (const { parentPath, name } of files)
      expect(readFileSync(join(parentPath, name)).includes(PARTNER_SECRET)).toBe(false)
  })

  test("another tenant's call ends the process that idles and deletes its files first", async () => {
    const { engine, temporary } = sceneForTest()
    expect((await engine.query(READER, 'SELECT max(item) FROM orders', LIMITS, NEVER)).rows).toEqual([['spade']])
    const [own] = readdirSync(temporary).filter((name) => name.startsWith('database'))
    expect((await engine.query(OTHER, 'SELECT max(item) FROM orders', LIMITS, NEVER)).rows).toEqual([[PARTNER_SECRET]])
    const left = readdirSync(temporary).filter((name) => name.startsWith('database'))
    expect(left).toHaveLength(1)
    expect(left).not.toContain(own)
  })

  test('while all databases are in use, another tenant is asked to come again', async () => {
    const { engine } = sceneForTest()
    await engine.query(READER, 'SELECT 1', LIMITS, NEVER)
    const abort = new AbortController()
    const busy = engine.query(READER, ENDLESS, LIMITS, abort.signal)
    await expect(engine.query(OTHER, 'SELECT 1', LIMITS, NEVER)).rejects.toMatchObject({ code: 'engine_unavailable' })
    abort.abort(new Error('done'))
    await expect(busy).rejects.toThrow('done')
    expect((await engine.query(OTHER, 'SELECT 1', LIMITS, NEVER)).rows).toEqual([[1]])
  })

  test.each([
    ['numbers', '7', '007'],
    ['numbers with an exponent', '1000', '1e3'],
    ['truths', '1', 'true'],
  ])('are told apart by their names where CSV would take these for %s', async (_what, tenant, other) => {
    const { engine, folder } = sceneForTest()
    write(join(folder, 'orders.csv'), `tenant,id\n${tenant},1\n${other},2\n`)
    expect((await engine.query({ tenant }, 'SELECT id FROM orders', LIMITS, NEVER)).rows).toEqual([[1]])
  })

  test('a tenant whose name is SQL is a tenant without rows', async () => {
    const { engine } = sceneForTest()
    const { rows } = await engine.query({ tenant: `' OR '1' = '1` }, 'SELECT count(*) FROM orders', LIMITS, NEVER)
    expect(rows).toEqual([[0]])
  })
})

describe('files', () => {
  test('are looked at again after a minute, and the database is built anew where one changed', async () => {
    let now = 1_000_000
    const lists: string[] = []
    const { engine, folder } = sceneForTest({
      now: () => now,
      source: {
        list: (prefix) => {
          lists.push(prefix)
          return createFolderSource(folder).list(prefix)
        },
        fetch: (file, path) => createFolderSource(folder).fetch(file, path),
      },
    })
    const count = async () => (await engine.query(READER, 'SELECT count(*) FROM orders', LIMITS, NEVER)).rows[0]?.[0]
    expect(await count()).toBe(2)
    write(join(folder, 'orders.csv'), `id,item,amount,tenant\n7,hoe,1,${TENANT}\n`)
    utimesSync(join(folder, 'orders.csv'), 1, 1)
    now += 59_000
    expect(await count()).toBe(2)
    expect(lists).toEqual(['orders.csv', 'customers.csv'])
    now += 2_000
    expect(await count()).toBe(1)
    now += 61_000
    expect(await count()).toBe(1)
    expect(lists).toHaveLength(6)
  })

  test('of which only one changed are not fetched again, unless they hold rows of other tenants, too', async () => {
    let now = 1_000_000
    const fetched: string[] = []
    const { engine, folder } = sceneForTest({
      now: () => now,
      datasets: {
        orders: { ...DESCRIBED, files: 'orders.csv', tenantColumn: 'tenant' },
        colours: { ...DESCRIBED, files: 'colours.csv', shared: true },
      },
      source: {
        list: (prefix) => createFolderSource(folder).list(prefix),
        fetch: (file, path) => {
          fetched.push(file.key)
          return createFolderSource(folder).fetch(file, path)
        },
      },
    })
    write(join(folder, 'colours.csv'), 'colour\nred\n')
    await engine.query(READER, 'SELECT 1', LIMITS, NEVER)
    utimesSync(join(folder, 'orders.csv'), 1, 1)
    now += 61_000
    await engine.query(READER, 'SELECT 1', LIMITS, NEVER)
    expect(fetched.toSorted()).toEqual(['colours.csv', 'orders.csv', 'orders.csv'])
  })

  test('statements that run while the database is built anew keep the one that they have', async () => {
    let now = 1_000_000
    const { engine, folder } = sceneForTest({ now: () => now })
    await engine.query(READER, 'SELECT 1', LIMITS, NEVER)
    const abort = new AbortController()
    const endless = engine.query(READER, ENDLESS, LIMITS, abort.signal)
    rmSync(join(folder, 'customers.csv'))
    now += 61_000
    const { rows } = await engine.query(READER, 'SHOW TABLES', LIMITS, NEVER)
    expect(rows).toEqual([['orders']])
    abort.abort(new Error('it still ran'))
    await expect(endless).rejects.toThrow('it still ran')
  })

  test.each([
    ['CSV', 'a.csv', 'id,when,what\n1,2026-01-31,"x, y"\n2,,\n'],
    ['NDJSON', 'a.ndjson', '{"id":1,"when":"2026-01-31","what":"x, y"}\n{"id":2}\n'],
    ['JSON', 'a.json', '[{"id":1,"when":"2026-01-31","what":"x, y"},{"id":2}]'],
  ])('%s is read with the types that all of its values fit', async (_, files, content) => {
    const { engine, folder } = sceneForTest({ datasets: { a: { ...DESCRIBED, files, shared: true } } })
    write(join(folder, files), content)
    const { columns, rows } = await engine.query(READER, 'FROM a ORDER BY id', LIMITS, NEVER)
    expect(columns.map(({ name, kind }) => [name, kind])).toEqual([
      ['id', 'integer'],
      ['when', 'date'],
      ['what', 'text'],
    ])
    expect(rows).toEqual([
      [1, '2026-01-31', 'x, y'],
      [2, null, null],
    ])
  })

  test('awkward names of columns are kept, and data sets may be called as SQL calls things', async () => {
    const { engine, folder } = sceneForTest({
      datasets: { select: { ...DESCRIBED, files: 'a.csv', tenantColumn: 'Der "Mandant"' } },
    })
    write(
      join(folder, 'a.csv'),
      `"Umsatz (€), netto","Der ""Mandant""",order\n1.5,${TENANT},a\n2.5,${OTHER_TENANT},b\n`,
    )
    const { columns, rowCount } = await engine.describe(READER, 'select', NEVER)
    expect(columns.map(({ name }) => name)).toEqual(['Umsatz (€), netto', 'Der "Mandant"', 'order'])
    expect(rowCount).toBe(1)
    const { rows } = await engine.query(READER, 'SELECT "Umsatz (€), netto" FROM "select"', LIMITS, NEVER)
    expect(rows).toEqual([[1.5]])
  })

  test('{tenant} in a path, many files, columns that only some have, a column of the path, odd names', async () => {
    const { engine, folder } = sceneForTest({ datasets: { visits: { ...DESCRIBED, files: '{tenant}/year=*/*.csv' } } })
    write(join(folder, TENANT, 'year=2025', "it's [a] *.csv"), 'id\n1\n')
    write(join(folder, TENANT, 'year=2026', 'b.csv'), 'id,note\n2,new\n')
    write(join(folder, OTHER_TENANT, 'year=2026', 'b.csv'), `id,note\n3,${PARTNER_SECRET}\n`)
    const { rows } = await engine.query(READER, 'SELECT id, note, year FROM visits ORDER BY id', LIMITS, NEVER)
    expect(rows).toEqual([
      [1, null, 2025],
      [2, 'new', 2026],
    ])
  })

  test('a data set without files has no table', async () => {
    const { engine } = sceneForTest({ datasets: { none: { ...DESCRIBED, files: 'none/*.csv', shared: true } } })
    await expect(engine.describe(READER, 'none', NEVER)).rejects.toMatchObject({
      code: 'query_failed',
      message: 'There is no table none.',
    })
  })

  test('a file that cannot be read is named by its data set; what is wrong with it is for the log', async () => {
    const { engine, folder } = sceneForTest()
    write(join(folder, 'orders.csv'), `id,item,amount\n1,${PARTNER_SECRET}\n`)
    const asked = engine.query(READER, 'SELECT 1', LIMITS, NEVER)
    await expect(asked).rejects.toMatchObject({
      code: 'engine_unavailable',
      message: 'The files of the data set orders cannot be read.',
      cause: { message: expect.stringContaining('"tenant"') },
    })
  })

  test('a source that fails is unavailable, and works again when it does', async () => {
    const broken: FileSource = {
      list: () => Promise.reject(new Error('no bucket prod-secret')),
      fetch: () => Promise.reject(),
    }
    const { engine } = sceneForTest({ source: broken })
    await expect(engine.query(READER, 'SELECT 1', LIMITS, NEVER)).rejects.toMatchObject({
      code: 'engine_unavailable',
      message: 'The files of the data sets cannot be read at the moment.',
      cause: { message: 'no bucket prod-secret' },
    })
    broken.list = async () => []
    expect((await engine.query(READER, 'SELECT 1', LIMITS, NEVER)).rows).toEqual([[1]])
  })

  test('a file of which only half came is fetched again', async () => {
    let fails = true
    const { engine, folder } = sceneForTest({
      source: {
        list: (prefix) => createFolderSource(folder).list(prefix),
        async fetch(file, path) {
          if (fails) write(path, 'id,item,amount,tenant\n1')
          if (fails) throw new Error('the connection was lost')
          await createFolderSource(folder).fetch(file, path)
        },
      },
    })
    const count = () => engine.query(READER, 'SELECT count(*) FROM orders', LIMITS, NEVER)
    await expect(count()).rejects.toMatchObject({ code: 'engine_unavailable' })
    fails = false
    expect((await count()).rows).toEqual([[2]])
  })

  test('a process that was killed is started again by the next call', async () => {
    const { engine } = sceneForTest()
    const crash = engine.query(
      READER,
      "SELECT levenshtein(repeat('ab', 100000), repeat('ba', 100000))",
      { ...LIMITS, milliseconds: 50 },
      NEVER,
    )
    await expect(crash).rejects.toMatchObject({ code: 'query_timeout' })
    expect((await engine.query(READER, 'SELECT count(*) FROM orders', LIMITS, NEVER)).rows).toEqual([[2]])
  })
})
