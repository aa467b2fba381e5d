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
  const reason = deadlineFirst ? timedOut : tokenExpired
  const controller = new AbortController()
  const timer = setTimeout(() => controller.abort(reason()), Math.max(0, Math.min(untilDeadline - MARGIN, untilExpiry)))
  return { signal: controller.signal, end: () => clearTimeout(timer) }
}

/** The time that an ability has for itself. */
export interface AbilityTimeout {
  /** Stands still as long as somebody is asked: a person thinks longer than a program takes. */
  readonly standStill: (isWaiting: boolean) => void
  end(): void
}

/**
 * Starts an ability's own time.
 * @param timeout seconds; undefined: only the end of the call ends it
 * @param abort is given the AbilityError to answer
 */
export function startAbilityTimeout(
  timeout: number | undefined,
  now: () => number,
  abort: (reason: AbilityError) => void,
): AbilityTimeout {
  let left = (timeout ?? 0) * 1000
  let since = now()
  let waits = 0
  let timer: NodeJS.Timeout | undefined
  const run = () => {
    since = now()
    if (timeout !== undefined) timer = setTimeout(() => abort(timedOut()), left)
  }
  const stop = () => {
    clearTimeout(timer)
    left -= now() - since
  }
  run()
  return {
    standStill(isWaiting) {
      if (isWaiting && waits++ === 0) stop()
      if (!isWaiting && --waits === 0) run()
    },
    end: () => clearTimeout(timer),
  }
}

function timedOut(): AbilityError {
  return new AbilityError('timeout', 'The ability did not finish in time.', 'Ask for less at once, or try again.')
}

function tokenExpired(): AbilityError {
  return new AbilityError(
    'token_expired',
    'The access token ended while the ability ran.',
    'Refresh the token and call again.',
  )
}
