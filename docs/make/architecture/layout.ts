import type { Band, Card } from './diagram.ts'
import { cardHeight, rowCentre } from './measures.ts'

/** Where each card of a band begins, from the top of its columns; and how high the columns are. */
export interface Layout {
  /** The band, what uses a thing listed in the order of the functions. */
  readonly band: Band
  readonly top: ReadonlyMap<string, number>
  readonly height: number
}

interface Link {
  readonly from: string
  readonly to: string
}

const GAP = 14
/** A crossing is worse than this many units of length. */
const CROSSING = 250

/** Of all orders of a band's functions the one whose arrows cross least, and are shortest: there are few functions. */
export function layOut(given: Band): Layout {
  const { functions, entries } = given
  const height = Math.max(...[entries, functions, given.uses].map(stackHeight))
  let best: { layout: Layout; cost: number } | undefined
  for (const order of orders(functions)) {
    const rank = (row: string) => order.findIndex(({ id }) => row.endsWith(`<${id}`))
    const uses = given.uses.map((card) => ({ ...card, rows: card.rows.toSorted((a, b) => rank(a.id) - rank(b.id)) }))
    const band = { ...given, uses }
    const top = new Map<string, number>()
    const centre = (id: string) => centreOf(band, top, id)
    const wanted = (card: Card, links: readonly Link[]) => {
      const ends = links.flatMap(({ from, to }) => (owns(card, from) ? [to] : owns(card, to) ? [from] : []))
      const known = ends.filter((id) => top.has(ownerOf(band, id)))
      return known.length === 0 ? height / 2 : known.reduce((sum, id) => sum + centre(id), 0) / known.length
    }
    const spread = (height - stackHeight(order)) / (order.length + 1)
    let y = spread
    for (const card of order) {
      top.set(card.id, y)
      y += cardHeight(card) + GAP + spread
    }
    for (let pass = 0; pass < 3; pass++) {
      for (const column of [entries, uses]) {
        const centres = new Map(column.map((card) => [card, wanted(card, band.arrows)]))
        place(
          [...column].sort((a, b) => (centres.get(a) ?? 0) - (centres.get(b) ?? 0)),
          centres,
          height,
          top,
        )
      }
      place(order, new Map(order.map((card) => [card, wanted(card, band.arrows)])), height, top)
    }
    const cost = costOf(band, centre)
    if (best === undefined || cost < best.cost) best = { layout: { band, top, height }, cost }
  }
  return best?.layout ?? { band: given, top: new Map(), height }
}

/** Keeps the order, comes as near to the wanted centres as there is room. */
function place(cards: readonly Card[], centres: ReadonlyMap<Card, number>, height: number, top: Map<string, number>) {
  let lowest = height + GAP
  const limits = cards.toReversed().map((card) => {
    lowest -= cardHeight(card) + GAP
    return lowest
  })
  limits.reverse()
  let y = 0
  for (const [at, card] of cards.entries()) {
    const wanted = (centres.get(card) ?? 0) - cardHeight(card) / 2
    const found = Math.max(y, Math.min(wanted, limits[at] ?? 0))
    top.set(card.id, found)
    y = found + cardHeight(card) + GAP
  }
}

function costOf({ arrows }: Band, centre: (id: string) => number): number {
  const ends = arrows.map(({ kind, from, to }) => ({ side: kind === 'uses', from: centre(from), to: centre(to) }))
  let cost = 0
  for (const [at, one] of ends.entries()) {
    cost += Math.abs(one.from - one.to)
    for (const other of ends.slice(at + 1))
      if (one.side === other.side && (one.from - other.from) * (one.to - other.to) < 0) cost += CROSSING
  }
  return cost
}

function* orders<T>(items: readonly T[]): Generator<readonly T[]> {
  if (items.length <= 1) yield items
  for (const [at, first] of items.entries())
    if (items.length > 1) for (const rest of orders(items.toSpliced(at, 1))) yield [first, ...rest]
}

function stackHeight(cards: readonly Card[]): number {
  return cards.reduce((sum, card) => sum + cardHeight(card) + GAP, -GAP)
}

function owns(card: Card, id: string): boolean {
  return card.id === id || card.rows.some((row) => row.id === id)
}

function cardOf({ entries, functions, uses }: Band, id: string): Card {
  const found = [...entries, ...functions, ...uses].find((card) => owns(card, id))
  if (found === undefined) throw new Error(`an arrow leads to ${id}, which is not drawn`)
  return found
}

function ownerOf(band: Band, id: string): string {
  return cardOf(band, id).id
}

/** The height at which an arrow touches a card or one of its rows. */
export function centreOf(band: Band, top: ReadonlyMap<string, number>, id: string): number {
  const card = cardOf(band, id)
  return (top.get(card.id) ?? 0) + (card.id === id ? cardHeight(card) / 2 : rowCentre(card, id))
}
