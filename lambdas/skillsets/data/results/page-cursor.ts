import { AbilityError } from '../../../runtime/ability-error.ts'

/** A place in a kept result. */
export interface PagePosition {
  /** The result's random id. */
  readonly id: string
  /** Rows before it. */
  readonly offset: number
}

const TEXT = /^([A-Za-z0-9_-]{22})\.(\d{1,7})$/

/** Names no person: where the result lies follows from the caller, so a foreign cursor finds nothing. */
export function cursorOf({ id, offset }: PagePosition): string {
  return Buffer.from(`${id}.${offset}`).toString('base64url')
}

/** @throws AbilityError `invalid_cursor` for anything that {@link cursorOf} did not make */
export function positionOf(cursor: string): PagePosition {
  const [, id, offset] = TEXT.exec(Buffer.from(cursor, 'base64url').toString()) ?? []
  if (id === undefined || offset === undefined) throw unknownCursor()
  return { id, offset: Number(offset) }
}

export function unknownCursor(): AbilityError {
  return new AbilityError(
    'invalid_cursor',
    'There is no result of yours at this cursor; results are kept for a day.',
    'Pass nextCursor of the page before, unchanged; or run the query again.',
  )
}
