import { AbilityError } from '../../../runtime/ability-error.ts'
import type { QueryLimits, QueryResult } from './engine.ts'

/** Counts the rows of one result against what it may have. */
export class RowCount {
  rows = 0
  /** Of the rows as JSON, with a comma behind each. */
  bytes = 0
  readonly #most: Pick<QueryLimits, 'rows' | 'bytes'>

  constructor(most: Pick<QueryLimits, 'rows' | 'bytes'>) {
    this.#most = most
  }

  /**
   * Counts the next row, as JSON.
   * @returns the limit that it is beyond, which ends the result before it; undefined where it belongs to the result
   * @throws AbilityError `too_much_data` where the first row alone is beyond: nothing could be given
   */
  add(row: string): QueryResult['cutBy'] {
    const { rows, bytes } = this.#most
    if (this.rows === rows) return 'rows'
    this.bytes += Buffer.byteLength(row) + 1
    if (this.bytes > bytes && this.rows === 0) throw rowTooLarge(bytes)
    if (this.bytes > bytes) return 'bytes'
    this.rows++
    return undefined
  }
}

/** @param bytes that a result may have */
export function rowTooLarge(bytes: number): AbilityError {
  return new AbilityError(
    'too_much_data',
    `A single row takes more than the ${bytes / 1_000_000} MB that a result may have.`,
    'Select fewer columns, or a part of the long values, as substr(text, 1, 1000) gives it.',
  )
}
