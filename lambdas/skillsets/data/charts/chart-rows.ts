import { chartNotPossible } from './chart-not-possible.ts'
import type { ChartRow } from './chart-spec.ts'
import { asLabel, asNumber, asTime, type Field, type Role } from './column-field.ts'
import { type PickedField, pickField } from './pick-field.ts'

export interface ReadRows {
  readonly rows: readonly ChartRow[]
  readonly notes: readonly string[]
}

const READ = {
  time: asTime,
  number: asNumber,
  category: asLabel,
} as const satisfies Record<Role, unknown>

/** @param gaps whether a row without a number stays, as the gap of a line */
export function readRows(x: PickedField, y: PickedField, series: PickedField | undefined, gaps = false): ReadRows {
  const all = x.values.map((value, index) => ({
    x: READ[x.role](value),
    y: READ[y.role](y.values[index] ?? null),
    ...(series && { series: READ[series.role](series.values[index] ?? null) }),
  }))
  const placed = all.filter((row) => row.x !== null)
  const rows = gaps ? placed : placed.filter((row) => row.y !== null)
  const without = all.length - placed.filter((row) => row.y !== null).length
  const lacking = [...(all.some((row) => row.x === null) ? [x] : []), ...(all.some((row) => row.y === null) ? [y] : [])]
  const noun = lacking.map(({ column }) => column.name).join(' or ')
  if (rows.every((row) => row.y === null))
    throw chartNotPossible(`No row has a value of ${noun}.`, 'Ask for rows that have one.')
  const notes = without === 0 ? [] : [`${rowCount(without)} without ${noun} ${without === 1 ? 'is' : 'are'} not shown.`]
  return { rows: rows as readonly ChartRow[], notes }
}

export function rowCount(count: number): string {
  return count === 1 ? '1 row' : `${count.toLocaleString('en')} rows`
}

/**
 * The column that tells rows with one x apart: the wanted one, or, where there are such rows, the first that does.
 * @returns undefined where every x has one row
 * @throws AbilityError `chart_not_possible` where rows stay that cannot be told apart
 */
export function separatingSeries(
  fields: readonly Field[],
  x: PickedField,
  y: PickedField,
  wanted: string | undefined,
): PickedField | undefined {
  if (wanted !== undefined) {
    const series = pickField(fields, 'series', ['category'], wanted)
    if (isUnique(x, series)) return series
  } else {
    if (isUnique(x)) return undefined
    const series = fields.find(
      (field) =>
        field.role === 'category' && ![x.column.name, y.column.name].includes(field.column.name) && isUnique(x, field),
    )
    if (series !== undefined) return { ...series, role: 'category' }
  }
  const columns = [x.column.name, ...(wanted === undefined ? [] : [wanted])].map((name) => `"${name}"`).join(' and ')
  throw chartNotPossible(
    `Several rows have the same ${columns}, and a chart needs one number for each.`,
    `Group in the SQL: SELECT ${columns.replace(' and ', ', ')}, sum("${y.column.name}") … GROUP BY ALL, or name a series column.`,
  )
}

export function isUnique(...fields: readonly Field[]): boolean {
  const [first] = fields
  const keys = first?.values.map((_, row) => JSON.stringify(fields.map(({ values }) => values[row]))) ?? []
  return new Set(keys).size === keys.length
}
