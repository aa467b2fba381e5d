import type { ChartRow, Undescribed } from './chart-spec.ts'
import { formatNumber } from './number-format.ts'
import { timeLabels } from './time-labels.ts'

const KINDS = {
  bar: 'Bar chart',
  line: 'Line chart',
  area: 'Area chart',
  scatter: 'Scatter plot',
  pie: 'Pie chart',
  histogram: 'Histogram',
  heatmap: 'Heatmap',
} as const

/** The text alternative of a chart: what it is of, and where its extremes lie. */
export function describeChart(chart: Undescribed): string {
  const { kind, title, x, y, series, rows, notes } = chart
  const times = x.scale === 'time' ? timeLabels(rows.map((row) => new Date(row.x).toISOString())) : undefined
  const what = `${KINDS[kind]}${title === undefined ? '' : ` “${title}”`}`
  return [`${what}: ${subject()}.`, ...extremes(), ...notes].join(' ')

  function subject(): string {
    if (kind === 'histogram') return `how many rows have which ${x.title}`
    if (kind === 'heatmap') return `${series?.title} by ${x.title} and ${y.title}`
    return `${y.title} by ${x.title}${series === undefined ? '' : `, for each ${series.title}`}`
  }

  function extremes(): string[] {
    const measure = kind === 'heatmap' ? series : y
    if (measure?.scale !== 'number') return []
    const measured = (row: ChartRow) => (kind === 'heatmap' ? row.series : row.y)
    const known = rows.filter((row) => typeof measured(row) === 'number')
    const sorted = known.toSorted((a, b) => Number(measured(a)) - Number(measured(b)))
    const [least] = sorted
    const greatest = sorted.at(-1)
    if (least === undefined || greatest === undefined) return []
    const say = (row: ChartRow) => `${formatNumber(Number(measured(row)), measure.format)} (${placeOf(row)})`
    return [`Highest: ${say(greatest)}; lowest: ${say(least)}.`]
  }

  function placeOf(row: ChartRow): string {
    const at =
      times?.labels[rows.indexOf(row)] ?? (x.scale === 'number' ? formatNumber(Number(row.x), x.format) : row.x)
    const further = kind === 'heatmap' ? row.y : row.series
    const to = row.end === undefined || x.scale !== 'number' ? '' : ` to ${formatNumber(row.end, x.format)}`
    return `${at}${to}${further === undefined ? '' : `, ${further}`}`
  }
}
