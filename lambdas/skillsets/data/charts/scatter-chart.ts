import { readRows, rowCount } from './chart-rows.ts'
import type { Undescribed, WantedChart } from './chart-spec.ts'
import type { Field } from './column-field.ts'
import { numberFieldOf, seriesOf } from './made-field.ts'
import { pickField } from './pick-field.ts'

const MOST_POINTS = 2000

/** One number against another, a point for each row. */
export function scatterChart(fields: readonly Field[], wanted: WantedChart): Undescribed {
  const x = pickField(fields, 'x', ['number'], wanted.x)
  const y = pickField(fields, 'y', ['number'], wanted.y, [x])
  const series = wanted.series === undefined ? undefined : pickField(fields, 'series', ['category'], wanted.series)
  const read = readRows(x, y, series)
  const every = Math.ceil(read.rows.length / MOST_POINTS)
  const drawn = read.rows.filter((_, index) => index % every === 0)
  const coloured = seriesOf(series, y, drawn)
  return {
    kind: 'scatter',
    x: numberFieldOf(x),
    y: numberFieldOf(y),
    ...(coloured.field && { series: coloured.field }),
    rows: coloured.rows,
    notes: [
      ...read.notes,
      ...(every > 1 ? [`${drawn.length.toLocaleString('en')} of ${rowCount(read.rows.length)} are drawn.`] : []),
      ...coloured.notes,
    ],
  }
}
