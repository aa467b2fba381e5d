import { AbilityError } from './ability-error.ts'

/** Milliseconds kept back so that the refusal still reaches the client. */
const MARGIN = 1_000

/** Aborts, with the AbilityError to answer, when the time for a call is over. */
export interface TimeLeft {
  readonly signal: AbortSignal
  /** Stops the clock. */
  end(): void
}

/**
 * Watches what ends a call: the function's deadline, or the end of the token that the call was made with (RS-07).
 * @param untilDeadline milliseconds until Lambda stops the function
 * @param untilExpiry milliseconds until the token ends
 */
export function startTimeLeft(untilDeadline: number, untilExpiry: number): TimeLeft {
  const deadlineFirst = untilDeadline - MARGIN <= untilExpiry
  const reason = deadlineFirst
    ? new AbilityError('timeout', 'The ability did not finish in time.', 'Ask for less at once, or try again.')
    : new AbilityError(
        'token_expired',
        'The access token ended while the ability ran.',
        'Refresh the token and call again.',
      )
  const controller = new AbortController()
  const timer = setTimeout(() => controller.abort(reason), Math.max(0, Math.min(untilDeadline - MARGIN, untilExpiry)))
  return { signal: controller.signal, end: () => clearTimeout(timer) }
}
