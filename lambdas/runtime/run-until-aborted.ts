import type { ServerContext } from '@modelcontextprotocol/server'
import type { AbilityContext, ProgressUpdate } from './ability-context.ts'
import type { Call } from './call-tool.ts'
import { watchCancellation } from './cancel/watch-cancellation.ts'
import { openClientLog } from './client-log/client-log.ts'
import { openAsking, type Subject } from './confirm/asking.ts'
import { conversationPartition } from './conversation/conversation.ts'
import { startAbilityTimeout } from './time-left.ts'

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
  const suspension = new AbortController()
  const timeout = startAbilityTimeout(subject.timeout, now)
  const partition = conversationPartition(admission)
  const watch = watchCancellation(conversation.table, { partition, sessionId, id: mcpReq.id }, call.arrivedAt, log)
  watch.signal.addEventListener('abort', call.hangUp)
  const signal = AbortSignal.any([call.signal, mcpReq.signal, suspension.signal, timeout.signal, watch.signal])
  const aborted = Promise.withResolvers<never>()
  const abort = () => aborted.reject(signal.reason)
  let over = false
  const report = progressReporter(mcpReq)
  const clientLog = openClientLog(call, mcpReq)
  try {
    signal.throwIfAborted()
    signal.addEventListener('abort', abort, { once: true })
    const suspend = (reason: Error) => suspension.abort(reason)
    const waiting = timeout.standStill
    const client = { ...call, mcpReq, signal, waiting, suspend }
    const { ask, confirm } = await Promise.race([openAsking(subject, client), aborted.promise])
    const context = {
      person: admission.person,
      services: await Promise.race([services(), aborted.promise]),
      signal,
      progress: async (update: ProgressUpdate) => (over ? undefined : await report(update)),
      confirm,
      ask,
      log: clientLog.log,
      requestId,
    }
    return await Promise.race([run(input, context).finally(clientLog.told), aborted.promise])
  } finally {
    over = true
    signal.removeEventListener('abort', abort)
    timeout.end()
    watch.end()
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
