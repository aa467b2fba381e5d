import type { TopLevelSpec } from 'vega-lite'
import type { ChartSpec } from './chart-spec.ts'
import { fonts } from './font.ts'
import { MARKS } from './marks.ts'
import { COLOURS, type Theme } from './theme.ts'
import { TITLE_SIZES, vegaConfig } from './vega-config.ts'
import { wrapText } from './wrap-text.ts'

/** Of the whole chart, in CSS pixels. */
export const SIZE = { width: 960, height: 540, padding: 24 } as const
const MOST_LINES = 2

/**
 * A chart as Vega-Lite. Names and values of people stand in it as data and titles alone: columns are called x, y and
 * series, the order of categories is a scale's domain, and the only expressions are our own.
 */
export function vegaLiteSpec(chart: ChartSpec, theme: Theme): TopLevelSpec {
  const colours = COLOURS[theme]
  const { rows, encoding, layer } = MARKS[chart.kind](chart, colours)
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    description: chart.description,
    width: SIZE.width,
    height: SIZE.height,
    padding: SIZE.padding,
    autosize: { type: 'fit', contains: 'padding' },
    ...titles(chart),
    data: { values: rows.map((row) => ({ ...row })) },
    ...(encoding && { encoding }),
    layer,
    config: vegaConfig(colours),
  }
}

const WIDTH = SIZE.width - 2 * SIZE.padding

function titles({ title, notes }: ChartSpec) {
  if (title === undefined && notes.length === 0) return {}
  const { regular, semiBold } = fonts()
  const lines = { width: WIDTH, most: MOST_LINES }
  return {
    title: {
      text: wrapText(title ?? '', { font: semiBold, size: TITLE_SIZES.title, ...lines }),
      ...(notes.length > 0 && {
        subtitle: wrapText(notes.join(' '), { font: regular, size: TITLE_SIZES.subtitle, ...lines }),
      }),
    },
  }
}
