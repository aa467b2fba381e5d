import { isLabelNumber } from '../charts/column-field.ts'
import type { Column, Value } from '../table.ts'

/** Characters of one cell; longer text is cut off with an ellipsis. */
const LONGEST = 300
const FLOAT = new Intl.NumberFormat('en', { maximumSignificantDigits: 8 })
const SMALLEST_PLAIN = 1e-6

/** A value as it is, on one line; NULL says so, nested values are JSON. */
export function cellText(value: Value): string {
  const text = value === null ? 'NULL' : typeof value === 'object' ? JSON.stringify(value) : String(value)
  const line = text.replace(/[\s\p{Cc}]+/gu, ' ').trim()
  return line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line
}

/** The same for people: thousands are set apart, and floats do not show what they cannot represent. */
export function readableText(column: Pick<Column, 'name' | 'kind'>, value: Value): string {
  if (!isNumber(column) || isLabelNumber(column)) return cellText(value)
  if (typeof value === 'number' && !Number.isInteger(value))
    return Math.abs(value) < SMALLEST_PLAIN ? String(value) : FLOAT.format(value)
  const [, sign, whole, decimals] = /^(-?)(\d+)(\.\d+)?$/.exec(cellText(value)) ?? []
  return whole === undefined ? cellText(value) : `${sign}${BigInt(whole).toLocaleString('en')}${decimals ?? ''}`
}

export function isNumber({ kind }: Pick<Column, 'kind'>): boolean {
  return kind === 'integer' || kind === 'decimal' || kind === 'float'
}

/** `revenue (EUR)`. */
export function headerText({ name, unit }: Pick<Column, 'name' | 'unit'>): string {
  return cellText(unit === undefined ? name : `${name} (${unit})`)
}
