import { AbilityError } from '../../../runtime/ability-error.ts'
import { LESS_TIME } from './hints.ts'

/**
 * Gives work a signal that is aborted when its time is over, or the caller leaves.
 * @throws AbilityError `query_timeout`, or the caller's reason, whatever the work makes of either
 */
export async function withinTime<Result>(
  milliseconds: number,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  signal.throwIfAborted()
  const timeout = AbortSignal.timeout(milliseconds)
  try {
    return await work(AbortSignal.any([signal, timeout]))
  } catch (cause) {
    if (signal.aborted) throw signal.reason
    throw timeout.aborted ? tookTooLong(milliseconds, cause) : cause
  }
}

function tookTooLong(milliseconds: number, cause: unknown): AbilityError {
  const message = `The query was stopped after ${milliseconds / 1000} s, the time that one may take.`
  return new AbilityError('query_timeout', message, LESS_TIME, { cause })
}
