import type { NumberFormat } from './number-format.ts'

export const CHART_KINDS = ['bar', 'line', 'area', 'scatter', 'pie', 'histogram', 'heatmap'] as const
export type ChartKind = (typeof CHART_KINDS)[number]

/** What somebody asks of a chart; what is absent is chosen from the columns. `x`, `y` and `series` are column names. */
export interface WantedChart {
  readonly kind?: ChartKind | undefined
  readonly x?: string | undefined
  /** Of a heatmap: the column of its rows. */
  readonly y?: string | undefined
  /** What gives lines, areas, bars and points their colour; of a heatmap the number that does. */
  readonly series?: string | undefined
  readonly title?: string | undefined
}

export interface TimeField {
  readonly scale: 'time'
  readonly title: string
}

export interface CategoryField {
  readonly scale: 'category'
  readonly title: string
  /** In the order in which they are shown. */
  readonly values: readonly string[]
  /** That one of them which stands for several. */
  readonly other?: string
}

export interface NumberField {
  readonly scale: 'number'
  /** With its unit: `Revenue (EUR)`. */
  readonly title: string
  readonly format: NumberFormat
  /** Of a line whose values lie far from zero: the axis begins where they do. */
  readonly cropped?: true
}

export interface ChartRow {
  /** Milliseconds since the epoch, a category, or a number. */
  readonly x: string | number
  /** null: nothing is known there, and a line has a gap. */
  readonly y: string | number | null
  readonly series?: string | number
  /** Of a histogram: where the bar that begins at x ends. */
  readonly end?: number
}

/** A chart that can be made: what is drawn, of which values, and what was left out. */
export interface ChartSpec {
  readonly kind: ChartKind
  readonly title?: string
  readonly x: TimeField | CategoryField | NumberField
  readonly y: CategoryField | NumberField
  readonly series?: CategoryField | NumberField
  /** Bars that lie, because there are many or their labels are long. */
  readonly horizontal?: boolean
  readonly rows: readonly ChartRow[]
  /** What was put together or left out, one sentence each; shown below the title. */
  readonly notes: readonly string[]
  /** The text alternative: kind, axes, extremes. */
  readonly description: string
}

/** Before its text alternative is written. */
export type Undescribed = Omit<ChartSpec, 'description'>
