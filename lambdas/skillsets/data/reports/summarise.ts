import { isLabelNumber } from '../charts/column-field.ts'
import { isAdditive } from '../charts/number-format.ts'
import type { Column, ColumnKind, Table, Value } from '../table.ts'
import { exactStatistics, floatStatistics, type NumberStatistics } from './number-statistics.ts'

/** What can be said of one column's values. Numbers are written as the column's are: decimals as strings of digits. */
export interface ColumnSummary {
  readonly column: string
  readonly kind: ColumnKind
  readonly unit?: string
  /** Rows with a value. */
  readonly count: number
  readonly nulls: number
  readonly distinct: number
  /** Of numbers, dates, times and timestamps: the least or first, the greatest or last. */
  readonly min?: number | string
  readonly max?: number | string
  /** Of numbers that can be added up. */
  readonly sum?: number | string
  readonly mean?: number | string
  readonly median?: number | string
  /** Of a sample (n − 1), as SQL's STDDEV; absent for fewer than two values. */
  readonly standardDeviation?: number
  /** Of text and booleans, where one occurs more than once: the most frequent, at most three. */
  readonly mostFrequent?: readonly { readonly value: string; readonly count: number }[]
}

const MOST_FREQUENT = 3

/** Summary statistics of the rows that are there: of all rows only where no limit cut them. */
export function summarise({ columns, rows }: Table): ColumnSummary[] {
  return columns.map((column, index) => {
    const values = rows.map((row) => row[index] ?? null).filter((value) => value !== null)
    const counts = Map.groupBy(values, keyOf)
    return {
      column: column.name,
      kind: column.kind,
      ...(column.unit !== undefined && { unit: column.unit }),
      count: values.length,
      nulls: rows.length - values.length,
      distinct: counts.size,
      ...(values.length > 0 && statistics(column, values, counts)),
    }
  })
}

type Present = Exclude<Value, null>

function statistics(column: Column, values: readonly Present[], counts: ReadonlyMap<string, readonly unknown[]>) {
  const { kind } = column
  switch (kind) {
    case 'integer':
    case 'decimal':
      return meaningful(column, exactStatistics(values.filter(isScalar), kind))
    case 'float':
      return meaningful(column, floatStatistics(values.filter((value) => typeof value === 'number')))
    case 'date':
    case 'time':
    case 'timestamp':
      return extremes(values.map(String))
    case 'text':
    case 'boolean':
      return mostFrequent(counts)
    default:
      return {}
  }
}

/** Numbers that are names have no mean, and prices no sum. */
function meaningful(column: Column, statistics: Partial<NumberStatistics>): Partial<NumberStatistics> {
  const { sum, ...rest } = statistics
  const { min, max } = statistics
  if (isLabelNumber(column)) return min === undefined || max === undefined ? {} : { min, max }
  return isAdditive(column) ? statistics : rest
}

/** Without the Z, whose place a fraction of the second takes in another value. */
function extremes(values: readonly string[]) {
  const sorted = values.toSorted((a, b) => (a.replace(/Z$/, '') < b.replace(/Z$/, '') ? -1 : 1))
  const [min] = sorted
  const max = sorted.at(-1)
  return min === undefined || max === undefined ? {} : { min, max }
}

function mostFrequent(counts: ReadonlyMap<string, readonly unknown[]>) {
  const repeated = [...counts]
    .map(([value, { length }]) => ({ value, count: length }))
    .filter(({ count }) => count > 1)
    .sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))
  return repeated.length === 0 ? {} : { mostFrequent: repeated.slice(0, MOST_FREQUENT) }
}

function keyOf(value: Present): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

function isScalar(value: Present): value is string | number {
  return typeof value === 'string' || typeof value === 'number'
}
