import type { Arrow, Band, Card } from './diagram.ts'
import { centreOf, type Layout, layOut } from './layout.ts'
import { COLUMNS, cardHeight, HEADER, LINE, linesOf, PICTURE_WIDTH, rowHeight } from './measures.ts'
import { KIND_COLOUR, STYLE } from './style.ts'

const BAND_HEAD = 50
const STRIP = 44
const MARGIN = 14

/** The bands as one picture: an SVG that follows the reader's light or dark colours. */
export function draw(bands: readonly Band[], description: string): string {
  const parts: string[] = []
  let outputsHeight = 0
  let y = MARGIN
  for (const given of bands) {
    const layout = layOut(given)
    const { band } = layout
    const readsAt = band.reads.length > 0 ? STRIP : 0
    const outputsAt = band.outputs.length > 0 ? STRIP : 0
    const height = BAND_HEAD + readsAt + layout.height + outputsAt + MARGIN
    parts.push(rect(MARGIN, y, PICTURE_WIDTH - 2 * MARGIN, height, 'class="band" rx="10"'))
    parts.push(text(COLUMNS.entry.x, y + 31, band.title, 'heading'))
    parts.push(text(PICTURE_WIDTH - 26, y + 31, band.label, 'quiet', 'end'))
    if (readsAt > 0) {
      parts.push(link(outputsHeight, y + BAND_HEAD + 11))
      parts.push(chips(y + BAND_HEAD - 4, `reads of ${bands[0]?.title}`, band.reads))
    }
    const cardsAt = y + BAND_HEAD + readsAt
    parts.push(drawArrows(layout, cardsAt), drawCards(layout, cardsAt))
    if (outputsAt > 0) {
      if (band.reads.length === 0) outputsHeight = y + height - 29
      parts.push(chips(y + height - 44, 'outputs', band.outputs))
    }
    y += height + MARGIN
  }
  parts.push(legend(y + 6))
  const height = y + 36
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${PICTURE_WIDTH} ${height}" width="${PICTURE_WIDTH}" height="${height}" role="img" aria-labelledby="title description">
<title id="title">The stacks of a factory</title>
<desc id="description">${escaped(description)}</desc>
<style>
${STYLE}
</style>
<defs>
${head('head')}
${head('head-asks')}
</defs>
${rect(0, 0, PICTURE_WIDTH, height, 'class="back"')}
${parts.join('\n')}
</svg>
`
}

function drawCards({ band: { entries, functions, uses }, top }: Layout, y: number): string {
  const column = (cards: readonly Card[], { x, width }: { x: number; width: number }) =>
    cards.map((card) => drawCard(card, x, y + (top.get(card.id) ?? 0), width))
  return [
    ...column(entries, COLUMNS.entry),
    ...column(functions, COLUMNS.function),
    ...column(uses, COLUMNS.uses),
  ].join('\n')
}

function drawCard(card: Card, x: number, y: number, width: number): string {
  const colour = KIND_COLOUR[card.kind]
  const shape = `class="card${card.foreign ? ' foreign' : ''}" style="stroke: ${colour}" rx="6"`
  const parts = [
    rect(x, y, width, cardHeight(card), shape),
    `<text class="label" style="fill: ${colour}" x="${x + 12}" y="${round(y + 17)}">${escaped(card.label)}</text>`,
    text(x + 12, y + 34, card.title, 'title'),
  ]
  let at = y + HEADER
  for (const row of card.rows) {
    const { beside, below } = linesOf(row, card.kind)
    const note = beside === undefined ? '' : `<tspan class="quiet" dx="7">${escaped(beside)}</tspan>`
    parts.push(`<text x="${x + 12}" y="${round(at + 13)}">${escaped(row.text)}${note}</text>`)
    for (const [line, words] of below.entries()) parts.push(text(x + 24, at + 13 + (line + 1) * LINE, words, 'quiet'))
    at += rowHeight(row, card.kind)
  }
  return parts.join('\n')
}

function drawArrows({ band, top }: Layout, y: number): string {
  const centre = (id: string) => y + centreOf(band, top, id)
  return band.arrows
    .map((arrow) => {
      const [left, right] = arrow.kind === 'uses' ? [COLUMNS.function, COLUMNS.uses] : [COLUMNS.entry, COLUMNS.function]
      const x1 = left.x + left.width
      const y1 = arrow.kind === 'uses' ? spread(band, arrow, 'from', centre) : centre(arrow.from)
      const y2 = arrow.kind === 'uses' ? centre(arrow.to) : spread(band, arrow, 'to', centre)
      const bend = (right.x - x1) / 2
      const [line, end] = arrow.kind === 'asks' ? ['arrow asks', 'head-asks'] : ['arrow', 'head']
      return `<path class="${line}" marker-end="url(#${end})" d="M${x1} ${round(y1)}C${x1 + bend} ${round(y1)} ${right.x - bend} ${round(y2)} ${right.x - 2} ${round(y2)}"/>`
    })
    .join('\n')
}

/** Arrows of one side of a function touch it one below the other, in the order of their other ends. */
function spread(band: Band, arrow: Arrow, end: 'from' | 'to', centre: (id: string) => number): number {
  const other = end === 'from' ? 'to' : 'from'
  const beside = band.arrows
    .filter((found) => found[end] === arrow[end] && (found.kind === 'uses') === (arrow.kind === 'uses'))
    .sort((a, b) => centre(a[other]) - centre(b[other]))
  return centre(arrow[end]) + (beside.indexOf(arrow) - (beside.length - 1) / 2) * 10
}

/** From the outputs of the first stack, along the edge of the picture, to where another one reads them. */
function link(from: number, to: number): string {
  return `<path class="arrow" marker-end="url(#head)" d="M24 ${round(from)}H6V${round(to)}H24"/>`
}

function chips(y: number, label: string, names: readonly string[]): string {
  let x = COLUMNS.entry.x
  const parts = [text(x, y + 20, label, 'quiet')]
  x += label.length * 6.7 + 12
  for (const name of names) {
    const width = name.length * 7.3 + 18
    parts.push(rect(x, y + 2, width, 26, 'class="chip" rx="13"'), text(x + width / 2, y + 20, name, '', 'middle'))
    x += width + 8
  }
  return parts.join('\n')
}

function legend(y: number): string {
  const arrow = (x: number, kind: 'asks' | 'calls', words: string) => {
    const [line, end] = kind === 'asks' ? ['arrow asks', 'head-asks'] : ['arrow', 'head']
    return `<path class="${line}" marker-end="url(#${end})" d="M${x} ${y + 8}h32"/>${text(x + 42, y + 13, words, 'quiet')}`
  }
  return [
    arrow(28, 'calls', 'calls, or uses what its role allows'),
    arrow(300, 'asks', 'asks the gate first'),
    rect(478, y - 1, 28, 18, 'class="card foreign" style="stroke: var(--quiet)" rx="4"'),
    text(516, y + 13, 'another stack’s, or stored before the deployment', 'quiet'),
  ].join('\n')
}

function head(id: string): string {
  return `<marker id="${id}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path class="${id}" d="M0 0L8 4L0 8z"/></marker>`
}

function rect(x: number, y: number, width: number, height: number, attributes: string): string {
  return `<rect x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}" ${attributes}/>`
}

function text(x: number, y: number, words: string, style: string, anchor?: string): string {
  const end = anchor === undefined ? '' : ` text-anchor="${anchor}"`
  return `<text${style ? ` class="${style}"` : ''} x="${round(x)}" y="${round(y)}"${end}>${escaped(words)}</text>`
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}

function escaped(words: string): string {
  return words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
