import type { Column, Table, Value } from '../table.ts'

/** What a column can be in a chart. */
export type Role = 'time' | 'category' | 'number'

export interface Field {
  readonly column: Column
  /** By its kind, name and values; absent where it is none by itself, as an identifier. */
  readonly role?: Role
  /** One per row. */
  readonly values: readonly Value[]
}

/** How a category is called that is NULL. */
export const NO_VALUE = '(no value)'
const LABEL_LENGTH = 120
const CALENDAR_PART =
  /(?:^|_)(?<!per_)(?:year|quarter|month|week|day|weekday|dow|isodow|dayofweek|day_of_week|hour|hour_of_day)$/
const IDENTIFIER = /(?:^|_)(?:id|number|no|code|zip)$/
const MONTH = /^\d{4}-\d{2}$/

export function fieldsOf({ columns, rows }: Table): Field[] {
  return columns.map((column, index) => {
    const values = rows.map((row) => row[index] ?? null)
    const role = roleOf(column, values)
    return { column, values, ...(role !== undefined && { role }) }
  })
}

function roleOf({ kind, name }: Column, values: readonly Value[]): Role | undefined {
  const lower = name.toLowerCase()
  switch (kind) {
    case 'date':
    case 'timestamp':
      return 'time'
    case 'integer':
      if (CALENDAR_PART.test(lower)) return 'category'
      return isLabelNumber({ name, kind }) ? undefined : 'number'
    case 'decimal':
    case 'float':
      return 'number'
    case 'text':
      return isMonths(values) ? 'time' : 'category'
    case 'boolean':
    case 'time':
      return 'category'
    default:
      return undefined
  }
}

/** Whether an integer is a name rather than a quantity: a year, an order's number. */
export function isLabelNumber({ name, kind }: Pick<Column, 'name' | 'kind'>): boolean {
  const lower = name.toLowerCase()
  return kind === 'integer' && (CALENDAR_PART.test(lower) || IDENTIFIER.test(lower))
}

function isMonths(values: readonly Value[]): boolean {
  const present = values.filter((value) => value !== null)
  return present.length > 0 && present.every((value) => typeof value === 'string' && MONTH.test(value))
}

/** @returns null for NULL and for what is no finite number */
export function asNumber(value: Value): number | null {
  const number = typeof value === 'number' || typeof value === 'string' ? Number(value) : Number.NaN
  return Number.isFinite(number) ? number : null
}

/** Milliseconds since the epoch; a time without an offset is shown as it is written, so it counts as UTC. */
export function asTime(value: Value): number | null {
  if (typeof value !== 'string') return null
  const time = Date.parse(value.includes('T') && !value.endsWith('Z') ? `${value}Z` : value)
  return Number.isNaN(time) ? null : time
}

/** On one line, of bounded length. */
export function asLabel(value: Value): string {
  if (value === null) return NO_VALUE
  const text = (typeof value === 'object' ? JSON.stringify(value) : String(value)).replace(/[\s\p{Cc}]+/gu, ' ').trim()
  return text.length > LABEL_LENGTH ? `${text.slice(0, LABEL_LENGTH - 1)}…` : text
}

/** As people read it: `net_revenue` in EUR is `Net revenue (EUR)`. */
export function titleOf({ name, unit, kind, type }: Column): string {
  const words = asLabel(name.replaceAll('_', ' '))
  const measured = unit ?? (kind === 'timestamp' && /tz|with time zone/i.test(type) ? 'UTC' : undefined)
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}${measured === undefined ? '' : ` (${asLabel(measured)})`}`
}
