import type { ChartSpec } from './chart-spec.ts'
import { renderSvg } from './render-svg.ts'
import { vegaLiteSpec } from './vega-lite-spec.ts'

/** A chart as SVG for light and dark surroundings, with its text alternative. */
export interface DrawnChart {
  readonly description: string
  readonly light: string
  readonly dark: string
}

/** Vega is loaded with the first chart. */
export async function drawChart(chart: ChartSpec): Promise<DrawnChart> {
  return {
    description: chart.description,
    light: await renderSvg(vegaLiteSpec(chart, 'light')),
    dark: await renderSvg(vegaLiteSpec(chart, 'dark')),
  }
}
