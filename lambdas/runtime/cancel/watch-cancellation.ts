import type { AbilityLog } from '../ability-context.ts'
import { AbilityError } from '../ability-error.ts'
import { isCancelled, type RunningRequest } from '../conversation/cancellations.ts'
import type { Table } from '../table.ts'

/** Milliseconds. A call that is done sooner asks nothing of the table. */
const INTERVAL = 1_000

/**
 * Looks whether a running request has been cancelled, at whichever instance the client's notification arrived.
 * @param abort is given the AbilityError to answer
 * @returns what ends it
 */
export function watchCancellation(
  table: () => Promise<Table>,
  request: RunningRequest,
  arrivedAt: number,
  log: AbilityLog,
  abort: (reason: AbilityError) => void,
): () => void {
  const look = async () => {
    try {
      if (await isCancelled(await table(), request, arrivedAt))
        abort(new AbilityError('cancelled', 'The client cancelled this call.', 'Call again if it is wanted.'))
    } catch (error) {
      log.warn('nobody could be asked whether the call is cancelled', { error })
    }
    if (!over) timer = setTimeout(look, INTERVAL)
  }
  let over = false
  let timer = setTimeout(look, INTERVAL)
  return () => {
    over = true
    clearTimeout(timer)
  }
}
