import { AbilityError } from '../../../runtime/ability-error.ts'
import type { Table } from '../table.ts'
import { barChart } from './bar-chart.ts'
import { chartNotPossible, columnList } from './chart-not-possible.ts'
import { isUnique } from './chart-rows.ts'
import type { ChartKind, ChartSpec, Undescribed, WantedChart } from './chart-spec.ts'
import { asLabel, type Field, fieldsOf } from './column-field.ts'
import { describeChart } from './describe-chart.ts'
import { heatmapChart } from './heatmap-chart.ts'
import { histogramChart } from './histogram-chart.ts'
import { lineChart } from './line-chart.ts'
import { wantedField } from './pick-field.ts'
import { pieChart } from './pie-chart.ts'
import { scatterChart } from './scatter-chart.ts'

const MAKE: Readonly<Record<ChartKind, (fields: readonly Field[], wanted: WantedChart) => Undescribed>> = {
  bar: barChart,
  line: (fields, wanted) => lineChart(fields, wanted, 'line'),
  area: (fields, wanted) => lineChart(fields, wanted, 'area'),
  scatter: scatterChart,
  pie: pieChart,
  histogram: histogramChart,
  heatmap: heatmapChart,
}

/** Rows below which a chart that nobody asked for says nothing that the table does not. */
const WORTH_DRAWING = { rows: 2, distribution: 8 }

/**
 * The chart that shows a table: of the wanted kind and columns, else of the first kind that its columns fit.
 * @returns undefined where nothing is wanted and nothing fits
 * @throws AbilityError `chart_not_possible` where something is wanted that these columns do not give
 */
export function chooseChart(table: Table, wanted: WantedChart = {}): ChartSpec | undefined {
  const fields = fieldsOf(table)
  const { kind, x, y, series, title } = wanted
  const isWanted = [kind, x, y, series].some((wish) => wish !== undefined)
  if (isWanted && table.rows.length === 0)
    throw chartNotPossible('There are no rows to draw.', 'Widen the query, or leave the chart out.')
  for (const [axis, name] of Object.entries({ x, y, series })) if (name !== undefined) wantedField(fields, axis, name)
  const kinds = kind === undefined ? fittingKinds(fields, isWanted) : [kind]
  const made = firstPossible(kinds, fields, wanted)
  if (made instanceof AbilityError) {
    if (isWanted) throw made
    return undefined
  }
  const titled = title === undefined ? made : { ...made, title: asLabel(title) }
  return { ...titled, description: describeChart(titled) }
}

/** In the order in which they are tried. */
function fittingKinds(fields: readonly Field[], isWanted: boolean): readonly ChartKind[] {
  const rows = fields[0]?.values.length ?? 0
  const has = (role: Field['role']) => fields.filter((field) => field.role === role).length
  if (!isWanted && rows < WORTH_DRAWING.rows) return []
  const categories = fields.filter((field) => field.role === 'category')
  const isGrid = categories.length >= 2 && !categories.some((field) => isUnique(field))
  return [
    ...(has('time') > 0 ? (['line'] as const) : []),
    ...(isGrid ? (['heatmap'] as const) : []),
    'bar',
    ...(isWanted || rows >= WORTH_DRAWING.distribution ? (['scatter', 'histogram'] as const) : []),
  ]
}

/** The refusal of the first kind is what the caller can do most with. */
function firstPossible(
  kinds: readonly ChartKind[],
  fields: readonly Field[],
  wanted: WantedChart,
): Undescribed | AbilityError {
  let refusal = chartNotPossible(
    `No chart fits the columns ${columnList(fields)}.`,
    'Select a number, and a time or a category.',
  )
  for (const [index, kind] of kinds.entries()) {
    try {
      return MAKE[kind](fields, wanted)
    } catch (error) {
      if (!(error instanceof AbilityError)) throw error
      if (index === 0) refusal = error
    }
  }
  return refusal
}
