import type { Config } from 'vega-lite'
import { FONT_FAMILY } from './font.ts'
import type { Colours } from './theme.ts'

const SEMI_BOLD = 600
export const TITLE_SIZES = { title: 22, subtitle: 15 } as const
const SIZES = { axisTitle: 15, label: 14 } as const
/** Pixels before a label is cut with an ellipsis. */
const LABEL_LIMIT = { axis: 280, legend: 200 } as const

/** How every chart looks: quiet axes, no frame, text in one family. */
export function vegaConfig(colours: Colours): Config {
  return {
    background: colours.background,
    font: `${FONT_FAMILY}, system-ui, sans-serif`,
    // The text alternative is the whole chart's: a label on every mark would be read out one by one.
    aria: false,
    view: { stroke: null },
    title: {
      aria: false,
      anchor: 'start',
      frame: 'bounds',
      color: colours.text,
      fontSize: TITLE_SIZES.title,
      fontWeight: SEMI_BOLD,
      subtitleColor: colours.quiet,
      subtitleFontSize: TITLE_SIZES.subtitle,
      subtitleLineHeight: TITLE_SIZES.subtitle + 5,
      subtitlePadding: 8,
      offset: 16,
    },
    axis: {
      domainColor: colours.quiet,
      tickColor: colours.quiet,
      gridColor: colours.grid,
      labelColor: colours.quiet,
      labelFontSize: SIZES.label,
      labelLimit: LABEL_LIMIT.axis,
      labelPadding: 6,
      titleColor: colours.text,
      titleFontSize: SIZES.axisTitle,
      titleFontWeight: SEMI_BOLD,
      titlePadding: 12,
    },
    axisQuantitative: { domain: false, ticks: false, tickCount: 6 },
    legend: {
      labelColor: colours.text,
      labelFontSize: SIZES.label,
      labelLimit: LABEL_LIMIT.legend,
      titleColor: colours.text,
      titleFontSize: SIZES.axisTitle,
      titleFontWeight: SEMI_BOLD,
      titleLimit: LABEL_LIMIT.legend,
      titlePadding: 8,
      symbolSize: 160,
      symbolStrokeWidth: 3,
      rowPadding: 6,
      offset: 24,
      gradientLength: 220,
    },
    text: { color: colours.text, fontSize: SIZES.label },
  }
}
