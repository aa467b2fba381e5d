import { chartNotPossible } from './chart-not-possible.ts'
import { readRows, separatingSeries } from './chart-rows.ts'
import type { Undescribed, WantedChart } from './chart-spec.ts'
import { type Field, titleOf } from './column-field.ts'
import { groupSmall } from './group-small.ts'
import { numberFieldOf } from './made-field.ts'
import { pickField } from './pick-field.ts'

const MOST_SLICES = 6

/** The parts of a whole; made only where somebody asks for it, because bars are easier to compare. */
export function pieChart(fields: readonly Field[], wanted: WantedChart): Undescribed {
  const x = pickField(fields, 'x', ['category'], wanted.x ?? wanted.series)
  const y = pickField(fields, 'y', ['number'], wanted.y, [x])
  separatingSeries([], x, y, undefined)
  const read = readRows(x, y, undefined)
  const total = read.rows.reduce((sum, row) => sum + Number(row.y), 0)
  if (total <= 0 || read.rows.some((row) => Number(row.y) < 0))
    throw chartNotPossible(
      `The values of "${y.column.name}" are not parts of a whole.`,
      'A pie needs values of 0 and more that are not all 0: ask for a bar chart.',
    )
  const { rows, values, other, note } = groupSmall(read.rows, 'x', MOST_SLICES, { rest: 'together', by: y, of: x })
  return {
    kind: 'pie',
    x: { scale: 'category', title: titleOf(x.column), values, ...(other !== undefined && { other }) },
    y: numberFieldOf(y),
    rows,
    notes: [...read.notes, ...(note === undefined ? [] : [note])],
  }
}
