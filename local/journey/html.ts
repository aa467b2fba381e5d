/** An element of a page, as far as somebody who fills in forms needs it. */
export interface Element {
  readonly tag: string
  readonly attributes: Readonly<Record<string, string>>
  /** The text inside, white space collapsed. */
  readonly text: string
  /** The form around it, by its place among the page's forms. */
  readonly form: number | undefined
}

const TAG = /<(\/?)([a-z][a-z0-9]*)((?:\s+[^\s=>"'/]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'>]+))?)*)\s*\/?>/gi
const ATTRIBUTE = /([^\s=>"'/]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?/g
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' }

/**
 * Lists a page's elements in order. For well-formed pages without script, which the factory's are; not a parser for the
 * web at large.
 */
export function elementsOf(html: string): Element[] {
  const source = html.replace(/<!--[\s\S]*?-->/g, '').replace(/<(style|script)\b[\s\S]*?<\/\1>/gi, '')
  const elements: Element[] = []
  let forms = 0
  let form: number | undefined
  for (const match of source.matchAll(TAG)) {
    const [whole, closing, name = '', attributes = ''] = match
    const tag = name.toLowerCase()
    if (closing) {
      if (tag === 'form') form = undefined
      continue
    }
    if (tag === 'form') form = forms++
    const start = match.index + whole.length
    const end = source.toLowerCase().indexOf(`</${tag}>`, start)
    elements.push({
      tag,
      attributes: attributesOf(attributes),
      text: end === -1 ? '' : textOf(source.slice(start, end)),
      form,
    })
  }
  return elements
}

/** The text of a piece of HTML, white space collapsed. */
export function textOf(html: string): string {
  return decodeEntities(html.replace(/<(style|script)\b[\s\S]*?<\/\1>/gi, '').replace(/<[^>]*>/g, ' '))
    .replace(/\s+/g, ' ')
    .trim()
}

function attributesOf(source: string): Record<string, string> {
  return Object.fromEntries(
    [...source.matchAll(ATTRIBUTE)].map(([, name = '', double, single, bare]) => [
      name.toLowerCase(),
      decodeEntities(double ?? single ?? bare ?? ''),
    ]),
  )
}

function decodeEntities(value: string): string {
  return value.replace(
    /&(?:#x([0-9a-f]+)|#(\d+)|([a-z]+));/gi,
    (whole, hex?: string, decimal?: string, name?: string) => {
      if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16))
      if (decimal !== undefined) return String.fromCodePoint(Number(decimal))
      return ENTITIES[name?.toLowerCase() ?? ''] ?? whole
    },
  )
}
