import type { PostgresDataset } from '../../options.ts'
import { datasetNamed, datasetOf, visibleTo } from '../declared-datasets.ts'
import type { Engine, Reader } from '../engine.ts'
import { parseDatabaseSecret } from './database-secret.ts'
import { countRows, readColumns, readSample } from './describe.ts'
import { SERVER_FUNCTIONS, type ServerFunctions } from './guard/functions.ts'
import { type GuardedStatement, guardStatement } from './guard/guard-statement.ts'
import { checkRole } from './session/check-role.ts'
import { createConnections } from './session/connections.ts'
import { explainQuery, readQuery } from './session/read-query.ts'
import { qualified } from './table-name.ts'

export interface PostgresEngine extends Engine {
  /** Ends its connections. */
  close(): Promise<void>
}

/** Milliseconds for what asks no query of people's. */
const CATALOG_MS = 10_000

/**
 * Any PostgreSQL from 13 on, Aurora included (docs/data-postgres.md).
 * @param datasets tables and views, by the name that SQL calls them
 * @param fetchSecret the value of the secret `database`
 */
export function createPostgresEngine(
  datasets: Readonly<Record<string, PostgresDataset>>,
  fetchSecret: () => Promise<string | undefined>,
): PostgresEngine {
  const connections = createConnections(
    async () => parseDatabaseSecret(await fetchSecret()),
    (client, tenant) => checkRole(client, tenant, datasets),
  )
  let functions: ServerFunctions | undefined

  const readable = ({ tenant }: Reader) => visibleTo(tenant, datasets)

  async function guarded(reader: Reader, sql: string, signal: AbortSignal): Promise<string> {
    functions ??= await connections.read(reader.tenant, CATALOG_MS, signal, async (client) => {
      const { rows } = await client.query<[string, string]>({ text: SERVER_FUNCTIONS, rowMode: 'array' })
      return new Map(rows.map(([name, json]) => [name, JSON.parse(json)]))
    })
    const names = new Set(Object.keys(readable(reader)))
    return overDatasets(await guardStatement(sql, { datasets: names, functions }), datasets)
  }

  return {
    dialect: 'PostgreSQL',
    datasets: async (reader) => Object.entries(readable(reader)).map(([name, dataset]) => datasetOf(name, dataset)),
    columns: async (reader, name, signal) => {
      const dataset = datasetNamed(name, readable(reader))
      return connections.read(reader.tenant, CATALOG_MS, signal, (client) => readColumns(client, dataset))
    },
    describe: async (reader, name, signal) => {
      const dataset = datasetNamed(name, readable(reader))
      return connections.read(reader.tenant, CATALOG_MS, signal, async (client) => {
        const columns = await readColumns(client, dataset)
        const sample = await readSample(client, dataset)
        const rowCount = await countRows(client, dataset)
        return { ...datasetOf(name, dataset), columns, sample, ...(rowCount !== undefined && { rowCount }) }
      })
    },
    query: async (reader, sql, limits, signal) => {
      const statement = await guarded(reader, sql, signal)
      return connections.read(reader.tenant, limits.milliseconds, signal, (client) =>
        readQuery(client, statement, limits),
      )
    },
    explain: async (reader, sql, signal) => {
      const statement = await guarded(reader, sql, signal)
      return connections.read(reader.tenant, CATALOG_MS, signal, (client) => explainQuery(client, statement))
    },
    close: connections.close,
  }
}

/** The statement with the names of data sets bound to their tables, whatever those are called and where they are. */
function overDatasets(
  { text, datasets: used }: GuardedStatement,
  datasets: Readonly<Record<string, PostgresDataset>>,
): string {
  const bound = used.map(
    (name) => `"${name}" AS NOT MATERIALIZED (SELECT * FROM ${qualified(datasets[name]?.table ?? name)})`,
  )
  // The line's end closes a comment of the statement's.
  return `${bound.length > 0 ? `WITH ${bound.join(', ')} ` : ''}SELECT * FROM (${text}\n) AS result`
}
