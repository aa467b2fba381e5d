import { createHash } from 'node:crypto'
import type { AbilityContext } from '../../../runtime/ability-context.ts'
import type { QueryResult } from '../engines/engine.ts'
import type { Limits } from '../options.ts'
import type { DataServices } from '../services.ts'

type Asking = Pick<AbilityContext<DataServices>, 'person' | 'services' | 'signal' | 'log'>

/** What a result may have. */
export type ResultLimits = Pick<Limits, 'resultRows' | 'resultMegabytes'>

/**
 * Runs one statement for a person: in a place of theirs, within the limits. The log is told which statement it was by a
 * digest, and how much came of it.
 * @throws AbilityError `too_many_queries`, and the engine's
 */
export async function ask(
  { person, services, signal, log }: Asking,
  sql: string,
  { resultRows, resultMegabytes }: ResultLimits,
): Promise<QueryResult> {
  const { engine, leases, limits, now } = services
  const started = now()
  const most = { rows: resultRows, bytes: resultMegabytes * 1_000_000, milliseconds: limits.seconds * 1000 }
  const result = await leases.during(person, () => engine.query({ tenant: person.tenant }, sql, most, signal))
  log.info('query answered', {
    statement: createHash('sha256').update(sql).digest('hex').slice(0, 16),
    rows: result.rows.length,
    columns: result.columns.length,
    cutBy: result.cutBy,
    scannedBytes: result.scannedBytes,
    milliseconds: now() - started,
  })
  return result
}

/** What a limit left out, and how to get at it; undefined where everything is there. */
export function cutNote({ cutBy, rows }: QueryResult, { resultRows, resultMegabytes }: ResultLimits) {
  if (cutBy === undefined) return undefined
  const limit = cutBy === 'rows' ? `${resultRows} rows` : `${resultMegabytes} MB`
  return `These are only the first ${rows.length} rows: here a result has at most ${limit}. Aggregate (GROUP BY), filter (WHERE) or name fewer columns to see all of it.`
}
