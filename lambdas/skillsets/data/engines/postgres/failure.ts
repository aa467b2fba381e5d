import { AbilityError } from '../../../../runtime/ability-error.ts'
import { CORRECT_IT, LESS_MEMORY, LESS_TIME } from '../hints.ts'

/** What PostgreSQL says of an error; `detail` and `where` can quote rows and are shown to nobody. */
export interface ServerError extends Error {
  /** SQLSTATE, five characters. */
  readonly code: string
  readonly hint?: string
}

/** An error that the server sent; others come from the connection. */
export function isServerError(error: unknown): error is ServerError {
  return error instanceof Error && 'code' in error && /^[0-9A-Z]{5}$/.test(String(error.code)) && 'severity' in error
}

/** What the caller is told of a failure while a query ran (PostgreSQL's appendix A has the codes). */
export function asAbilityError(error: unknown): AbilityError {
  if (error instanceof AbilityError) return error
  if (!isServerError(error)) return unavailable(error)
  const { code, message, hint } = error
  const cause = { cause: error }
  if (code === '57014')
    return new AbilityError('query_timeout', 'The query took longer than is allowed.', LESS_TIME, cause)
  if (code === '53200')
    return new AbilityError('out_of_memory', 'The query needs more memory than the database has.', LESS_MEMORY, cause)
  if (code === '53100' || code === '53400')
    return new AbilityError(
      'too_much_data',
      'The query needs more temporary space than is allowed.',
      LESS_MEMORY,
      cause,
    )
  // 25: a read-only transaction; 42501: a right that the role lacks. Their words may name what is not for the caller.
  if (code === '42501' || code.startsWith('25'))
    return new AbilityError(
      'query_refused',
      'The query was refused: it does more than read data sets.',
      'Read the data sets of list_datasets alone.',
      cause,
    )
  if (/^(08|28|3D|53|57)/.test(code)) return unavailable(error)
  if (/^(XX|58)/.test(code))
    return new AbilityError('query_failed', 'The database failed at the query.', 'Write it differently.', cause)
  return new AbilityError('query_failed', `${message}.`, hint ?? CORRECT_IT, cause)
}

export function unavailable(cause: unknown): AbilityError {
  return new AbilityError('engine_unavailable', 'The database does not answer.', 'Try again in a minute.', { cause })
}
