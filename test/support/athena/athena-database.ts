import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { type AthenaColumn, athenaColumn, athenaText } from './athena-text.ts'

/** A table that a statement names, as Athena names it. */
export interface TableName {
  readonly catalog: string
  readonly schema: string
  readonly table: string
}

export interface AthenaRows {
  readonly columns: readonly AthenaColumn[]
  /** NULL is undefined. */
  readonly rows: readonly (readonly (string | undefined)[])[]
}

/** What Athena says of a statement that it cannot run: its name for it, and the number that its error catalog has. */
export class StatementError extends Error {
  override readonly name = 'StatementError'
  readonly errorType: number

  constructor(words: string, errorType: number) {
    super(words)
    this.errorType = errorType
  }
}

/** What stands for Glue, S3 and Trino: DuckDB computes what the SQL says; a Glue database is a schema of it. */
export class AthenaDatabase {
  private readonly connection: DuckDBConnection

  private constructor(connection: DuckDBConnection) {
    this.connection = connection
  }

  /** @param setUp SQL that makes the tables below `awsdatacatalog` */
  static async open(setUp: string): Promise<AthenaDatabase> {
    const connection = await (await DuckDBInstance.create(':memory:')).connect()
    await connection.run(`ATTACH ':memory:' AS awsdatacatalog; SET TimeZone = 'UTC'; ${setUp}`)
    return new AthenaDatabase(connection)
  }

  /** @throws StatementError for several statements, or where the words make none */
  async parse(sql: string): Promise<void> {
    const { count } = await this.connection.extractStatements(sql).catch((error: unknown) => {
      throw new StatementError(`${position(String(error))} mismatched input.`, 0)
    })
    if (count !== 1) throw new StatementError(`Only one sql statement is allowed. Got: ${sql}`, 0)
  }

  /** Every table that a query names. */
  async tablesOf(sql: string, database: string): Promise<TableName[]> {
    const reader = await this.connection.runAndReadAll('SELECT json_serialize_sql($1::VARCHAR)', [sql])
    const tree: unknown = JSON.parse(String(reader.getRows()[0]?.[0]))
    const nodes = [...objectsIn(tree)]
    const local = nodes.flatMap(({ cte_map }) => keysOf(cte_map))
    return nodes
      .filter(
        ({ type, table_name, schema_name }) =>
          type === 'BASE_TABLE' && (schema_name || !local.includes(`${table_name}`)),
      )
      .map(({ catalog_name, schema_name, table_name }) => ({
        catalog: `${catalog_name || 'awsdatacatalog'}`.toLowerCase(),
        schema: `${schema_name || database}`.toLowerCase(),
        table: `${table_name}`.toLowerCase(),
      }))
  }

  /** Bytes that a table has as text. */
  async bytesOf({ catalog, schema, table }: TableName): Promise<number> {
    const reader = await this.connection.runAndReadAll(
      `SELECT coalesce(sum(length(t::VARCHAR)), 0) FROM "${catalog}"."${schema}"."${table}" t`,
    )
    return Number(reader.getRows()[0]?.[0])
  }

  /** @throws StatementError in Athena's words */
  async query(sql: string, database: string): Promise<AthenaRows> {
    try {
      await this.connection.run(`USE awsdatacatalog."${database}"`)
      const reader = await this.connection.runAndReadAll(sql)
      const types = reader.columnTypes()
      const columns = reader.columnNames().map((name, index) => athenaColumn(name, types[index]))
      return {
        columns,
        rows: reader.getRows().map((row) => row.map((value, at) => athenaText(value, columns[at]?.Type))),
      }
    } catch (error) {
      throw inAthenasWords(String(error), database)
    }
  }
}

/** DuckDB's errors that the tests bring about, by Athena's names for them. */
function inAthenasWords(words: string, database: string): StatementError {
  const [, table] = /Table with name (\S+) does not exist/.exec(words) ?? []
  if (table !== undefined)
    return new StatementError(
      `TABLE_NOT_FOUND: ${position(words)} Table 'awsdatacatalog.${database}.${table}' does not exist`,
      1301,
    )
  const [, column] = /Referenced column "([^"]+)" not found/.exec(words) ?? []
  if (column !== undefined)
    return new StatementError(
      `COLUMN_NOT_FOUND: ${position(words)} Column '${column}' cannot be resolved or requester is not authorized to access requested resources`,
      1006,
    )
  if (/Conversion Error/.test(words)) return new StatementError(`INVALID_CAST_ARGUMENT: ${words}`, 1100)
  return new StatementError(`GENERIC_USER_ERROR: ${words}`, 1000)
}

/** `line 1:8:` from what DuckDB draws: the line, and below it a caret. */
function position(words: string): string {
  const [, start = '', line = '1', caret = ''] = /\n(LINE (\d+): )[^\n]*\n( *)\^/.exec(words) ?? []
  return `line ${line}:${caret.length - start.length + 1}:`
}

function* objectsIn(value: unknown): Generator<Record<string, unknown>> {
  if (value === null || typeof value !== 'object') return
  if (!Array.isArray(value)) yield value as Record<string, unknown>
  for (const each of Object.values(value)) yield* objectsIn(each)
}

const keysOf = (map: unknown) =>
  ((map as { map?: readonly { key: string }[] } | undefined)?.map ?? []).map(({ key }) => key)
