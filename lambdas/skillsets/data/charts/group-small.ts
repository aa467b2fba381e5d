import type { ChartRow } from './chart-spec.ts'
import { formatNumber, isAdditive, numberFormat } from './number-format.ts'
import type { PickedField } from './pick-field.ts'

export interface Grouped {
  readonly rows: readonly ChartRow[]
  /** By what they add up to, the greatest first; `other` is the last of them. */
  readonly values: readonly string[]
  readonly other?: string
  readonly note?: string
}

/**
 * At most so many categories: the greatest stay. The rest become one, where values of this column can be added up, or are
 * left out; either is said.
 * @param rest for parts of a whole `together`; among bars one of many would dwarf the others
 */
export function groupSmall(
  rows: readonly ChartRow[],
  channel: 'x' | 'series',
  most: number,
  { rest, by, of }: { readonly rest: 'together' | 'left out'; readonly by: PickedField; readonly of: PickedField },
): Grouped {
  const byCategory = Map.groupBy(rows, (row) => String(row[channel]))
  const values = [...byCategory]
    .map(([category, own]) => ({ category, total: own.reduce((sum, { y }) => sum + Number(y), 0) }))
    .sort((a, b) => b.total - a.total)
    .map(({ category }) => category)
  if (values.length <= most) return { rows, values }
  const additive = isAdditive(by.column)
  const kept = values.slice(0, rest === 'together' && additive ? most - 1 : most)
  const isKept = new Set(kept)
  const shown = rows.filter((row) => isKept.has(String(row[channel])))
  const small = rows.filter((row) => !isKept.has(String(row[channel])))
  const others = values.length - kept.length
  const note = `Of ${values.length} values of ${of.column.name} the ${kept.length} greatest by ${by.column.name} are shown`
  if (!additive) return { rows: shown, values: kept, note: `${note}.` }
  if (rest === 'left out') {
    const sum = small.reduce((total, { y }) => total + Number(y), 0)
    return {
      rows: shown,
      values: kept,
      note: `${note}; the other ${others} add up to ${formatNumber(sum, numberFormat(by.column, [sum]))}.`,
    }
  }
  const other = `Other (${others})`
  return {
    rows: [...shown, ...addUp(small, channel, other)],
    values: [...kept, other],
    other,
    note: `${note}; the other ${others} are put together.`,
  }
}

/** One row for each place on the channel that remains. */
function addUp(rows: readonly ChartRow[], channel: 'x' | 'series', other: string): ChartRow[] {
  const remaining = channel === 'x' ? 'series' : 'x'
  return [...Map.groupBy(rows, (row) => row[remaining]).values()].flatMap((group) => {
    const [first] = group
    return first === undefined
      ? []
      : [{ ...first, [channel]: other, y: group.reduce((sum, { y }) => sum + Number(y), 0) }]
  })
}
