import type { AthenaClient } from '@aws-sdk/client-athena'
import type { AthenaAccess } from '../../../../../model/skillset-declaration.ts'
import type { AthenaDataset } from '../../options.ts'
import { datasetNamed, datasetOf, visibleTo } from '../declared-datasets.ts'
import type { Engine, Reader } from '../engine.ts'
import { refused } from '../refused.ts'
import { withinTime } from '../within-time.ts'
import { columnsOf } from './columns.ts'
import type { Place } from './execution.ts'
import { cleanWords, failureOfRequest, isExpired, type Wording } from './failure.ts'
import { assertReadsOnly, explainPlan, explainReads } from './plan.ts'
import { readingStatement } from './statement.ts'
import { Statements } from './statements.ts'
import { isNested } from './values.ts'

export interface AthenaEngineProps {
  readonly datasets: Readonly<Record<string, AthenaDataset>>
  /** By tenant. One that is not here can read nothing. */
  readonly access: Readonly<Record<string, AthenaAccess>>
  /** Makes the client that acts as a tenant's role. */
  readonly client: (access: AthenaAccess) => AthenaClient
  /** What the workgroups let one statement scan; for the message. */
  readonly scanMegabytes: number
  /** Words that no message may have: the bucket's name. */
  readonly hidden: readonly string[]
}

/** Our own statements: what a description shows, and how long a description or a plan may take. */
const SAMPLE = { rows: 5, bytes: 100_000 }
const OWN_MILLISECONDS = 30_000

/**
 * Athena: a statement is looked at (`statement.ts`), planned by Athena, which reads no row for that, and run if its plan
 * reads the tenant's own tables alone (`plan.ts`). The workgroup bounds what it scans, and the tenant's role what it
 * reaches, whatever it says.
 */
export function createAthenaEngine({ datasets, access, client, scanMegabytes, hidden }: AthenaEngineProps): Engine {
  const places = new Map<string, Place>()

  function placeOf(tenant: string): Place {
    const own = Object.hasOwn(access, tenant) ? access[tenant] : undefined
    if (own === undefined) throw refused('there are no data sets for you', 'Ask whoever runs this server for some.')
    const place = places.get(tenant) ?? { ...own, client: client(own) }
    places.set(tenant, place)
    return place
  }

  const readable = ({ tenant }: Reader) => (Object.hasOwn(access, tenant) ? visibleTo(tenant, datasets) : {})

  /** Runs statements as a tenant, for as long as they may take. */
  async function during<Result>(
    { tenant }: Reader,
    milliseconds: number,
    signal: AbortSignal,
    run: (statements: Statements, wording: Wording) => Promise<Result>,
  ): Promise<Result> {
    const place = placeOf(tenant)
    const others = Object.values(access).flatMap(({ database }) => (database === place.database ? [] : [database]))
    const wording = { database: place.database, hidden: [...others, ...hidden] }
    return await withinTime(milliseconds, signal, async (signal) => {
      try {
        return await run(new Statements({ place, wording, scanMegabytes, signal }), wording)
      } catch (error) {
        if (isExpired(error)) places.delete(tenant)
        throw failureOfRequest(error, wording)
      }
    })
  }

  /** The statement as it is run, if it may be. */
  async function judge(reader: Reader, sql: string, statements: Statements, { database }: Wording): Promise<string> {
    const statement = readingStatement(sql)
    const own = Object.keys(readable(reader))
    assertReadsOnly(await statements.explain(explainReads(statement)), database, own)
    return statement
  }

  return {
    dialect: 'Trino (Athena)',
    datasets: async (reader) => Object.entries(readable(reader)).map(([name, dataset]) => datasetOf(name, dataset)),
    columns: async (reader, name) => columnsOf(datasetNamed(name, readable(reader))),
    async describe(reader, name, signal) {
      const dataset = datasetNamed(name, readable(reader))
      const columns = columnsOf(dataset)
      // Nested values come whole as JSON alone.
      const list = columns.map(({ name, type }) =>
        isNested(type) ? `CAST("${name}" AS JSON) AS "${name}"` : `"${name}"`,
      )
      return during(reader, OWN_MILLISECONDS, signal, async (statements) => {
        const [{ rows }, rowCount] = await Promise.all([
          statements.select(`SELECT ${list.join(', ')} FROM "${name}" LIMIT ${SAMPLE.rows}`, SAMPLE),
          dataset.format === 'parquet' ? countRows(statements, name) : undefined,
        ])
        return {
          ...datasetOf(name, dataset),
          columns,
          ...(rowCount !== undefined && { rowCount }),
          sample: { columns, rows },
        }
      })
    },
    query: (reader, sql, limits, signal) =>
      during(reader, limits.milliseconds, signal, async (statements, wording) =>
        statements.select(await judge(reader, sql, statements, wording), limits),
      ),
    explain: (reader, sql, signal) =>
      during(reader, OWN_MILLISECONDS, signal, async (statements, wording) => {
        const statement = await judge(reader, sql, statements, wording)
        return cleanWords(await statements.explain(explainPlan(statement)), wording)
      }),
  }
}

/** Parquet files say in their footers how many rows they have: nothing is scanned for it. */
async function countRows(statements: Statements, name: string): Promise<number> {
  const { rows } = await statements.select(`SELECT count(*) FROM "${name}"`, SAMPLE)
  return Number(rows[0]?.[0])
}
