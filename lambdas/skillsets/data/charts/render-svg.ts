import { type Loader, None, parse, textMetrics, View } from 'vega'
import { compile, type TopLevelSpec } from 'vega-lite'
import { fonts } from './font.ts'

declare module 'vega' {
  /** Exported, but not in Vega's types. */
  export const textMetrics: { width: (item: TextItem, text: string) => number }
}

interface TextItem {
  readonly fontSize?: number
  readonly fontWeight?: string | number
}

const SEMI_BOLD = 600
/** XML 1.0 §2.2: in no document, escaped or not. Names and notes come from wherever a query has them from. */
const NO_XML_CHARACTER = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu

/**
 * A chart as SVG text. Labels are measured by the bundled font, which a picture of it is drawn with.
 * @throws Error where the specification would load anything
 */
export async function renderSvg(spec: TopLevelSpec): Promise<string> {
  // Without a canvas Vega guesses widths, by 0.8 em a character: labels would be cut that have room.
  textMetrics.width = measure
  const asked: string[] = []
  const view = new View(parse(compile(spec).spec), { loader: refusing(asked), renderer: 'none', logLevel: None })
  try {
    const svg = await view.toSVG()
    // Vega itself goes on without what it could not load.
    if (asked.length > 0) throw new Error('a chart loads nothing')
    return svg.replace(NO_XML_CHARACTER, '\u{fffd}')
  } finally {
    view.finalize()
  }
}

function measure(item: TextItem, text: string): number {
  const { regular, semiBold } = fonts()
  const font = Number(item.fontWeight) >= SEMI_BOLD || item.fontWeight === 'bold' ? semiBold : regular
  return font.width(String(text), item.fontSize ?? 11)
}

/** A specification holds its data: whatever asks for more gets nothing. @param asked gets what was asked for */
function refusing(asked: string[]): Loader {
  const nothing = async (uri: string) => {
    asked.push(uri)
    return ''
  }
  return { load: nothing, http: nothing, file: nothing, sanitize: async (uri) => ({ href: await nothing(uri) }) }
}
