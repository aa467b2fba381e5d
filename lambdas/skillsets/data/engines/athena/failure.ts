import type { AthenaError, QueryExecutionStatus } from '@aws-sdk/client-athena'
import { AbilityError } from '../../../../runtime/ability-error.ts'
import { CORRECT_IT, LESS_MEMORY, LESS_TIME } from '../hints.ts'
import { refused } from '../refused.ts'

/** How Athena's words become a person's. */
export interface Wording {
  /** The tenant's own, which SQL need not name. */
  readonly database: string
  /** What is nobody's business: other tenants' databases, the bucket, the account. */
  readonly hidden: readonly string[]
  /** Lines that stood before the person's. */
  readonly linesBefore?: number
}

/**
 * Why a statement did not succeed, from its last status.
 * @param scanMegabytes that one statement may scan
 */
export function failureOf(
  { State, StateChangeReason = '', AthenaError }: QueryExecutionStatus,
  scanMegabytes: number,
  wording: Wording,
): AbilityError {
  const words = AthenaError?.ErrorMessage ?? StateChangeReason
  const options = { cause: new Error(`${State}: ${StateChangeReason}`) }
  if (/bytes scanned limit/i.test(StateChangeReason))
    return new AbilityError(
      'too_much_data',
      `The query was stopped: it would read more than ${scanMegabytes} MB, the most that one query may read.`,
      'Name only the columns that you need, filter by a column that the files are split by, or ask for a shorter time.',
      options,
    )
  if (State === 'CANCELLED')
    return new AbilityError('query_failed', 'The query was cancelled in Athena.', 'Send it again.', options)
  if (isForbidden(words))
    return refused(
      'Athena was not allowed to read something that it names',
      'Read the data sets of list_datasets alone. If it does, an administrator finds the reason in the log.',
      options,
    )
  if (isExhausted(AthenaError))
    return new AbilityError(
      'out_of_memory',
      'The query needs more memory than Athena has for one.',
      `${LESS_MEMORY} approx_distinct(…) takes less than COUNT(DISTINCT …).`,
      options,
    )
  if (AthenaError?.ErrorType === 206 || AthenaError?.ErrorType === 210)
    return new AbilityError('query_timeout', 'The query took longer than Athena lets one run.', LESS_TIME, options)
  // The categories and types of https://docs.aws.amazon.com/athena/latest/ug/error-reference.html
  if (AthenaError?.ErrorCategory === 1) return unavailable(options)
  return new AbilityError('query_failed', cleanWords(words, wording), CORRECT_IT, options)
}

/** Why Athena did not take a request: the SDK's exception in our codes; one of ours stays what it is. */
export function failureOfRequest(error: unknown, wording: Wording): unknown {
  if (error instanceof AbilityError || !(error instanceof Error)) return error
  // A statement that does not parse is refused before it is an execution.
  if (
    error.name === 'InvalidRequestException' &&
    'AthenaErrorCode' in error &&
    error.AthenaErrorCode === 'MALFORMED_QUERY'
  )
    return new AbilityError('query_failed', cleanWords(error.message, wording), CORRECT_IT, {
      cause: error,
    })
  return unavailable({ cause: error })
}

/** Whether it came of credentials that AWS no longer takes: new ones may be had. */
export function isExpired(error: unknown): boolean {
  const cause = error instanceof AbilityError ? error.cause : error
  return cause instanceof Error && ['ExpiredTokenException', 'UnrecognizedClientException'].includes(cause.name)
}

function unavailable(options: ErrorOptions): AbilityError {
  return new AbilityError(
    'engine_unavailable',
    'Athena does not answer at the moment.',
    'Try again in a minute.',
    options,
  )
}

const isForbidden = (words: string) => /not authorized to perform|insufficient permissions|access ?denied/i.test(words)

const isExhausted = (error: AthenaError | undefined) => error?.ErrorType !== undefined && error.ErrorType <= 8

/** Athena's own words, without places, resources and requests, and with lines as the person counts them. */
export function cleanWords(words: string, { database, hidden, linesBefore = 0 }: Wording): string {
  const clean = words
    .replace(/\bs3[an]?:\/\/[^\s'")\]]+/gi, 'a file')
    .replace(/\barn:aws[^\s'")\]]*/gi, 'a resource')
    .replace(/\s*\((?:Service|Bucket|Path|Request ID)[^)]*\)/g, '')
    .replace(/\bline (\d+):/g, (_, line: string) => `line ${Number(line) - linesBefore}:`)
    .replace(new RegExp(`(?:awsdatacatalog[.:])?${database}[.:]`, 'gi'), '')
  return [database, ...hidden].reduce((text, name) => text.replaceAll(name, '…'), clean).trim()
}
