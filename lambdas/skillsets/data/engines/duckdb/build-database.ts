import { DuckDBInstance } from '@duckdb/node-api'
import { AbilityError } from '../../../../runtime/ability-error.ts'
import type { BuildQuestion, TableFiles } from './messages.ts'
import { identifier, literal } from './quote.ts'

/**
 * Makes a database of files: one table each, with the types that the files have or, in CSV and JSON, that all of their
 * values fit. Nothing but these files can be read meanwhile.
 */
export async function buildDatabase({
  path,
  tables,
  memoryMegabytes,
  threads,
}: Omit<BuildQuestion, 'kind'>): Promise<void> {
  const instance = await DuckDBInstance.create(path, {
    memory_limit: `${memoryMegabytes}MB`,
    threads: String(threads),
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  })
  const connection = await instance.connect()
  await connection.run(`SET allowed_paths = [${tables.flatMap(({ paths }) => paths.map(literal)).join()}]`)
  await connection.run('SET enable_external_access = false')
  for (const table of tables)
    await connection.run(`CREATE TABLE ${identifier(table.name)} AS ${rowsOf(table)}`).catch((cause: unknown) => {
      throw unreadable(table.name, cause)
    })
  await connection.run('CHECKPOINT')
  connection.closeSync()
  instance.closeSync()
}

/** CSV and JSON have no types: all lines are looked at, so that no late one fails. */
const READERS = {
  parquet: (paths: string) => `read_parquet(${paths}, union_by_name = true)`,
  csv: (paths: string, types: string) => `read_csv(${paths}, union_by_name = true, sample_size = -1${types})`,
  json: (paths: string) => `read_json(${paths}, union_by_name = true, sample_size = -1)`,
} as const

/** A tenant is a name: as numbers 7 and 007 would be one tenant, and as booleans 1 and true. */
function rowsOf({ format, paths, only }: TableFiles): string {
  const types = only ? `, types = {${literal(only.column)}: 'VARCHAR'}` : ''
  const all = `SELECT * FROM ${READERS[format](`[${paths.map(literal).join()}]`, types)}`
  return only ? `${all} WHERE ${identifier(only.column)}::VARCHAR = ${literal(only.value)}` : all
}

/** DuckDB's words name files and show their lines: they are for the log. */
function unreadable(table: string, cause: unknown): AbilityError {
  return new AbilityError(
    'engine_unavailable',
    `The files of the data set ${table} cannot be read.`,
    'Tell those who run this server: its log says why.',
    { cause },
  )
}
