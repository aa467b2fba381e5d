import type { QueryExecution } from '@aws-sdk/client-athena'
import type { QueryLimits, QueryResult } from '../engine.ts'
import { refused } from '../refused.ts'
import { execute, type Place, resultPages } from './execution.ts'
import { failureOf, failureOfRequest, type Wording } from './failure.ts'
import { readLines, readRows } from './rows.ts'

export interface StatementsProps {
  readonly place: Place
  readonly wording: Wording
  readonly scanMegabytes: number
  readonly signal: AbortSignal
}

/** Statements of one call of the engine, and what came of them. All methods throw AbilityError, or the signal's reason. */
export class Statements {
  private readonly props: StatementsProps

  constructor(props: StatementsProps) {
    this.props = props
  }

  async select(sql: string, limits: Pick<QueryLimits, 'rows' | 'bytes'>): Promise<QueryResult> {
    const { place, signal } = this.props
    const { QueryExecutionId, Statistics } = await this.run(sql, 'SELECT')
    // One more than wanted tells whether there are more; another has the columns' names.
    const table = await readRows(resultPages(place, QueryExecutionId, limits.rows + 2, signal), limits)
    const scannedBytes = Statistics?.DataScannedInBytes
    return { ...table, ...(scannedBytes !== undefined && { scannedBytes }) }
  }

  /** @param sql EXPLAIN and its options in the first line, and a statement below */
  async explain(sql: string): Promise<string> {
    const { place, signal } = this.props
    const { QueryExecutionId } = await this.run(sql, 'EXPLAIN', 1)
    return readLines(resultPages(place, QueryExecutionId, Number.POSITIVE_INFINITY, signal))
  }

  /** What kind of statement it was, Athena itself says; of another kind than asked for, no row is read. */
  private async run(sql: string, kind: 'SELECT' | 'EXPLAIN', linesBefore = 0): Promise<QueryExecution> {
    const { place, scanMegabytes, signal } = this.props
    const wording = { ...this.props.wording, linesBefore }
    const execution = await execute(place, sql, signal).catch((error: unknown) => {
      throw signal.aborted ? signal.reason : failureOfRequest(error, wording)
    })
    if (execution.Status?.State !== 'SUCCEEDED') throw failureOf(execution.Status ?? {}, scanMegabytes, wording)
    if (execution.SubstatementType !== kind) throw refused('it is not a query', 'Send one statement that only reads.')
    return execution
  }
}
