import type { Column } from '../table.ts'

/** `compact`: 1.2M; `percent`: of parts of one, 0.25 is 25%; `plain`: as it is. */
export type NumberFormat = 'plain' | 'compact' | 'percent'

const COMPACT_FROM = 10_000
const PART_OF_ONE = /(^|_)(share|rate|ratio|percent|percentage|pct)$/

/** How numbers of a column are written on axes and labels. */
export function numberFormat(column: Column, numbers: readonly number[]): NumberFormat {
  const greatest = numbers.reduce((most, number) => Math.max(most, Math.abs(number)), 0)
  if (column.unit === undefined && PART_OF_ONE.test(column.name.toLowerCase()) && greatest <= 1) return 'percent'
  return greatest >= COMPACT_FROM ? 'compact' : 'plain'
}

const FORMATS = {
  plain: new Intl.NumberFormat('en', { maximumSignificantDigits: 4 }),
  compact: new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 3 }),
  percent: new Intl.NumberFormat('en', { style: 'percent', maximumFractionDigits: 1 }),
} as const satisfies Record<NumberFormat, Intl.NumberFormat>

/** Beyond these a number written out is longer than there is room for. */
const WRITTEN_OUT = { from: 1e-6, below: 1e15 }

/** A value as a label says it, rounded. */
export function formatNumber(value: number, format: NumberFormat): string {
  const size = Math.abs(value)
  const isShort = size === 0 || (size >= WRITTEN_OUT.from && size < WRITTEN_OUT.below)
  return (isShort ? FORMATS[format].format(value) : value.toExponential(3)).replace('-', '−')
}

/** The same for ticks of an axis, as an expression of Vega; d3 says k and G where people say K and B. */
export const TICK_LABELS = {
  plain: orExponent("format(datum.value, ',.6~r')"),
  compact: orExponent("replace(replace(format(datum.value, '~s'), 'k', 'K'), 'G', 'B')"),
  percent: orExponent("format(datum.value, '.6~%')"),
} as const satisfies Record<NumberFormat, string>

function orExponent(written: string): string {
  const { from, below } = WRITTEN_OUT
  return `datum.value == 0 || inrange(abs(datum.value), [${from}, ${below}]) ? ${written} : format(datum.value, '.3~e')`
}

/** Whether adding values up means anything: prices, means and percentages have no sum. */
export function isAdditive({ name, unit }: Column): boolean {
  return (
    unit !== '%' &&
    !/(^|_)(avg|average|mean|median|min|max|price|share|rate|ratio|percent|percentage|pct)(_|$)/.test(
      name.toLowerCase(),
    )
  )
}
