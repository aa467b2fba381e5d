import { naturalOrder } from './category-order.ts'
import type { CategoryField, ChartRow, NumberField } from './chart-spec.ts'
import { asNumber, titleOf } from './column-field.ts'
import { groupSmall } from './group-small.ts'
import { numberFormat } from './number-format.ts'
import type { PickedField } from './pick-field.ts'

/** As many as there are colours that people tell apart. */
export const MOST_SERIES = 8

export function numberFieldOf({ column, values }: PickedField): NumberField {
  const numbers = values.map(asNumber).filter((value) => value !== null)
  return { scale: 'number', title: titleOf(column), format: numberFormat(column, numbers) }
}

/** The colours of lines, areas and bars: the greatest series, or all in their own order. */
export function seriesOf(
  series: PickedField | undefined,
  y: PickedField,
  rows: readonly ChartRow[],
): { rows: readonly ChartRow[]; field?: CategoryField; notes: readonly string[] } {
  if (series === undefined) return { rows, notes: [] }
  const how = { rest: 'together', by: y, of: series } as const
  const { note, other, ...grouped } = groupSmall(rows, 'series', MOST_SERIES, how)
  const values = other === undefined ? (naturalOrder(grouped.values) ?? grouped.values) : grouped.values
  return {
    rows: grouped.rows,
    field: { scale: 'category', title: titleOf(series.column), values, ...(other !== undefined && { other }) },
    notes: note === undefined ? [] : [note],
  }
}
