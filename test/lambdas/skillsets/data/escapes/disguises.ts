import type { EscapeAttempt } from './attempt.ts'

const DUCKDB = ['duckdb'] as const
const POSTGRES = ['postgres'] as const
const ALL = ['duckdb', 'postgres', 'athena'] as const

/** Several statements in one, and statements that do not look like what they are. */
export const disguises: readonly EscapeAttempt[] = [
  { name: 'a second statement', sql: 'SELECT 1; DELETE FROM orders', engines: ALL, kind: 'several' },
  { name: 'a second statement first', sql: 'DELETE FROM orders; SELECT 1', engines: ALL, kind: 'several' },
  { name: 'two reading statements', sql: 'SELECT 1; SELECT 2', engines: ALL, kind: 'several' },
  {
    name: 'a second statement after empty ones',
    sql: 'SELECT 1;;; ; DELETE FROM orders;',
    engines: ALL,
    kind: 'several',
  },
  {
    name: 'a second statement after a comment',
    sql: 'SELECT 1 -- harmless\n; DELETE FROM orders',
    engines: ALL,
    kind: 'several',
  },
  {
    name: 'a second statement after a block comment',
    sql: 'SELECT 1 /* ; */ ; /* */ DELETE FROM orders',
    engines: ALL,
    kind: 'several',
  },
  {
    name: 'a comment that ends by carriage return',
    sql: 'SELECT 1 --\r; DELETE FROM orders',
    engines: ALL,
    kind: 'several',
  },
  {
    name: 'a nested comment that is open for some parsers',
    sql: 'SELECT 1 /* /* */ */; DELETE FROM orders',
    engines: ['duckdb', 'postgres'],
    kind: 'several',
  },
  {
    name: 'a comment that other systems execute',
    sql: '/*! DELETE FROM orders */; DELETE FROM orders',
    engines: ALL,
    kind: 'write',
  },
  {
    name: 'a string that ends by a backslash for some parsers',
    sql: "SELECT 'a\\'; DELETE FROM orders --'",
    engines: ALL,
    kind: 'several',
  },
  {
    name: 'an escape string',
    sql: "SELECT E'a\\''; DELETE FROM orders --'",
    engines: ['duckdb', 'postgres'],
    kind: 'several',
  },
  {
    name: 'a string closed by a doubled quote',
    sql: "SELECT 'a'''; DELETE FROM orders --",
    engines: ALL,
    kind: 'several',
  },
  {
    name: 'dollar quotes around nothing',
    sql: 'SELECT $$a$$; DELETE FROM orders; SELECT $$b$$',
    engines: ['duckdb', 'postgres'],
    kind: 'several',
  },
  {
    name: 'dollar quotes with a tag',
    sql: 'SELECT $a$ $b$ $a$; DELETE FROM orders --$b$',
    engines: ['duckdb', 'postgres'],
    kind: 'several',
  },
  {
    name: 'a quoted identifier with a semicolon',
    sql: 'SELECT 1 AS "a;"; DELETE FROM orders',
    engines: ALL,
    kind: 'several',
  },
  {
    name: 'an escaped unicode identifier',
    sql: 'SELECT * FROM U&"\\006f\\0072ders"; DELETE FROM orders',
    engines: ['postgres', 'athena'],
    kind: 'several',
  },
  {
    name: 'a file function by unicode escapes',
    sql: 'SELECT * FROM U&"read\\005ftext"(\'{file}\')',
    engines: DUCKDB,
    kind: 'outside',
  },
  {
    name: 'a function by unicode escapes',
    sql: 'SELECT U&"pg\\005fread\\005ffile"(\'{file}\')',
    engines: POSTGRES,
    kind: 'outside',
  },
  { name: 'full-width semicolon', sql: 'SELECT 1； DELETE FROM orders', engines: ALL, kind: 'several' },
  { name: 'full-width letters', sql: "SELECT * FROM ｒｅａｄ_ｔｅｘｔ('{file}')", engines: DUCKDB, kind: 'outside' },
  {
    name: 'a view of the system behind a name that is the same for some lower cases',
    sql: 'WITH "duc\u212adb_settings" AS (SELECT 1) SELECT * FROM duckdb_settings',
    engines: DUCKDB,
    kind: 'inside',
  },
  {
    name: 'a file that is called as a schema is',
    sql: 'SELECT * FROM information_schema.parquet',
    engines: DUCKDB,
    kind: 'outside',
  },
  { name: 'a no-break space', sql: 'DELETE\u00a0FROM\u00a0orders', engines: ALL, kind: 'write' },
  { name: 'a byte order mark', sql: '\ufeffDELETE FROM orders', engines: ALL, kind: 'write' },
  { name: 'a zero-width space in a keyword', sql: 'SELECT 1;\u200bDELETE FROM orders', engines: ALL, kind: 'several' },
  { name: 'a NUL in between', sql: 'SELECT 1\u0000; DELETE FROM orders', engines: ALL, kind: 'several' },
  {
    name: 'a line separator',
    sql: 'SELECT 1 --\u2028; DELETE FROM orders\nDELETE FROM orders',
    engines: ALL,
    kind: 'several',
    // To who takes it for no end of the comment it is SELECT 1 AS delete FROM orders.
    harmless: true,
  },
  { name: 'upper and lower case', sql: 'dElEtE fRoM orders', engines: ALL, kind: 'write' },
  { name: 'parentheses around a write', sql: '(DELETE FROM orders)', engines: ALL, kind: 'write' },
  {
    name: 'a write in a derived table',
    sql: 'SELECT * FROM (DELETE FROM orders RETURNING *) AS gone',
    engines: ALL,
    kind: 'write',
  },
  {
    name: 'a write in a scalar subquery',
    sql: 'SELECT (DELETE FROM orders RETURNING id)',
    engines: ALL,
    kind: 'write',
  },
  { name: 'a write after a comment', sql: '/* SELECT */ DELETE FROM orders -- SELECT', engines: ALL, kind: 'write' },
  {
    name: 'closing the subquery that a guard wraps around',
    sql: 'SELECT 1) AS a; DELETE FROM orders; SELECT * FROM (SELECT 1',
    engines: ALL,
    kind: 'several',
  },
  {
    name: 'closing the subquery and commenting out the rest',
    sql: 'SELECT 1) AS a; DELETE FROM orders --',
    engines: ALL,
    kind: 'several',
  },
  {
    name: 'SELECT of a statement as text',
    sql: "SELECT 'x'; EXECUTE IMMEDIATE 'DELETE FROM orders'",
    engines: ['athena'],
    kind: 'several',
  },
  { name: 'nothing', sql: '', engines: ALL, kind: 'several' },
  { name: 'only a comment', sql: '-- nothing', engines: ALL, kind: 'several' },
  { name: 'only semicolons', sql: ';;', engines: ALL, kind: 'several' },
  {
    name: 'MULTI: pivot as two statements',
    sql: 'PIVOT orders ON item USING sum(id); SELECT 1',
    engines: DUCKDB,
    kind: 'several',
  },
  { name: 'VALUES and a write', sql: 'VALUES (1); DROP TABLE orders', engines: ALL, kind: 'several' },
  {
    name: 'COPY through psql’s backslash',
    sql: "\\copy orders TO '{folder}/stolen.csv'",
    engines: ALL,
    kind: 'outside',
  },
  { name: 'a dot command of the shell', sql: ".shell cat '{file}'", engines: DUCKDB, kind: 'outside' },
  { name: 'EXPLAIN that runs', sql: 'EXPLAIN ANALYZE SELECT * FROM orders', engines: ALL, kind: 'several' },
]
