import { type CallToolResult, ProtocolError, ProtocolErrorCode, type ServerContext } from '@modelcontextprotocol/server'
import type { AbilityLog, ProgressUpdate } from './ability-context.ts'
import { AbilityError } from './ability-error.ts'
import { admitAbility } from './admit-ability.ts'
import type { Skillset } from './define-skillset.ts'
import type { Admission } from './gate-context.ts'
import { errorResult, insufficientScopeResult, successResult } from './tool-result.ts'

/** One HTTP request that passed the gate, and what its abilities get. */
export interface Call<Services> {
  readonly admission: Admission
  readonly services: () => Promise<Services>
  /** Aborted with the AbilityError to answer. */
  readonly signal: AbortSignal
  readonly log: AbilityLog
  readonly requestId: string
  /** Milliseconds since the epoch. */
  readonly now: () => number
}

/**
 * Answers one `tools/call` message.
 * @throws ProtocolError −32602 for a tool that does not exist, or not for this person
 */
export async function callTool<Services>(
  skillset: Skillset<Services>,
  call: Call<Services>,
  { name, arguments: input }: { readonly name: string; readonly arguments?: unknown },
  context: ServerContext,
): Promise<CallToolResult> {
  const { log, requestId, now } = call
  const admitted = admitAbility(name, skillset.abilities, call.admission)
  if (admitted.decision === 'unknown') {
    log.warn('tool refused', { tool: name.slice(0, 64), outcome: 'unknown_tool' })
    throw new ProtocolError(ProtocolErrorCode.InvalidParams, 'Unknown tool', { code: 'unknown_tool', requestId })
  }
  if (admitted.decision === 'insufficient_scope') {
    const { missing, scope } = admitted
    log.warn('tool refused', { tool: name, outcome: 'insufficient_scope', scope: missing })
    return insufficientScopeResult(name, missing, scope, requestId)
  }

  const startedAt = now()
  let outcome = 'ok'
  try {
    return successResult(await runUntilAborted(admitted.ability.call, input ?? {}, call, context))
  } catch (error) {
    if (error instanceof AbilityError) {
      outcome = error.code
      if (error.cause !== undefined) log.warn('ability refused', { tool: name, code: error.code, error: error.cause })
      return errorResult({ code: error.code, message: error.message, hint: error.hint, requestId })
    }
    outcome = 'internal_error'
    log.error('ability failed', { tool: name, error })
    return errorResult({
      code: 'internal_error',
      message: `${name} failed.`,
      hint: 'Try again later. If it keeps failing, give the request id to whoever runs this server.',
      requestId,
    })
  } finally {
    log.info('tool called', { tool: name, outcome, durationMs: now() - startedAt })
  }
}

type Run<Services> = Skillset<Services>['abilities'][number]['call']

/** Runs until done or aborted, whichever is first: an ability that ignores its signal cannot hold the answer back. */
async function runUntilAborted<Services>(
  run: Run<Services>,
  input: unknown,
  { admission, services, signal: timeLeft, log, requestId }: Call<Services>,
  { mcpReq }: ServerContext,
): Promise<Record<string, unknown>> {
  const signal = AbortSignal.any([timeLeft, mcpReq.signal])
  signal.throwIfAborted()
  const aborted = Promise.withResolvers<never>()
  const abort = () => aborted.reject(signal.reason)
  signal.addEventListener('abort', abort, { once: true })
  let over = false
  const report = progressReporter(mcpReq)
  try {
    const context = {
      person: admission.person,
      services: await Promise.race([services(), aborted.promise]),
      signal,
      progress: async (update: ProgressUpdate) => (over ? undefined : await report(update)),
      log,
      requestId,
    }
    return await Promise.race([run(input, context), aborted.promise])
  } finally {
    over = true
    signal.removeEventListener('abort', abort)
  }
}

/** Sends progress where the client asked for it by a token (MCP `_meta.progressToken`). */
function progressReporter({ _meta, notify }: ServerContext['mcpReq']): (update: ProgressUpdate) => Promise<void> {
  const progressToken = _meta?.progressToken
  if (progressToken === undefined) return async () => undefined
  return async ({ done, total, message }) => {
    await notify({ method: 'notifications/progress', params: { progressToken, progress: done, total, message } })
  }
}
