import type { ColumnKind, Table, Value } from '../table.ts'

/** Kinds whose values are written by the engine and are no formulas; a number may begin with a minus. */
const PLAIN: readonly ColumnKind[] = [
  'boolean',
  'integer',
  'decimal',
  'float',
  'date',
  'time',
  'timestamp',
  'interval',
  'uuid',
]

/** What spreadsheets take for a formula, full-width forms included (OWASP, CSV injection). */
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/
const NEEDS_QUOTES = /[",;\t\r\n]/

/**
 * A table as CSV (RFC 4180): a header, CRLF, UTF-8, quotes where they are needed. NULL is nothing, the empty text `""`;
 * nested values are JSON. CSV is opened in spreadsheets, so text that would be a formula there begins with `'`; whoever
 * needs it unchanged takes Parquet.
 */
export function csvOf({ columns, rows }: Table): string {
  const plain = columns.map(({ kind }) => PLAIN.includes(kind))
  const lines = rows.map((row) => row.map((value, index) => field(value, plain[index] === true)).join(','))
  return [columns.map(({ name }) => field(name, false)).join(','), ...lines, ''].join('\r\n')
}

function field(value: Value, isPlain: boolean): string {
  if (value === null) return ''
  if (value === '') return '""'
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value)
  const safe = !isPlain && FORMULA.test(text) ? `'${text}` : text
  return NEEDS_QUOTES.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
