import type { Column, Table, Value } from '../table.ts'
import { readableText } from './cell-text.ts'
import type { ColumnSummary } from './summarise.ts'

const HEADERS = [
  'column',
  'values',
  'NULL',
  'distinct',
  'least',
  'greatest',
  'sum',
  'mean',
  'median',
  'standard deviation',
  'most frequent',
] as const

/** Statistics as a table for people, a row for each column; what no column has is left out. */
export function summaryTable(summary: readonly ColumnSummary[]): Table {
  const rows = summary.map(cells)
  const shown = HEADERS.flatMap((_, index) => (rows.some((row) => row[index] !== '') ? [index] : []))
  return {
    columns: shown.map((index) => column(HEADERS[index] ?? 'column')),
    rows: rows.map((row) => shown.map((index) => row[index] ?? '')),
  }
}

function cells(summary: ColumnSummary): string[] {
  const { column: name, kind, unit, count, nulls, distinct } = summary
  const say = (value: Value | undefined) => (value === undefined ? '' : readableText({ name, kind }, value))
  return [
    unit === undefined ? name : `${name} (${unit})`,
    count.toLocaleString('en'),
    nulls === 0 ? '' : nulls.toLocaleString('en'),
    distinct.toLocaleString('en'),
    say(summary.min),
    say(summary.max),
    say(summary.sum),
    say(summary.mean),
    say(summary.median),
    summary.standardDeviation === undefined
      ? ''
      : Number(summary.standardDeviation.toPrecision(4)).toLocaleString('en'),
    (summary.mostFrequent ?? [])
      .map(({ value, count: times }) => `${value} (${times.toLocaleString('en')})`)
      .join(', '),
  ]
}

/** Of figures but for the first and the last, which stand to the right as those do; they are written already. */
function column(name: (typeof HEADERS)[number]): Column {
  return { name, type: '', kind: name === 'column' || name === 'most frequent' ? 'text' : 'decimal' }
}
