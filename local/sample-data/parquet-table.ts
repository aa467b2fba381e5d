import {
  type DuckDBAppender,
  type DuckDBConnection,
  DuckDBDataChunkWriter,
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBTimestampValue,
  type DuckDBValue,
} from '@duckdb/node-api'
import { literal } from '../../lambdas/skillsets/data/engines/duckdb/quote.ts'
import { SAMPLE_TABLES, type SampleColumn, type SampleTableName } from '../../lambdas/skillsets/data/sample/tables.ts'

type Field = string | number | boolean | null

/** Gathers a table's rows in DuckDB's memory and writes them to one Parquet file. */
export class ParquetTable {
  readonly name: SampleTableName
  readonly #connection: DuckDBConnection
  readonly #appender: DuckDBAppender
  readonly #writer: DuckDBDataChunkWriter
  readonly #columns: readonly (readonly [string, SampleColumn])[]

  private constructor(name: SampleTableName, connection: DuckDBConnection, appender: DuckDBAppender) {
    this.name = name
    this.#connection = connection
    this.#appender = appender
    this.#writer = DuckDBDataChunkWriter.forAppender(appender)
    this.#columns = Object.entries<SampleColumn>(SAMPLE_TABLES[name].columns)
  }

  static async create(connection: DuckDBConnection, name: SampleTableName): Promise<ParquetTable> {
    const columns = Object.entries<SampleColumn>(SAMPLE_TABLES[name].columns)
    await connection.run(
      `CREATE TABLE ${name} (${columns.map(([column, { type }]) => `${column} ${type}`).join(', ')})`,
    )
    return new ParquetTable(name, connection, await connection.createAppender(name))
  }

  append(row: object): void {
    const fields = row as Readonly<Record<string, Field>>
    this.#writer.appendRow(this.#columns.map(([column, { type }]) => toDuckDb(fields[column] ?? null, type)))
  }

  /** Writes the file and forgets the rows. */
  async write(file: string): Promise<void> {
    this.#writer.flush()
    this.#appender.closeSync()
    await this.#connection.run(`COPY ${this.name} TO ${literal(file)} (FORMAT parquet, COMPRESSION zstd)`)
    await this.#connection.run(`DROP TABLE ${this.name}`)
  }
}

function toDuckDb(field: Field, type: SampleColumn['type']): DuckDBValue {
  if (typeof field !== 'number') return field
  switch (type) {
    case 'date':
      return new DuckDBDateValue(field)
    case 'timestamp':
      return new DuckDBTimestampValue(BigInt(field) * 1_000_000n)
    case 'decimal(12,2)':
      return new DuckDBDecimalValue(BigInt(field), 12, 2)
    default:
      return field
  }
}
