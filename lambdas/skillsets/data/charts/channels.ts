import type { CategoryField, ChartRow, ChartSpec, NumberField } from './chart-spec.ts'
import { TICK_LABELS } from './number-format.ts'
import type { Colours } from './theme.ts'

/** Letters that stand side by side below a chart; short labels of more are thinned out, long ones lean. */
const LETTERS_BELOW = 100
const SHORT_LABEL = 10

/** What a kind of chart draws of its rows. */
export interface DrawnRow extends ChartRow {
  /** The place of its series, so that stacks follow the legend. */
  readonly rank?: number
  readonly label?: string
}

export type AnyField = ChartSpec['x'] | ChartSpec['y']

export function numberAxis(field: AnyField, isAlongX: boolean) {
  const format = field.scale === 'number' ? field.format : 'plain'
  return { title: field.title, grid: true, labelExpr: TICK_LABELS[format], ...(isAlongX ? {} : TITLE_ON_TOP) } as const
}

export function timeAxis(field: AnyField) {
  return { title: field.title, grid: false, tickCount: 10, labelFlush: true } as const
}

export function categoryAxis(field: AnyField, isAlongX: boolean) {
  const base = { title: field.title, grid: false, ticks: false } as const
  if (!isAlongX) return { ...base, ...TITLE_ON_TOP, labelOverlap: false } as const
  const values = valuesOf(field)
  const fits = values.reduce((sum, value) => sum + value.length + 2, 0) <= LETTERS_BELOW
  if (fits) return { ...base, labelAngle: 0, labelOverlap: false } as const
  return values.every((value) => value.length <= SHORT_LABEL)
    ? ({ ...base, labelAngle: 0, labelOverlap: 'parity' } as const)
    : ({ ...base, labelAngle: -40, labelOverlap: false, labelLimit: 140 } as const)
}

/** Read without turning the head. */
const TITLE_ON_TOP = {
  titleAngle: 0,
  titleAlign: 'left',
  titleAnchor: 'end',
  titleBaseline: 'bottom',
  titleX: 0,
  titleY: -10,
} as const

export function categoryScale(field: AnyField, paddingInner: number) {
  return { domain: [...valuesOf(field)], paddingInner, paddingOuter: paddingInner / 2 }
}

/**
 * @param filled whether marks are areas, as the legend shows
 * @param stacked whether the first stands at the foot of a stack, and so last in the legend
 */
export function colourOf(
  field: CategoryField | NumberField,
  colours: Colours,
  { filled = false, stacked = false }: { readonly filled?: boolean; readonly stacked?: boolean } = {},
) {
  const values = [...valuesOf(field)]
  const other = field.scale === 'category' ? field.other : undefined
  const range = values.map((value, index) =>
    value === other ? colours.other : (colours.series[index] ?? colours.other),
  )
  return {
    field: 'series',
    type: 'nominal',
    scale: { domain: values, range },
    legend: {
      title: field.title,
      values: stacked ? values.toReversed() : values,
      ...(filled && ({ symbolType: 'square' } as const)),
    },
  } as const
}

/** Rows with the place of their series. */
export function ranked({ rows, series }: ChartSpec): readonly DrawnRow[] {
  if (series?.scale !== 'category') return rows
  const ranks = new Map(series.values.map((value, index) => [value, index]))
  return rows.map((row) => ({ ...row, rank: ranks.get(String(row.series)) ?? 0 }))
}

export function valuesOf(field: AnyField): readonly string[] {
  return field.scale === 'category' ? field.values : []
}
