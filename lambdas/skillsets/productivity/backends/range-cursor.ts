import { createHash } from 'node:crypto'
import { AbilityError } from '../../../runtime/ability-error.ts'

const POINTER = /^START#\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z#[0-9a-f-]{32,36}$/

/**
 * Where the next page of a range begins. It names no person: the partition always follows from the caller, so a
 * foreign or forged cursor can only skip within one's own calendar.
 * @param key the sort key of the last event shown
 */
export function sealCursor(key: string, range: string): string {
  return Buffer.from(`${digest(range)}.${key}`).toString('base64url')
}

/**
 * The sort key in a cursor.
 * @throws AbilityError `invalid_cursor` for anything that {@link sealCursor} did not make for this range
 */
export function openCursor(cursor: string, range: string): string {
  const text = Buffer.from(cursor, 'base64url').toString()
  const dot = text.indexOf('.')
  const key = text.slice(dot + 1)
  if (text.slice(0, dot) === digest(range) && POINTER.test(key)) return key
  throw new AbilityError(
    'invalid_cursor',
    'The cursor does not belong to this range.',
    'Pass nextCursor of the page before, unchanged, with the same from and to; or omit it to begin again.',
  )
}

function digest(range: string): string {
  return createHash('sha256').update(range).digest('base64url').slice(0, 16)
}
