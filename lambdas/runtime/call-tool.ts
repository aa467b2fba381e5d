import {
  type CallToolResult,
  type InputRequiredResult,
  type JSONRPCRequest,
  ProtocolError,
  ProtocolErrorCode,
  type RequestId,
  type ServerContext,
} from '@modelcontextprotocol/server'
import type * as z from 'zod'
import type { AbilityContext, AbilityLog } from './ability-context.ts'
import { AbilityError } from './ability-error.ts'
import { admitAbility } from './admit-ability.ts'
import { auditCall, type CallAudit } from './audit-call.ts'
import { InputRequired } from './confirm/asking.ts'
import { takeConfirmation } from './confirm/confirmation-argument.ts'
import type { Conversation } from './conversation/conversation.ts'
import type { Ability } from './define-ability.ts'
import type { Skillset } from './define-skillset.ts'
import type { Admission } from './gate-context.ts'
import { runUntilAborted } from './run-until-aborted.ts'
import { errorResult, insufficientScope, successResult, unknownTool } from './tool-result.ts'

/** One HTTP request that passed the gate, and what its abilities get. */
export interface Call<Services> extends CallAudit {
  readonly admission: Admission
  readonly services: () => Promise<Services>
  /** Aborted with the AbilityError to answer. */
  readonly signal: AbortSignal
  readonly log: AbilityLog
  readonly requestId: string
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** The server's name. */
  readonly server: string
  readonly conversation: Conversation
  /** From 2026-07-28 on a request says itself what its client can do, and a result can ask. */
  readonly isStateless: boolean
  /** The `Mcp-Session-Id` that came along. */
  readonly sessionId: string | undefined
  /** When it reached API Gateway, in milliseconds since the epoch: a function may have to start first. */
  readonly arrivedAt: number
  /**
   * Ends its stream without an answer, which a cancelled request SHOULD not get. Not that of a batch, which has others to
   * answer, and not from 2026-07-28 on: without sessions, ids may be another client's of the same grant.
   */
  readonly hangUp: () => void
  /** Writes a request of ours into the stream of one of the client's. */
  readonly send: (request: JSONRPCRequest, relatedRequestId: RequestId) => Promise<void>
}

/**
 * Answers one `tools/call` message.
 * @throws ProtocolError −32602 for a tool that does not exist, or not for this person, and for a `requestState` that is
 * not this call's; −32021 where the client cannot be asked what the ability asks
 */
export async function callTool<Services>(
  skillset: Skillset<Services>,
  call: Call<Services>,
  { name, arguments: input }: { readonly name: string; readonly arguments?: unknown },
  context: ServerContext,
): Promise<CallToolResult | InputRequiredResult> {
  const { log, requestId } = call
  const admitted = admitAbility(name, skillset.abilities, call.admission)
  if (admitted.decision === 'unknown') {
    await auditCall('tool.called', call, name, input)('unknown_tool')
    throw new ProtocolError(ProtocolErrorCode.InvalidParams, unknownTool(name), { code: 'unknown_tool', requestId })
  }
  if (admitted.decision === 'insufficient_scope') {
    const { missing, scope } = admitted
    await auditCall('tool.called', call, name, input)('insufficient_scope', missing)
    return errorResult(insufficientScope(name, missing, scope, requestId))
  }

  const { ability } = admitted
  const given = ability.confirms ? takeConfirmation(input ?? {}) : { input: input ?? {}, confirmation: undefined }
  const subject = {
    method: 'tools/call',
    name,
    arguments: given.input,
    privileged: ability.level === 'privileged',
    takesConfirmation: ability.confirms,
    timeout: ability.timeout,
    confirmation: given.confirmation,
  }
  const audited = auditCall('tool.called', call, name, given.input)
  let outcome = 'ok'
  try {
    return await runUntilAborted(resultOf(ability), given.input, call, context, subject)
  } catch (error) {
    if (error instanceof InputRequired) {
      outcome = 'input_required'
      return error.result
    }
    if (error instanceof ProtocolError) {
      outcome = 'protocol_error'
      throw error
    }
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
    await audited(outcome)
  }
}

/** What runs: the ability, and what it shows of its output. */
function resultOf<Services>({ call, content }: Ability<z.ZodObject, z.ZodObject, Services>) {
  return async (input: unknown, context: AbilityContext<Services>) => {
    const output = await call(input, context)
    return successResult(output, await content(output, context))
  }
}
