import type { ServerContext } from '@modelcontextprotocol/server'
import type { AbilityContext, ProgressUpdate } from './ability-context.ts'
import type { Call } from './call-tool.ts'
import { watchCancellation } from './cancel/watch-cancellation.ts'
import { openClientLog } from './client-log/client-log.ts'
import { openAsking, type Subject } from './confirm/asking.ts'
import { conversationPartition } from './conversation/conversation.ts'
import { startAbilityTimeout } from './time-left.ts'
import { untilAborted } from './until-aborted.ts'

/** What is run, as far as its questions, its cancellation and its time go. */
export interface RunSubject extends Subject {
  /** Seconds; absent: as long as the function and the token live. */
  readonly timeout?: number | undefined
}

/**
 * Runs until done or aborted, whichever is first: an ability that ignores its signal cannot hold the answer back.
 * @throws InputRequired where the client has to answer something before it is run again
 */
export async function runUntilAborted<Services, Input, Output>(
  run: (input: Input, context: AbilityContext<Services>) => Promise<Output>,
  input: Input,
  call: Call<Services>,
  { mcpReq }: ServerContext,
  subject: RunSubject,
): Promise<Output> {
  const { admission, services, log, requestId, now, conversation, sessionId } = call
  const { signal, abort, end } = abortedWith(call.signal, mcpReq.signal)
  const timeout = startAbilityTimeout(subject.timeout, now, abort)
  const running = { partition: conversationPartition(admission), sessionId, id: mcpReq.id }
  const endWatch = watchCancellation(conversation.table, running, call.arrivedAt, log, (reason) => {
    abort(reason)
    call.hangUp()
  })
  let over = false
  const report = progressReporter(mcpReq)
  const clientLog = openClientLog(call, mcpReq)
  const work = async () => {
    const client = { ...call, mcpReq, signal, waiting: timeout.standStill, suspend: abort }
    const { ask, confirm } = await openAsking(subject, client)
    const context = {
      person: admission.person,
      services: await services(),
      signal,
      progress: async (update: ProgressUpdate) => (over ? undefined : await report(update)),
      confirm,
      ask,
      log: clientLog.log,
      requestId,
    }
    signal.throwIfAborted()
    return await run(input, context).finally(clientLog.told)
  }
  try {
    signal.throwIfAborted()
    return await untilAborted(work(), signal)
  } finally {
    over = true
    end()
    timeout.end()
    endWatch()
  }
}

/** A signal that is aborted by hand, or with one of others: AbortSignal.any takes several times as long. */
function abortedWith(...others: readonly AbortSignal[]) {
  const controller = new AbortController()
  const abort = (reason: unknown) => controller.abort(reason)
  const follow = ({ target }: Event) => abort((target as AbortSignal).reason)
  for (const other of others)
    if (other.aborted) abort(other.reason)
    else other.addEventListener('abort', follow)
  return {
    signal: controller.signal,
    abort,
    end() {
      for (const other of others) other.removeEventListener('abort', follow)
    },
  }
}

/** Characters of a progress token, which is sent with every step. */
const LONGEST_TOKEN = 1_024

/** Sends progress where the client asked for it by a token (MCP `_meta.progressToken`). */
function progressReporter({ _meta, notify }: ServerContext['mcpReq']): (update: ProgressUpdate) => Promise<void> {
  const progressToken = _meta?.progressToken
  if (progressToken === undefined || String(progressToken).length > LONGEST_TOKEN) return async () => undefined
  return async ({ done, total, message }) => {
    await notify({ method: 'notifications/progress', params: { progressToken, progress: done, total, message } })
  }
}
