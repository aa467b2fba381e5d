import type { FileDataset } from '../../options.ts'
import type { Column } from '../../table.ts'
import { datasetNamed, datasetOf, visibleTo } from '../declared-datasets.ts'
import type { Engine, QueryLimits, QueryResult, Reader } from '../engine.ts'
import { withinTime } from '../within-time.ts'
import { identifier } from './quote.ts'
import { createTenantDatabases, type TenantDatabasesOptions } from './tenant-databases.ts'

/** Rows of a sample. */
const SAMPLE = 5

/** For what describes a data set rather than answers somebody's statement. */
const DESCRIBING: QueryLimits = { rows: SAMPLE, bytes: 16_000_000, milliseconds: 30_000 }

export interface DuckDbEngine extends Engine {
  /** Ends its processes and deletes their databases. */
  end(): Promise<void>
}

/**
 * DuckDB over Parquet, CSV and JSON files. Each tenant's rows are loaded into a database of their own, which a process of
 * its own opens for reading: what SQL gets around there is nobody else's.
 */
export function createDuckDbEngine(options: TenantDatabasesOptions): DuckDbEngine {
  const databases = createTenantDatabases(options)
  const { datasets } = options

  const datasetFor = ({ tenant }: Reader, name: string): FileDataset => datasetNamed(name, visibleTo(tenant, datasets))

  const query = async (
    { tenant }: Reader,
    sql: string,
    limits: QueryLimits,
    signal: AbortSignal,
  ): Promise<QueryResult> => {
    const { rows, bytes, milliseconds } = limits
    const {
      columns = [],
      rows: found,
      cutBy,
    } = await databases.use(tenant, signal, (database) =>
      withinTime(milliseconds, signal, (signal) => database.ask({ kind: 'query', sql, rows, bytes }, signal)),
    )
    return { columns, rows: found, ...(cutBy && { cutBy }) }
  }

  const columns = async (reader: Reader, name: string, signal: AbortSignal): Promise<readonly Column[]> => {
    const dataset = datasetFor(reader, name)
    const { columns } = await query(reader, `SELECT * FROM ${identifier(name)} LIMIT 0`, DESCRIBING, signal)
    return columns.map((column) => ({ ...column, ...dataset.columns[column.name] }))
  }

  return {
    dialect: 'DuckDB',
    query,
    columns,
    async datasets({ tenant }) {
      return Object.entries(visibleTo(tenant, datasets)).map(([name, dataset]) => datasetOf(name, dataset))
    },
    async describe(reader, name, signal) {
      const dataset = datasetFor(reader, name)
      const table = identifier(name)
      const sample = await query(reader, `SELECT * FROM ${table} ORDER BY rowid LIMIT ${SAMPLE}`, DESCRIBING, signal)
      const counted = await query(reader, `SELECT count(*) FROM ${table}`, DESCRIBING, signal)
      const columns = sample.columns.map((column) => ({ ...column, ...dataset.columns[column.name] }))
      return {
        ...datasetOf(name, dataset),
        columns,
        rowCount: Number(counted.rows[0]?.[0]),
        sample: { columns, rows: sample.rows },
      }
    },
    async explain({ tenant }, sql, signal) {
      const { plan = '' } = await databases.use(tenant, signal, (database) =>
        withinTime(DESCRIBING.milliseconds, signal, (signal) => database.ask({ kind: 'explain', sql }, signal)),
      )
      return plan
    },
    end: databases.end,
  }
}
