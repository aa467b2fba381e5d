import { naturalOrder } from './category-order.ts'
import { chartNotPossible } from './chart-not-possible.ts'
import { readRows, separatingSeries } from './chart-rows.ts'
import type { CategoryField, ChartRow, TimeField, Undescribed, WantedChart } from './chart-spec.ts'
import { type Field, titleOf } from './column-field.ts'
import { numberFieldOf, seriesOf } from './made-field.ts'
import { type PickedField, pickField } from './pick-field.ts'

/** A number over time, or over what has an order, one line or area for each of a series. */
export function lineChart(fields: readonly Field[], wanted: WantedChart, kind: 'line' | 'area'): Undescribed {
  const x = pickOrdered(fields, wanted.x)
  const y = pickField(fields, 'y', ['number'], wanted.y, [x])
  const series = separatingSeries(fields, x, y, wanted.series)
  const read = readRows(x, y, series, kind === 'line')
  const { rows, field, notes } = seriesOf(series, y, read.rows)
  const sorted = x.role === 'category' ? rows : rows.toSorted((a, b) => Number(a.x) - Number(b.x))
  if (kind === 'area' && rows.some((row) => Number(row.y) < 0))
    throw chartNotPossible(
      `The column "${y.column.name}" has negative values, which areas cannot show.`,
      'Ask for a line chart.',
    )
  const cropped = kind === 'line' && liesFarFromZero(rows)
  return {
    kind,
    x: orderedField(
      x,
      rows.map((row) => String(row.x)),
    ),
    y: { ...numberFieldOf(y), ...(cropped && { cropped }) },
    ...(field && { series: field }),
    rows: sorted,
    notes: [...read.notes, ...notes, ...(cropped ? [`The axis of ${y.column.name} does not begin at 0.`] : [])],
  }
}

function liesFarFromZero(rows: readonly ChartRow[]): boolean {
  const values = rows.flatMap(({ y }) => (typeof y === 'number' ? [y] : []))
  const least = values.reduce((a, b) => Math.min(a, b))
  const greatest = values.reduce((a, b) => Math.max(a, b))
  return least > greatest / 2 || greatest < least / 2
}

/** Time before all; else categories that have an order. */
function pickOrdered(fields: readonly Field[], wanted: string | undefined): PickedField {
  const ordered = fields.filter((field) => field.role === 'time' || hasOrder(field))
  if (wanted === undefined) return pickField(ordered, 'x', ['time', 'category'], undefined)
  const x = pickField(fields, 'x', ['time', 'category'], wanted)
  if (x.role === 'time' || hasOrder(x)) return x
  throw chartNotPossible(
    `The values of "${wanted}" have no order that a line could follow.`,
    'Ask for a bar chart, or name a time column for x.',
  )
}

function hasOrder(field: Field): boolean {
  return naturalOrder(labelsOf(field)) !== undefined
}

function labelsOf({ values }: Field): string[] {
  return [...new Set(values.map(String))]
}

function orderedField(x: PickedField, labels: readonly string[]): TimeField | CategoryField {
  if (x.role === 'time') return { scale: 'time', title: titleOf(x.column) }
  return { scale: 'category', title: titleOf(x.column), values: naturalOrder([...new Set(labels)]) ?? [] }
}
