import type { Card, CardKind, Row } from './diagram.ts'

/** Units of the picture; at the width of a README one is a little less than a pixel. */
export const PICTURE_WIDTH = 960
export const COLUMNS = { entry: { x: 28, width: 330 }, function: { x: 400, width: 224 }, uses: { x: 664, width: 272 } }
export const HEADER = 43
export const LINE = 17
const PADDING = 9
const ROW_GAP = 3
/** Wide enough for the fonts of every system. */
const CHARACTER = 7.1

const WIDTHS: Readonly<Record<CardKind, number>> = {
  entry: COLUMNS.entry.width,
  function: COLUMNS.function.width,
  data: COLUMNS.uses.width,
  secret: COLUMNS.uses.width,
  identity: COLUMNS.uses.width,
}

/** A row's lines: its note stands beside it where there is room, else below. */
export function linesOf(row: Row, kind: CardKind): { readonly beside?: string; readonly below: readonly string[] } {
  const room = Math.floor((WIDTHS[kind] - 24) / CHARACTER)
  if (row.note === undefined) return { below: [] }
  if (row.text.length + row.note.length + 2 <= room) return { beside: row.note, below: [] }
  const lines: string[] = []
  for (const word of row.note.split(' ')) {
    const last = lines.at(-1)
    if (last === undefined || last.length + word.length + 1 > room - 2) lines.push(word)
    else lines[lines.length - 1] = `${last} ${word}`
  }
  return { below: lines }
}

export function rowHeight(row: Row, kind: CardKind): number {
  return (1 + linesOf(row, kind).below.length) * LINE + ROW_GAP
}

export function cardHeight({ kind, rows }: Card): number {
  return HEADER + rows.reduce((sum, row) => sum + rowHeight(row, kind), 0) + (rows.length > 0 ? PADDING : 0)
}

/** The middle of a row's first line, from the top of its card. */
export function rowCentre({ kind, rows }: Card, id: string): number {
  const at = rows.findIndex((row) => row.id === id)
  return HEADER + rows.slice(0, at).reduce((sum, row) => sum + rowHeight(row, kind), 0) + LINE / 2
}
