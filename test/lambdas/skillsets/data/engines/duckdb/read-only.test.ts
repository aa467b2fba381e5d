import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openReadOnly } from '../../../../../../lambdas/skillsets/data/engines/duckdb/open-read-only.ts'
import { attemptedSql } from '../../escapes/attempt.ts'
import { attemptsFor } from '../../escapes/corpus.ts'
import { ENVIRONMENT_SECRET, FILE_SECRET, PARTNER_SECRET, TENANT } from '../../escapes/scene.ts'
import { buildScene, temporaryFolder } from './scene-engine.ts'

const home = temporaryFolder()
const path = join(home, 'data.duckdb')
const places = { file: join(home, 'secret.csv'), folder: join(home, 'outside'), other: 'partner' }

let instance: DuckDBInstance
let before: unknown
let bytesBefore: Buffer

beforeAll(async () => {
  await buildScene(path, TENANT)
  writeFileSync(places.file, `${FILE_SECRET}\n`)
  writeFileSync(join(home, 'a.csv'), `${FILE_SECRET}\n`)
  process.env.ESCAPE_SECRET = ENVIRONMENT_SECRET
  instance = await openReadOnly({ path, memoryMegabytes: 128, threads: 2 })
  before = await everything()
  bytesBefore = readFileSync(path)
})
afterAll(() => {
  delete process.env.ESCAPE_SECRET
  instance.closeSync()
  rmSync(home, { recursive: true })
})

/** All that the next asker would see: rows, structure, settings. */
async function everything(): Promise<unknown> {
  const connection = await instance.connect()
  try {
    return await Promise.all(
      [
        'SELECT * FROM orders ORDER BY id',
        'SELECT * FROM customers ORDER BY id',
        'SELECT database_name, table_name, sql, comment FROM duckdb_tables() ORDER BY ALL',
        'SELECT database_name, path, readonly FROM duckdb_databases() ORDER BY ALL',
        "SELECT name, value FROM duckdb_settings() WHERE name <> 'enable_logging' ORDER BY ALL",
      ].map((sql) => rowsOf(connection, sql)),
    )
  } finally {
    connection.closeSync()
  }
}

async function rowsOf(connection: DuckDBConnection, sql: string): Promise<unknown> {
  return await (await connection.run(sql)).getRowsJson()
}

/** All that an attempt brings back: rows, or the error's words. */
async function attempted(sql: string): Promise<string> {
  const connection = await instance.connect()
  try {
    return JSON.stringify(await rowsOf(connection, sql))
  } catch (error) {
    return String(error)
  } finally {
    connection.closeSync()
  }
}

describe('the connection, without any judgement of statements', () => {
  // DuckDB hands these to whoever may run any statement; the judgement is what keeps them.
  test.each(attemptsFor('duckdb'))('changes nothing and reads nothing from outside: $name', async (attempt) => {
    const answer = await attempted(attemptedSql(attempt, places))
    for (const secret of [FILE_SECRET, PARTNER_SECRET, ENVIRONMENT_SECRET])
      expect(answer.replaceAll(attemptedSql(attempt, places), '')).not.toContain(secret)
    expect(await everything()).toEqual(before)
  })

  test('leaves the file as it was, and no other behind', () => {
    expect(readFileSync(path).equals(bytesBefore)).toBe(true)
    expect(readdirSync(home).toSorted()).toEqual(['a.csv', 'data.duckdb', 'secret.csv'])
  })

  test('has the settings that close it', async () => {
    const connection = await instance.connect()
    const settings = Object.fromEntries((await rowsOf(connection, 'SELECT name, value FROM duckdb_settings()')) as [])
    expect(settings).toMatchObject({
      access_mode: 'read_only',
      enable_external_access: 'false',
      lock_configuration: 'true',
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
      allow_community_extensions: 'false',
      allow_unsigned_extensions: 'false',
      allow_persistent_secrets: 'false',
      temp_directory: '',
      memory_limit: '122.0 MiB',
      threads: '2',
    })
  })

  test.each([
    ['COPY (SELECT 1) TO', `COPY (SELECT 1) TO '${home}/stolen.csv'`, 'file system operations are disabled'],
    ['read_text', `SELECT * FROM read_text('${home}/secret.csv')`, 'file system operations are disabled'],
    ['ATTACH', `ATTACH '${home}/stolen.duckdb'`, 'file system operations are disabled'],
    ['LOAD', 'LOAD httpfs', 'Loading external extensions is disabled'],
    ['SET', 'SET threads = 1', 'the configuration has been locked'],
    ['INSERT', "INSERT INTO orders VALUES (1, 'a', 1, 'b')", 'read-only'],
  ])('refuses %s for the reason that it has', async (_, sql, reason) => {
    expect(await attempted(sql)).toContain(reason)
  })
})
