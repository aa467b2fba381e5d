import { naturalOrder } from './category-order.ts'
import { chartNotPossible } from './chart-not-possible.ts'
import { isUnique, readRows } from './chart-rows.ts'
import type { CategoryField, Undescribed, WantedChart } from './chart-spec.ts'
import { asLabel, type Field, titleOf } from './column-field.ts'
import { numberFieldOf } from './made-field.ts'
import { type PickedField, pickField } from './pick-field.ts'
import { timeLabels } from './time-labels.ts'

const MOST = { columns: 60, rows: 40 }

/** A number for each pair of two categories, by colour. The column with more values lies along x unless one is named. */
export function heatmapChart(fields: readonly Field[], wanted: WantedChart): Undescribed {
  const value = pickField(fields, 'series', ['number'], wanted.series)
  const first = labelled(pickField(fields, 'x', ['category', 'time'], wanted.x, [value]))
  const second = labelled(pickField(fields, 'y', ['category', 'time'], wanted.y, [value, first.field]))
  const isNamed = wanted.x !== undefined || wanted.y !== undefined
  const [x, y] = isNamed || first.order.length >= second.order.length ? [first, second] : [second, first]
  if (!isUnique(x.field, y.field))
    throw chartNotPossible(
      `Several rows have the same "${x.field.column.name}" and "${y.field.column.name}", and a heatmap needs one number for each pair.`,
      `Group in the SQL: SELECT "${x.field.column.name}", "${y.field.column.name}", sum("${value.column.name}") … GROUP BY ALL.`,
    )
  if (x.order.length > MOST.columns || y.order.length > MOST.rows)
    throw chartNotPossible(
      `"${x.field.column.name}" and "${y.field.column.name}" have ${x.order.length} × ${y.order.length} values; a heatmap shows at most ${MOST.columns} × ${MOST.rows}.`,
      'Filter or group them in the SQL.',
    )
  const read = readRows(x.field, value, y.field)
  return {
    kind: 'heatmap',
    x: category(x),
    y: category(y),
    series: numberFieldOf(value),
    rows: read.rows.map((row) => ({ x: row.x, y: row.series ?? null, series: Number(row.y) })),
    notes: [...read.notes, ...emptyPairs(x.order.length * y.order.length - read.rows.length)],
  }
}

function emptyPairs(count: number): string[] {
  return count === 0 ? [] : [`${count} ${count === 1 ? 'pair has' : 'pairs have'} no row: left empty.`]
}

interface Labelled {
  readonly field: PickedField
  readonly order: readonly string[]
}

function labelled(field: PickedField): Labelled {
  if (field.role === 'time') {
    const { labels, order } = timeLabels(field.values)
    return { field: { ...field, role: 'category', values: labels }, order }
  }
  const labels = [...new Set(field.values.map((value) => asLabel(value)))]
  return { field, order: naturalOrder(labels) ?? labels.toSorted((a, b) => a.localeCompare(b, 'en')) }
}

function category({ field, order }: Labelled): CategoryField {
  return { scale: 'category', title: titleOf(field.column), values: order }
}
