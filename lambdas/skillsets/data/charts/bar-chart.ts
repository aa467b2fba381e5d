import { naturalOrder } from './category-order.ts'
import { chartNotPossible } from './chart-not-possible.ts'
import { readRows, separatingSeries } from './chart-rows.ts'
import type { ChartRow, Undescribed, WantedChart } from './chart-spec.ts'
import { type Field, titleOf } from './column-field.ts'
import { groupSmall } from './group-small.ts'
import { numberFieldOf, seriesOf } from './made-field.ts'
import { type PickedField, pickField } from './pick-field.ts'
import { timeLabels } from './time-labels.ts'

const MOST_BARS = 15
/** Of times and other ordered categories, of which none can be put together. */
const MOST_ORDERED_BARS = 60
/** Labels of this many characters in all stand side by side below the bars. */
const LABEL_ROOM = 90

/** A number for each category: in its own order where it has one, else by size; lying where labels are long. */
export function barChart(fields: readonly Field[], named: WantedChart): Undescribed {
  const wanted = withNumberAsY(fields, named)
  const picked = pickField(fields, 'x', ['category', 'time'], wanted.x)
  // Bars stand for periods, so that times become labels.
  const times = picked.role === 'time' ? timeLabels(picked.values) : undefined
  const x: PickedField = times === undefined ? picked : { ...picked, role: 'category', values: times.labels }
  const y = pickField(fields, 'y', ['number'], wanted.y, [x])
  const series = separatingSeries(fields, x, y, wanted.series)
  const read = readRows(x, y, series)
  const coloured = seriesOf(series, y, read.rows)
  const order = times?.order ?? naturalOrder([...new Set(coloured.rows.map((row) => String(row.x)))])
  const { rows, values, notes } = chooseBars(x, y, coloured.rows, order)
  const letters = values.reduce((sum, value) => sum + value.length + 2, 0)
  return {
    kind: 'bar',
    x: { scale: 'category', title: titleOf(x.column), values },
    y: numberFieldOf(y),
    ...(coloured.field && { series: coloured.field }),
    horizontal: order === undefined && letters > LABEL_ROOM,
    rows,
    notes: [...read.notes, ...coloured.notes, ...notes],
  }
}

/** Whoever names a number for x and a category for y thinks of lying bars. */
function withNumberAsY(fields: readonly Field[], wanted: WantedChart): WantedChart {
  const roleOf = (name: string | undefined) => fields.find(({ column }) => column.name === name)?.role
  const isSwapped = roleOf(wanted.x) === 'number' && wanted.y !== undefined && roleOf(wanted.y) !== 'number'
  return isSwapped ? { ...wanted, x: wanted.y, y: wanted.x } : wanted
}

function chooseBars(x: PickedField, y: PickedField, rows: readonly ChartRow[], order: readonly string[] | undefined) {
  if (order === undefined) {
    const { note, ...grouped } = groupSmall(rows, 'x', MOST_BARS, { rest: 'left out', by: y, of: x })
    return { ...grouped, notes: note === undefined ? [] : [note] }
  }
  if (order.length > MOST_ORDERED_BARS)
    throw chartNotPossible(
      `"${x.column.name}" has ${order.length} values; bars show at most ${MOST_ORDERED_BARS}.`,
      'Ask for a line chart, or group by a longer period in the SQL.',
    )
  return { rows, values: order, notes: [] }
}
