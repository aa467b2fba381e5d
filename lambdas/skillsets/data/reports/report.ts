import type { AbilityError } from '../../../runtime/ability-error.ts'
import type { DrawnChart } from '../charts/draw-chart.ts'
import type { Table } from '../table.ts'
import type { ColumnSummary } from './summarise.ts'

/** What a report says. Markdown and HTML are two forms of it. */
export interface Report {
  readonly title: string
  readonly introduction?: string
  readonly sections: readonly ReportSection[]
  readonly madeAt: Date
  /** The person, as people know them. */
  readonly madeBy: string
}

export interface ReportSection {
  readonly heading: string
  readonly text?: string
  readonly sql: string
  /** The answer; absent where the query failed. */
  readonly table?: Table
  readonly summary?: readonly ColumnSummary[]
  readonly chart?: DrawnChart
  /** What is incomplete and why, one sentence each: the limit that cut the rows, a chart that cannot be made. */
  readonly notes?: readonly string[]
  /** Why there is no answer. */
  readonly failure?: Pick<AbilityError, 'code' | 'message' | 'hint'>
}

/** When and by whom, in one sentence. */
export function madeText({ madeAt, madeBy }: Report): string {
  return `Made ${madeAt.toISOString().slice(0, 16).replace('T', ' ')} UTC by ${madeBy}.`
}
