import { categoryAxis, categoryScale, colourOf, numberAxis, ranked } from './channels.ts'
import type { ChartSpec } from './chart-spec.ts'
import type { Marks } from './marks.ts'
import { formatNumber } from './number-format.ts'
import type { Colours } from './theme.ts'

/** So many bars have room for their values. */
const MOST_LABELLED = 16
/** Beyond the ends of the bars, for these, as part of the axis. */
const LABEL_ROOM = 0.08

/** Bars from zero; those of one series say their values. */
export function barMarks(chart: ChartSpec, colours: Colours): Marks {
  const { x, y, series, horizontal = false } = chart
  const isLabelled = series === undefined && chart.rows.length <= MOST_LABELLED
  const category = {
    field: 'x',
    type: 'nominal',
    scale: categoryScale(x, 0.25),
    axis: categoryAxis(x, !horizontal),
  } as const
  const number = {
    field: 'y',
    type: 'quantitative',
    stack: series ? 'zero' : null,
    // Beside values a grid would only cross them.
    axis: { ...numberAxis(y, horizontal), grid: !isLabelled },
    ...(isLabelled && { scale: { domain: domainOf(chart), nice: false } }),
  } as const
  const bars = {
    mark: { type: 'bar', ...(series ? {} : { color: colours.series[0] }) },
    encoding: series
      ? ({
          color: colourOf(series, colours, { filled: true, stacked: !horizontal }),
          order: { field: 'rank', type: 'quantitative' },
        } as const)
      : {},
  } as const
  return {
    rows: ranked(chart).map((row) => ({
      ...row,
      label: formatNumber(Number(row.y), 'format' in y ? y.format : 'plain'),
    })),
    encoding: horizontal ? { x: number, y: category } : { x: category, y: number },
    layer: isLabelled ? [bars, valueLabels(horizontal)] : [bars],
  }
}

function domainOf({ rows }: ChartSpec): [number, number] {
  const values = rows.map((row) => Number(row.y))
  const least = Math.min(0, ...values)
  const greatest = Math.max(0, ...values)
  const room = (greatest - least || 1) * LABEL_ROOM
  return [least < 0 ? least - room : 0, greatest > 0 || least === 0 ? greatest + room : 0]
}

function valueLabels(horizontal: boolean) {
  const isNegative = 'datum.y < 0'
  const place = horizontal
    ? ({
        align: { expr: `${isNegative} ? 'right' : 'left'` },
        baseline: 'middle',
        dx: { expr: `${isNegative} ? -6 : 6` },
      } as const)
    : ({
        align: 'center',
        baseline: { expr: `${isNegative} ? 'top' : 'bottom'` },
        dy: { expr: `${isNegative} ? 6 : -6` },
      } as const)
  return { mark: { type: 'text', ...place }, encoding: { text: { field: 'label', type: 'nominal' } } } as const
}
