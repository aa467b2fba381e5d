import { PGlite } from '@electric-sql/pglite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  mayCall,
  SERVER_FUNCTIONS,
  type ServerFunction,
  type ServerFunctions,
} from '../../../../../../../lambdas/skillsets/data/engines/postgres/guard/functions.ts'
import { guardStatement } from '../../../../../../../lambdas/skillsets/data/engines/postgres/guard/guard-statement.ts'

let database: PGlite
let functions: ServerFunctions

beforeAll(async () => {
  database = await PGlite.create()
  const { rows } = await database.query<{ proname: string; json_build_object: ServerFunction }>(SERVER_FUNCTIONS)
  functions = new Map(rows.map(({ proname, json_build_object }) => [proname, json_build_object]))
})
afterAll(() => database.close())

const guard = (sql: string) => guardStatement(sql, { datasets: new Set(['orders', 'customers']), functions })

describe('passes', () => {
  it.each([
    'SELECT 1',
    'TABLE orders',
    'VALUES (1, NULL), (2, $$two$$)',
    'SELECT DISTINCT ON (item) item, amount::numeric(12,1) FROM orders ORDER BY item, amount DESC NULLS LAST LIMIT 3 OFFSET 1',
    'SELECT * FROM orders o LEFT JOIN customers c USING (tenant) WHERE o.id BETWEEN 1 AND 3 AND c.name ILIKE $$a%$$',
    'SELECT item, sum(amount) FILTER (WHERE id > 1), percentile_cont(0.5) WITHIN GROUP (ORDER BY amount) FROM orders GROUP BY ROLLUP (item) HAVING count(*) > 1',
    'SELECT rank() OVER w, lag(amount, 1) OVER w, avg(amount) OVER (w ROWS 2 PRECEDING) FROM orders WINDOW w AS (PARTITION BY item ORDER BY id)',
    "SELECT date_trunc('month', now()) - interval '1 year', extract(isodow FROM current_date), CURRENT_TIMESTAMP, to_char(now(), 'YYYY'), now() AT TIME ZONE 'Europe/Berlin'",
    "SELECT trim(both ' ' from item), substring(item from 1 for 3), position('a' in item), overlay(item placing 'b' from 1), item SIMILAR TO 'a|b', upper(item) || lower(item) FROM orders",
    'WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < 9) SELECT * FROM n',
    'WITH orders AS (SELECT * FROM orders WHERE id > 1) SELECT * FROM orders',
    'SELECT * FROM orders UNION (WITH a AS (SELECT 1 AS b) SELECT a.* FROM a, customers) EXCEPT SELECT * FROM customers',
    'SELECT * FROM orders o, LATERAL (SELECT max(id) FROM customers c WHERE c.tenant = o.tenant) AS latest',
    'SELECT CASE WHEN EXISTS (SELECT 1 FROM customers) THEN coalesce(item, $$-$$) ELSE nullif(item, $$a$$) END FROM orders',
    'SELECT * FROM generate_series(1, 10) WITH ORDINALITY AS g(n, place), unnest(ARRAY[[1,2],[3,4]]) AS u',
    'SELECT id = ANY (ARRAY[1,2]), (ARRAY[1,2,3])[2:3], ROW(1, 2) < ROW(1, 3), id IN (SELECT id FROM customers) FROM orders',
    "SELECT jsonb_agg(o), json_object('a': 1), '{\"a\": [1]}'::jsonb -> 'a' ->> 0, jsonb_path_query('[1,2]', '$[*] ? (@ > 1)') FROM orders o",
    "SELECT * FROM json_table('[{\"a\": 1}]', '$[*]' COLUMNS (a integer PATH '$.a')) AS t",
    'SELECT * FROM json_to_recordset(\'[{"a": 1}]\') AS t(a integer, b text)',
    'SELECT * FROM orders TABLESAMPLE BERNOULLI (10) REPEATABLE (7)',
    'SELECT corr(id, amount), regr_slope(id, amount), stddev_samp(amount), mode() WITHIN GROUP (ORDER BY item), width_bucket(amount, 0, 100, 5) FROM orders',
    'SELECT o.name, o.date, o.length, o.version, o.system FROM customers o; -- the end',
  ])('%s', async (sql) => {
    await expect(guard(sql)).resolves.toBeDefined()
  })

  it('and says which data sets are read', async () => {
    await expect(guard('WITH a AS (SELECT * FROM orders) SELECT * FROM a; ')).resolves.toEqual({
      text: 'WITH a AS (SELECT * FROM orders) SELECT * FROM a',
      datasets: ['orders'],
    })
    expect((await guard('WITH orders AS (SELECT 1) SELECT * FROM orders')).datasets).toEqual([])
    expect((await guard('SELECT \'ä\' AS "ö" FROM customers;')).text).toBe('SELECT \'ä\' AS "ö" FROM customers')
  })
})

describe('refuses', () => {
  it.each([
    [
      'a table beside the scope of a common table of its name',
      'SELECT * FROM secrets, (WITH secrets AS (SELECT 1) SELECT 1) AS a',
    ],
    ['a common table before it is there', 'WITH a AS (SELECT * FROM b), b AS (SELECT 1) SELECT * FROM a'],
    ['a function as a field', "SELECT ('/etc/passwd'::text).pg_read_file"],
    ['a function as a column of a scalar', "SELECT f.pg_read_file FROM unnest(ARRAY['/etc/passwd']) AS f"],
    ['a function as a field of a row', 'SELECT (o.item).pg_ls_dir FROM orders o'],
    ['a function of somebody', 'SELECT leak()'],
    ['a function in a schema', 'SELECT public.leak()'],
    ['an operator in a schema', 'SELECT 1 OPERATOR(public.+) 1'],
    ['an operator in a schema, quantified', 'SELECT 1 OPERATOR(public.=) ANY (SELECT 1)'],
    ['an operator in a schema, sorting', 'SELECT * FROM orders ORDER BY id USING OPERATOR(public.<)'],
    ['a collation in a schema', "SELECT 'a' COLLATE public.leak"],
    [
      'a collation in a definition of columns',
      "SELECT * FROM json_to_recordset('[]') AS t(a text COLLATE public.leak)",
    ],
    ['a type in a schema', "SELECT 'a'::public.leak"],
    ['names of roles', 'SELECT 16400::regrole'],
    ['names of tables by a literal', "SELECT regclass 'orders'"],
    ['names of tables in a definition of columns', "SELECT * FROM json_to_recordset('[]') AS t(a regclass)"],
    ['names of tables in JSON_VALUE', "SELECT json_value('1', '$' RETURNING regrole)"],
    ['XMLTABLE', "SELECT * FROM xmltable('/a' PASSING '<a/>' COLUMNS a text)"],
    ['a parameter', 'SELECT $1'],
    ['a default', 'VALUES (DEFAULT)'],
    ['the session', 'SELECT * FROM current_schema'],
    ['a sampling method of somebody', 'SELECT * FROM orders TABLESAMPLE leak (1)'],
    ['a database of that name', 'SELECT * FROM postgres.public.orders'],
    ['a union that locks', '(SELECT id FROM orders FOR UPDATE) UNION SELECT 1'],
    ['more than the stack holds', `SELECT 1${' + 1'.repeat(20_000)}`],
  ])('%s', async (_, sql) => {
    await expect(guard(sql)).rejects.toMatchObject({ code: 'query_refused' })
  })

  it('what is nested deeply, in little time: each WITH is looked at once', async () => {
    const nested = `${'WITH a AS (SELECT 1) SELECT * FROM ('.repeat(60)}SELECT pg_sleep(1)${') AS b'.repeat(60)}`
    await expect(guard(nested)).rejects.toMatchObject({ code: 'query_refused' })
  })

  it('what is no SQL, with the parser’s words', async () => {
    await expect(guard('SELEC 1')).rejects.toMatchObject({
      code: 'query_failed',
      message: expect.stringContaining('SELEC'),
    })
  })
})

it('of PostgreSQL’s functions that take no text of SQL, file, setting or lock, only those may be called', () => {
  const dangerous =
    /^(pg_(?!typeof$|column_size$|size_pretty$)|lo_|lo(read|write|import|export)|dblink|set_config|current_setting|nextval|setval|currval|lastval|.*_to_xml|.*_to_xmlschema|ts_stat|ts_rewrite|has_.*_privilege|inet_(client|server)|txid_(?!snapshot_|visible_)|.*_description|to_reg|reg(?!.*(recv|send)$)(class|type|proc|role|namespace|oper)|setseed|binary_upgrade)/
  const callable = [...functions.keys()].filter((name) => mayCall(name, functions) && dangerous.test(name))
  expect(callable).toEqual([])
})

it('an operator of PostgreSQL’s own calls no function that changes anything', async () => {
  const { rows } = await database.query(
    "SELECT oprname FROM pg_operator JOIN pg_proc p ON p.oid = oprcode WHERE provolatile = 'v'",
  )
  expect(rows).toEqual([])
})
