import { afterAll, beforeAll, expect, it } from 'vitest'
import {
  createPostgresEngine,
  type PostgresEngine,
} from '../../../../../../../lambdas/skillsets/data/engines/postgres/create-postgres-engine.ts'
import {
  parseArray,
  parseComposite,
} from '../../../../../../../lambdas/skillsets/data/engines/postgres/values/literals.ts'
import {
  isoDate,
  isoTime,
  isoTimestamp,
} from '../../../../../../../lambdas/skillsets/data/engines/postgres/values/times.ts'
import { startPostgres, type TestPostgres } from '../../../../../../support/postgres.ts'
import { byTenant, LIMITS, NEVER, SCENE, STARTING_MS } from '../support.ts'

let postgres: TestPostgres
let engine: PostgresEngine

beforeAll(async () => {
  postgres = await startPostgres(`${SCENE}
    CREATE TYPE sales.mood AS ENUM ('glad', 'sad');
    CREATE TYPE sales.address AS (street text, number integer, since date);
    CREATE DOMAIN sales.price AS numeric(8,2);
    CREATE TABLE sales.kinds (id integer, mood sales.mood, moods sales.mood[], home sales.address, homes sales.address[],
      price sales.price, code char(4), tags varchar(9)[]);
    INSERT INTO sales.kinds VALUES (1, 'glad', '{sad,glad}', ROW('Main "St", 1\\2', 5, '2026-01-31'),
      ARRAY[ROW('a', NULL, NULL)::sales.address, NULL], 7.5, 'ab', '{"a,b",NULL,"NULL"}');
    GRANT SELECT ON sales.kinds TO mcp_reader`)
  const { tenantColumn, ...kinds } = byTenant('sales.kinds')
  engine = createPostgresEngine({ kinds: { ...kinds, shared: true } }, async () => postgres.secret)
}, STARTING_MS)
afterAll(async () => {
  await engine.close()
  await postgres.close()
})

it.each([
  ['true', 'boolean', 'boolean', true],
  ['2147483647', 'integer', 'integer', 2147483647],
  ['9007199254740991::bigint', 'bigint', 'integer', 9007199254740991],
  ['9007199254740993::bigint', 'bigint', 'integer', '9007199254740993'],
  ['1234567890123456789.10::numeric(30,2)', 'numeric(30,2)', 'decimal', '1234567890123456789.10'],
  ["'NaN'::numeric", 'numeric', 'decimal', 'NaN'],
  ['0.1::double precision', 'double precision', 'float', 0.1],
  ['0.1::real', 'real', 'float', 0.1],
  ["'-Infinity'::double precision", 'double precision', 'float', '-Infinity'],
  ["'NaN'::real", 'real', 'float', 'NaN'],
  ["'ä\\\"'::text", 'text', 'text', 'ä\\"'],
  ["date '2026-01-31'", 'date', 'date', '2026-01-31'],
  ["date '0044-03-15 BC'", 'date', 'date', '-000043-03-15'],
  ["date '12026-01-31'", 'date', 'date', '+012026-01-31'],
  ["date 'infinity'", 'date', 'date', 'infinity'],
  ["time '09:30'", 'time without time zone', 'time', '09:30:00'],
  ["timetz '09:30+02'", 'time with time zone', 'time', '09:30:00+02:00'],
  ["timestamp '2026-01-31 09:30:00.120'", 'timestamp without time zone', 'timestamp', '2026-01-31T09:30:00.12'],
  ["timestamptz '2026-01-31 09:30+02'", 'timestamp with time zone', 'timestamp', '2026-01-31T07:30:00Z'],
  ["timestamptz '-infinity'", 'timestamp with time zone', 'timestamp', '-infinity'],
  ["interval '1 year 2 days 03:04:05.6'", 'interval', 'interval', 'P1Y2DT3H4M5.6S'],
  ["'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11'::uuid", 'uuid', 'uuid', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'],
  ["'\\x00ff'::bytea", 'bytea', 'binary', 'AP8='],
  [
    '\'{"a": [1, 1.50, 12345678901234567890, null]}\'::jsonb',
    'jsonb',
    'other',
    { a: [1, 1.5, '12345678901234567890', null] },
  ],
  [
    'ARRAY[[1,2],[3,NULL]]',
    'integer[]',
    'list',
    [
      [1, 2],
      [3, null],
    ],
  ],
  ["'[0:1]={1,2}'::int[]", 'integer[]', 'list', [1, 2]],
  ["ARRAY[timestamptz '2026-01-31 09:30+00']", 'timestamp with time zone[]', 'list', ['2026-01-31T09:30:00Z']],
  ["'{}'::text[]", 'text[]', 'list', []],
  ["daterange '[2026-01-01,2026-02-01)'", 'daterange', 'other', '[2026-01-01,2026-02-01)'],
  ["inet '10.0.0.1/8'", 'inet', 'other', '10.0.0.1/8'],
  ['NULL', 'text', 'text', null],
  ['mood', 'sales.mood', 'text', 'glad'],
  ['moods', 'sales.mood[]', 'list', ['sad', 'glad']],
  ['home', 'sales.address', 'struct', { street: 'Main "St", 1\\2', number: 5, since: '2026-01-31' }],
  ['homes', 'sales.address[]', 'list', [{ street: 'a', number: null, since: null }, null]],
  ['price', 'numeric(8,2)', 'decimal', '7.50'],
  ['code', 'character(4)', 'text', 'ab  '],
  ['tags', 'character varying(9)[]', 'list', ['a,b', null, 'NULL']],
])('%s is a %s', async (sql, type, kind, value) => {
  const result = await engine.query({ tenant: 'example' }, `SELECT ${sql} AS it FROM kinds`, LIMITS, NEVER)
  expect(result).toEqual({ columns: [{ name: 'it', type, kind }], rows: [[value]] })
})

it('columns of one name, and of none, keep their places', async () => {
  const { columns, rows } = await engine.query({ tenant: 'example' }, 'SELECT 1 AS a, 2 AS a, 3', LIMITS, NEVER)
  expect([columns.map(({ name }) => name), rows]).toEqual([['a', 'a', '?column?'], [[1, 2, 3]]])
})

it('literals with every kind of quoting', () => {
  expect(parseArray('{"a\\"b","c\\\\d",e f}', ',')).toEqual(['a"b', 'c\\d', 'e f'])
  expect(parseComposite('("a""b",,"","c\\\\d,e")')).toEqual(['a"b', null, '', 'c\\d,e'])
  expect(parseComposite('(,)')).toEqual([null, null])
})

it('times with eras, offsets and beyond four digits', () => {
  expect(isoDate('0001-01-01 BC')).toBe('0000-01-01')
  expect(isoTimestamp('0044-03-15 12:00:00+00 BC')).toBe('-000043-03-15T12:00:00Z')
  expect(isoTime('09:30:00-03:30')).toBe('09:30:00-03:30')
})
