import type { LayerSpec } from 'vega-lite/types_unstable/spec/index.js'
import { barMarks } from './bar-marks.ts'
import {
  type AnyField,
  categoryAxis,
  categoryScale,
  colourOf,
  type DrawnRow,
  numberAxis,
  ranked,
  timeAxis,
} from './channels.ts'
import type { ChartKind, ChartSpec } from './chart-spec.ts'
import { formatNumber, TICK_LABELS } from './number-format.ts'
import type { Colours } from './theme.ts'

/** The layers of one chart, over the rows that they draw. */
export interface Marks extends Pick<LayerSpec<string>, 'layer' | 'encoding'> {
  readonly rows: readonly DrawnRow[]
}

/** More points than these are a line by themselves. */
const MOST_POINTS_ON_LINES = 80

export const MARKS: Readonly<Record<ChartKind, (chart: ChartSpec, colours: Colours) => Marks>> = {
  bar: barMarks,
  line: lineMarks,
  area: areaMarks,
  scatter: scatterMarks,
  pie: pieMarks,
  histogram: histogramMarks,
  heatmap: heatmapMarks,
}

/** null is a gap. */
function lineMarks(chart: ChartSpec, colours: Colours): Marks {
  const { x, y, series, rows } = chart
  return {
    rows,
    encoding: {
      x: alongX(x),
      y: { field: 'y', type: 'quantitative', axis: numberAxis(y, false), scale: { zero: !('cropped' in y) } },
      ...(series && { color: colourOf(series, colours) }),
    },
    layer: [
      {
        mark: {
          type: 'line',
          strokeWidth: 2.5,
          strokeJoin: 'round',
          invalid: 'break-paths-show-path-domains',
          ...(series === undefined && { color: colours.series[0] }),
          point: rows.length <= MOST_POINTS_ON_LINES && {
            filled: true,
            size: 45,
            ...(series === undefined && { color: colours.series[0] }),
          },
        },
      },
    ],
  }
}

function areaMarks(chart: ChartSpec, colours: Colours): Marks {
  const { x, y, series } = chart
  return {
    rows: ranked(chart),
    encoding: {
      x: alongX(x),
      y: { field: 'y', type: 'quantitative', axis: numberAxis(y, false), stack: 'zero' },
      ...(series && {
        color: colourOf(series, colours, { filled: true, stacked: true }),
        order: { field: 'rank', type: 'quantitative' },
      }),
    },
    layer: [
      {
        mark: {
          type: 'area',
          opacity: 1,
          // A thin gap keeps areas apart for whoever does not see their colours.
          ...(series ? { stroke: colours.background, strokeWidth: 1.5 } : { color: colours.series[0] }),
        },
      },
    ],
  }
}

function scatterMarks({ x, y, series, rows }: ChartSpec, colours: Colours): Marks {
  return {
    rows,
    encoding: {
      x: { field: 'x', type: 'quantitative', axis: numberAxis(x, true), scale: { zero: false } },
      y: { field: 'y', type: 'quantitative', axis: numberAxis(y, false), scale: { zero: false } },
      ...(series && { color: colourOf(series, colours) }),
    },
    layer: [
      {
        mark: { type: 'circle', size: 60, opacity: 0.7, ...(series === undefined && { color: colours.series[0] }) },
      },
    ],
  }
}

/** The legend says the parts, so that no label has to fit a slice. */
function pieMarks({ x, y, rows }: ChartSpec, colours: Colours): Marks {
  const total = rows.reduce((sum, row) => sum + Number(row.y), 0)
  const byCategory = new Map(rows.map((row) => [String(row.x), Number(row.y)]))
  const values = x.scale === 'category' ? x.values : []
  const say = (value: string) => `${value}: ${formatNumber((byCategory.get(value) ?? 0) / total, 'percent')}`
  const other = x.scale === 'category' && x.other !== undefined ? { other: say(x.other) } : {}
  const parts = {
    scale: 'category',
    title: `${x.title}, part of ${y.title}`,
    values: values.map(say),
    ...other,
  } as const
  return {
    rows: rows.map((row) => ({ ...row, series: say(String(row.x)), rank: values.indexOf(String(row.x)) })),
    encoding: {
      theta: { field: 'y', type: 'quantitative', stack: true },
      order: { field: 'rank', type: 'quantitative' },
      color: colourOf(parts, colours, { filled: true }),
    },
    layer: [{ mark: { type: 'arc', stroke: colours.background, strokeWidth: 2 } }],
  }
}

function histogramMarks({ x, y, rows }: ChartSpec, colours: Colours): Marks {
  return {
    rows,
    encoding: {
      x: {
        field: 'x',
        type: 'quantitative',
        bin: 'binned',
        axis: { ...numberAxis(x, true), grid: false, tickCount: 10 },
      },
      x2: { field: 'end' },
      y: { field: 'y', type: 'quantitative', axis: numberAxis(y, false) },
    },
    layer: [{ mark: { type: 'bar', color: colours.series[0], binSpacing: 2 } }],
  }
}

/** A pair without a row stays empty. */
function heatmapMarks({ x, y, series, rows }: ChartSpec, colours: Colours): Marks {
  return {
    rows,
    encoding: {
      x: { field: 'x', type: 'nominal', scale: categoryScale(x, 0), axis: { ...categoryAxis(x, true), domain: false } },
      y: {
        field: 'y',
        type: 'nominal',
        scale: categoryScale(y, 0),
        axis: { ...categoryAxis(y, false), domain: false },
      },
      color: {
        field: 'series',
        type: 'quantitative',
        scale: { range: [...colours.ramp], zero: false },
        legend: {
          title: series?.title ?? null,
          labelExpr: TICK_LABELS[series?.scale === 'number' ? series.format : 'plain'],
        },
      },
    },
    layer: [{ mark: { type: 'rect', stroke: colours.background, strokeWidth: 1.5 } }],
  }
}

function alongX(x: AnyField) {
  return x.scale === 'time'
    ? ({ field: 'x', type: 'temporal', scale: { type: 'utc' }, axis: timeAxis(x) } as const)
    : ({
        field: 'x',
        type: 'nominal',
        scale: { domain: x.scale === 'category' ? [...x.values] : [] },
        axis: categoryAxis(x, true),
      } as const)
}
