import type { Dataset, DatasetDescription } from '../datasets.ts'
import type { Column, Table } from '../table.ts'

/** Where a query stops, reached or not. */
export interface QueryLimits {
  /** Rows that are given at the most. */
  readonly rows: number
  /** Bytes that the rows may take as JSON. */
  readonly bytes: number
  readonly milliseconds: number
}

export interface QueryResult extends Table {
  /** The limit that cut the rows off; absent where they are all there are. */
  readonly cutBy?: 'rows' | 'bytes'
  /** Bytes that the engine read, where it says so. */
  readonly scannedBytes?: number
}

/** What an engine is told of whoever asks. Nothing but the tenant decides what can be read. */
export interface Reader {
  readonly tenant: string
}

/**
 * A database that answers questions and can do nothing else. All methods throw AbilityError with a stable code:
 * `query_refused` (not one reading statement), `query_failed` (the engine's own words, of which nothing names another
 * tenant), `query_timeout`, `out_of_memory`, `too_much_data`, `unknown_dataset`, `engine_unavailable`. An aborted signal
 * ends the statement in the engine, and the method throws the signal's reason.
 */
export interface Engine {
  /** The SQL that it speaks, for the model: `DuckDB`, `Trino (Athena)`, `PostgreSQL`. */
  readonly dialect: string
  /** Those that this tenant may read, by name. */
  datasets(reader: Reader, signal: AbortSignal): Promise<readonly Dataset[]>
  describe(reader: Reader, dataset: string, signal: AbortSignal): Promise<DatasetDescription>
  /** Column names and types alone; quick enough for completion. */
  columns(reader: Reader, dataset: string, signal: AbortSignal): Promise<readonly Column[]>
  query(reader: Reader, sql: string, limits: QueryLimits, signal: AbortSignal): Promise<QueryResult>
  /** The engine's plan as text; the statement does not run. */
  explain(reader: Reader, sql: string, signal: AbortSignal): Promise<string>
}
