import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { beforeAll, describe, expect, test } from 'vitest'
import { answerQuery } from '../../../../../../lambdas/skillsets/data/engines/duckdb/answer-query.ts'
import type { ColumnKind, Value } from '../../../../../../lambdas/skillsets/data/table.ts'

let connection: DuckDBConnection

beforeAll(async () => {
  connection = await (await DuckDBInstance.create(':memory:')).connect()
  await connection.run("SET TimeZone = 'Asia/Tokyo'")
})

async function ask(expression: string) {
  const question = { sql: `SELECT ${expression}`, rows: 10, bytes: 1_000_000 }
  const { columns = [], lastRows = '' } = await answerQuery(connection, question, async () => undefined)
  return { column: columns[0], value: JSON.parse(lastRows)[0][0] }
}

const VALUES: readonly (readonly [expression: string, type: string, kind: ColumnKind, value: Value])[] = [
  ['NULL', 'INTEGER', 'integer', null],
  ['true', 'BOOLEAN', 'boolean', true],
  ['(-128)::TINYINT', 'TINYINT', 'integer', -128],
  ['65535::USMALLINT', 'USMALLINT', 'integer', 65_535],
  ['9007199254740991', 'BIGINT', 'integer', 9_007_199_254_740_991],
  ['9007199254740993', 'BIGINT', 'integer', '9007199254740993'],
  ['(-9223372036854775808)::BIGINT', 'BIGINT', 'integer', '-9223372036854775808'],
  ['18446744073709551615::UBIGINT', 'UBIGINT', 'integer', '18446744073709551615'],
  ['170141183460469231731687303715884105727::HUGEINT', 'HUGEINT', 'integer', '170141183460469231731687303715884105727'],
  [
    "'123456789012345678901234567890123456789012'::BIGNUM",
    'BIGNUM',
    'integer',
    '123456789012345678901234567890123456789012',
  ],
  ['12.50', 'DECIMAL(4,2)', 'decimal', '12.50'],
  ['(-0.01)::DECIMAL(38, 2)', 'DECIMAL(38,2)', 'decimal', '-0.01'],
  [
    "'99999999999999999999999999999999999999'::DECIMAL(38, 0)",
    'DECIMAL(38,0)',
    'decimal',
    '99999999999999999999999999999999999999',
  ],
  ['0.1::DOUBLE + 0.2::DOUBLE', 'DOUBLE', 'float', 0.300_000_000_000_000_04],
  ["'nan'::DOUBLE", 'DOUBLE', 'float', 'NaN'],
  ["'-infinity'::FLOAT", 'FLOAT', 'float', '-Infinity'],
  ["'Grüße 🌍'", 'VARCHAR', 'text', 'Grüße 🌍'],
  ["''", 'VARCHAR', 'text', ''],
  ["'b'::ENUM('a', 'b')", "ENUM('a', 'b')", 'text', 'b'],
  [`'{"a":9007199254740993}'::JSON`, 'JSON', 'text', '{"a":9007199254740993}'],
  ["DATE '2026-01-31'", 'DATE', 'date', '2026-01-31'],
  ["DATE '0044-03-15 (BC)'", 'DATE', 'date', '-000043-03-15'],
  ["DATE '0001-01-01'", 'DATE', 'date', '0001-01-01'],
  ["DATE '2000-02-29'", 'DATE', 'date', '2000-02-29'],
  ["DATE '12345-12-31'", 'DATE', 'date', '+012345-12-31'],
  ["'infinity'::DATE", 'DATE', 'date', 'infinity'],
  ["'-infinity'::DATE", 'DATE', 'date', '-infinity'],
  ["TIME '09:30:00'", 'TIME', 'time', '09:30:00'],
  ["TIME '23:59:59.999999'", 'TIME', 'time', '23:59:59.999999'],
  ["'09:30:00.000000001'::TIME_NS", 'TIME_NS', 'time', '09:30:00.000000001'],
  ["'09:30:00+02:30'::TIMETZ", 'TIME WITH TIME ZONE', 'time', '09:30:00+02:30'],
  ["'09:30:00-08'::TIMETZ", 'TIME WITH TIME ZONE', 'time', '09:30:00-08:00'],
  ["TIMESTAMP '2026-01-31 09:30:00'", 'TIMESTAMP', 'timestamp', '2026-01-31T09:30:00'],
  ["TIMESTAMP '1969-12-31 23:59:59.25'", 'TIMESTAMP', 'timestamp', '1969-12-31T23:59:59.25'],
  ["'2026-01-31 09:30:00'::TIMESTAMP_S", 'TIMESTAMP_S', 'timestamp', '2026-01-31T09:30:00'],
  ["'2026-01-31 09:30:00.007'::TIMESTAMP_MS", 'TIMESTAMP_MS', 'timestamp', '2026-01-31T09:30:00.007'],
  ["'2026-01-31 09:30:00.123456789'::TIMESTAMP_NS", 'TIMESTAMP_NS', 'timestamp', '2026-01-31T09:30:00.123456789'],
  ["'infinity'::TIMESTAMP", 'TIMESTAMP', 'timestamp', 'infinity'],
  ["TIMESTAMPTZ '2026-01-31 09:30:00+01:00'", 'TIMESTAMP WITH TIME ZONE', 'timestamp', '2026-01-31T08:30:00Z'],
  ["'-infinity'::TIMESTAMPTZ", 'TIMESTAMP WITH TIME ZONE', 'timestamp', '-infinity'],
  ["INTERVAL '14 months 3 days 4 hours 5 minutes 6.5 seconds'", 'INTERVAL', 'interval', 'P1Y2M3DT4H5M6.5S'],
  ["INTERVAL '-1 day' + INTERVAL '-90 seconds'", 'INTERVAL', 'interval', 'P-1DT-1M-30S'],
  ["INTERVAL '-250 milliseconds'", 'INTERVAL', 'interval', 'PT-0.25S'],
  ["INTERVAL '100 hours'", 'INTERVAL', 'interval', 'PT100H'],
  ["INTERVAL '0 days'", 'INTERVAL', 'interval', 'PT0S'],
  ["'00112233-4455-6677-8899-aabbccddeeff'::UUID", 'UUID', 'uuid', '00112233-4455-6677-8899-aabbccddeeff'],
  ["'\\x00\\xFF\\x0A'::BLOB", 'BLOB', 'binary', 'AP8K'],
  ["'0010110'::BIT", 'BIT', 'other', '0010110'],
  ['[1, NULL, 3]', 'INTEGER[]', 'list', [1, null, 3]],
  ['[[1.5], []]', 'DECIMAL(2,1)[][]', 'list', [['1.5'], []]],
  ['array_value(1, 2)', 'INTEGER[2]', 'list', [1, 2]],
  [
    "{'a': 1, 'b c': {'d': NULL, 'e': DATE '2026-01-31'}}",
    'STRUCT("a" INTEGER, "b c" STRUCT("d" INTEGER, "e" DATE))',
    'struct',
    { a: 1, 'b c': { d: null, e: '2026-01-31' } },
  ],
  ["MAP {'a': 1, 'b': NULL}", 'MAP(VARCHAR, INTEGER)', 'map', { a: 1, b: null }],
  ["MAP {1: 'a', 2: 'b'}", 'MAP(INTEGER, VARCHAR)', 'map', { '1': 'a', '2': 'b' }],
  ["MAP {DATE '2026-01-31': 1}", 'MAP(DATE, INTEGER)', 'map', { '2026-01-31': 1 }],
  ['union_value(number := 1)', 'UNION("number" INTEGER)', 'other', { number: 1 }],
  ['NULL::INTEGER[]', 'INTEGER[]', 'list', null],
  [
    "[{'at': TIMESTAMPTZ '2026-01-31 00:00:00Z', 'of': MAP {'x': [0.5]}}]",
    'STRUCT("at" TIMESTAMP WITH TIME ZONE, "of" MAP(VARCHAR, DECIMAL(2,1)[]))[]',
    'list',
    [{ at: '2026-01-31T00:00:00Z', of: { x: ['0.5'] } }],
  ],
]

describe('values without loss', () => {
  test.each(VALUES)('%s', async (expression, type, kind, value) => {
    const answered = await ask(expression)
    expect(answered.value).toEqual(value)
    expect(answered.column).toMatchObject({ type, kind })
  })

  test('a key called __proto__ is one like any other', async () => {
    const { value } = await ask("MAP {'__proto__': 1, 'constructor': 2}")
    expect(Object.entries(value)).toEqual([
      ['__proto__', 1],
      ['constructor', 2],
    ])
  })

  test('fields that the client of DuckDB would lose: the statement is refused', async () => {
    for (const expression of ['row(1, 2)', '[(1, 2)]', "{'a': (1, 2)}", "MAP {'a': (1, 2)}", "{'__proto__': 1}"])
      await expect(ask(expression)).rejects.toMatchObject({
        code: 'query_failed',
        message: expect.stringContaining('fields without names'),
      })
  })

  test('the type of an ENUM of many values is cut short', async () => {
    const { column } = await ask(`'v1'::ENUM(${Array.from({ length: 500 }, (_, index) => `'v${index}'`)})`)
    expect(column?.type).toMatch(/^ENUM\('v0', .{380,}…$/)
  })
})
