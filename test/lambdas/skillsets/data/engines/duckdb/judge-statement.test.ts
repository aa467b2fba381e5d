import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  DATABASE,
  readAllowedFunctions,
} from '../../../../../../lambdas/skillsets/data/engines/duckdb/allowed-functions.ts'
import { createJudge, type Judge } from '../../../../../../lambdas/skillsets/data/engines/duckdb/judge-statement.ts'
import { judgeTree } from '../../../../../../lambdas/skillsets/data/engines/duckdb/judge-tree.ts'
import { attemptedSql } from '../../escapes/attempt.ts'
import { attemptsFor } from '../../escapes/corpus.ts'
import { READING } from './reading-statements.ts'
import { temporaryFolder } from './scene-engine.ts'

const PLACES = { file: '/tmp/secret.csv', folder: '/tmp', other: 'partner' }

const home = temporaryFolder()
let connection: DuckDBConnection
let judge: Judge

// A database that could do everything: nothing but the judgement stands in the way.
beforeAll(async () => {
  const instance = await DuckDBInstance.create(join(home, `${DATABASE}.duckdb`))
  connection = await instance.connect()
  await connection.run(`CREATE TABLE orders (id INTEGER, item VARCHAR, amount DECIMAL(12, 2), tenant VARCHAR);
    CREATE TABLE customers (id INTEGER, name VARCHAR, tenant VARCHAR)`)
  const allowed = { ...(await readAllowedFunctions(connection)), tables: new Set(['orders', 'customers']) }
  judge = await createJudge(await instance.connect(), allowed)
})

afterAll(() => rmSync(home, { recursive: true }))

const refusedOrFailed = { name: 'AbilityError', code: expect.stringMatching(/^query_(?:refused|failed)$/) }
const attempts = attemptsFor('duckdb')

describe('the judgement of a statement, alone', () => {
  test.each(attempts.filter(({ harmless }) => !harmless))('stops $name', async (attempt) => {
    await expect(judge(attemptedSql(attempt, PLACES))).rejects.toMatchObject(refusedOrFailed)
  })

  const readsOwnRows = attempts.filter(({ kind, harmless }) => kind === 'tenants' && harmless)
  test.each(readsOwnRows)('lets what reads pass: $name', async (attempt) => {
    await judge(attemptedSql(attempt, PLACES))
  })

  test.each(READING)('lets a reading statement pass, and DuckDB binds it: %s', async (sql) => {
    await judge(sql)
    const statement = await connection.prepare(sql)
    expect(statement.columnCount).toBeGreaterThan(0)
  })
})

describe('names of common table expressions', () => {
  const elsewhere = 'There is no table'

  test.each([
    ['is none outside of its query', `SELECT * FROM (WITH "a.csv" AS (SELECT 1) SELECT 1) AS x, "a.csv"`],
    ['is none before it is made', `WITH b AS (SELECT * FROM "a.csv"), "a.csv" AS (SELECT 1) SELECT * FROM b`],
    ['is none within itself', `WITH "a.csv" AS (SELECT * FROM "a.csv") SELECT * FROM "a.csv"`],
    ['is none within the first part of itself', `WITH RECURSIVE "a.csv" AS (SELECT * FROM "a.csv") SELECT 1`],
    ['is none with a schema', `WITH "a.csv" AS (SELECT 1) SELECT * FROM main."a.csv"`],
    [
      'hides no view of the system elsewhere',
      `SELECT (WITH duckdb_settings AS (SELECT 1) SELECT 1), * FROM duckdb_settings`,
    ],
    [
      'is none in a later part of a union',
      `(WITH "a.csv" AS (SELECT 1) SELECT * FROM "a.csv") UNION ALL SELECT * FROM "a.csv"`,
    ],
  ])('a name %s', async (_, sql) => {
    await expect(judge(sql)).rejects.toMatchObject({
      code: 'query_failed',
      message: expect.stringContaining(elsewhere),
    })
  })

  test.each([
    'WITH a AS (SELECT 1), b AS (SELECT * FROM a) SELECT * FROM A, b',
    'WITH a AS (SELECT 1) SELECT * FROM (SELECT * FROM (SELECT * FROM a))',
    'WITH a AS (SELECT 1), b AS (WITH c AS (SELECT * FROM a) SELECT * FROM c) SELECT * FROM b UNION SELECT * FROM a',
    'WITH orders AS (SELECT * FROM orders) SELECT * FROM orders',
    'WITH RECURSIVE a AS (SELECT 1 AS x UNION SELECT x + 1 FROM (SELECT * FROM a) WHERE x < 3) SELECT * FROM a',
  ])('is known where SQL knows it: %s', async (sql) => {
    await judge(sql)
    await connection.run(sql)
  })
})

describe('what the asker is told', () => {
  test('which tables there are', async () => {
    await expect(judge('SELECT * FROM order_lines')).rejects.toMatchObject({
      code: 'query_failed',
      message: 'There is no table order_lines.',
      hint: 'The tables are orders, customers.',
    })
  })

  test('where a statement cannot be parsed, line and caret included', async () => {
    await expect(judge('SELECT id\nFROM orders\nWHERE id = = 1')).rejects.toMatchObject({
      code: 'query_failed',
      message: 'Parser Error: syntax error at or near "="\n\nLINE 3: WHERE id = = 1\n                   ^',
    })
  })

  test.each([
    ['CREATE TABLE a (b INTEGER)', 'it is another kind of statement.'],
    ['SELECT 1; SELECT 2; SELECT 3', 'these are 3 statements.'],
    ['-- nothing', 'there is none.'],
    ["SELECT 'a\0b'", 'it contains a NUL character.'],
    ["SELECT * FROM read_text('a')", 'there is no function read_text that only computes.'],
    ["SELECT current_setting('threads')", 'there is no function current_setting that only computes.'],
    ["SELECT getvariable('a')", 'there is no function getvariable that only computes.'],
    ["SELECT json_serialize_plan('FROM a')", 'there is no function json_serialize_plan that only computes.'],
    ['SELECT pg_sleep(600)', 'there is no function pg_sleep that only computes.'],
    ['SELECT sleep_ms(600000)', 'there is no function sleep_ms that only computes.'],
    ["SELECT write_log('a')", 'there is no function write_log that only computes.'],
    ["SELECT get_block_size('data')", 'there is no function get_block_size that only computes.'],
    ['SELECT sum(id) OVER (), stats(id) OVER () FROM orders', 'there is no function stats that only computes.'],
    ["FROM histogram('orders', item)", 'there is no function histogram that only computes.'],
    ['SHOW DATABASES', 'SHOW lists TABLES only.'],
  ])('why %j is refused', async (sql, why) => {
    await expect(judge(sql)).rejects.toMatchObject({ code: 'query_refused', message: expect.stringContaining(why) })
  })
})

test('what a later DuckDB may make of a statement is refused until it is known here', () => {
  const allowed = { functions: new Set(['f']), tableFunctions: new Set<string>(), tables: new Set<string>() }
  const select = { type: 'SELECT_NODE', select_list: [{ class: 'FUNCTION', type: 'FUNCTION', function_name: 'f' }] }
  judgeTree(select, allowed)
  for (const unknown of [{ type: 'NEW_TABLE_REF' }, { class: 'NEW_EXPRESSION', type: 'VALUE_CONSTANT' }])
    expect(() => judgeTree({ ...select, from_table: unknown }, allowed)).toThrow(
      'is not among what a statement may contain',
    )
})

test('statements that are judged at the same time are not mixed up', async () => {
  const judged = await Promise.allSettled(
    Array.from({ length: 40 }, (_, index) => judge(index % 2 ? 'SELECT 1' : 'DELETE FROM orders')),
  )
  expect(judged.map(({ status }) => status)).toEqual(
    Array.from({ length: 40 }, (_, index) => (index % 2 ? 'fulfilled' : 'rejected')),
  )
})
