import type { AbilityLog } from '../ability-context.ts'
import { AbilityError } from '../ability-error.ts'
import { isCancelled, type RunningRequest } from '../conversation/cancellations.ts'
import type { Table } from '../table.ts'

export interface CancellationWatch {
  /** Aborted with the AbilityError to answer. */
  readonly signal: AbortSignal
  end(): void
}

/** Milliseconds. A call that is done sooner asks nothing of the table. */
const INTERVAL = 1_000

/** Looks whether a running request has been cancelled, at whichever instance the client's notification arrived. */
export function watchCancellation(
  table: () => Promise<Table>,
  request: RunningRequest,
  arrivedAt: number,
  log: AbilityLog,
): CancellationWatch {
  const controller = new AbortController()
  const look = async () => {
    try {
      if (await isCancelled(await table(), request, arrivedAt))
        controller.abort(
          new AbilityError('cancelled', 'The client cancelled this call.', 'Call again if it is wanted.'),
        )
    } catch (error) {
      log.warn('nobody could be asked whether the call is cancelled', { error })
    }
    schedule()
  }
  let timer: NodeJS.Timeout | undefined
  let over = false
  const schedule = () => {
    if (!over && !controller.signal.aborted) timer = setTimeout(look, INTERVAL)
  }
  schedule()
  return {
    signal: controller.signal,
    end() {
      over = true
      clearTimeout(timer)
    },
  }
}
