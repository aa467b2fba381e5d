import {
  type InputRequiredResult,
  ProtocolError,
  ProtocolErrorCode,
  type ServerContext,
} from '@modelcontextprotocol/server'
import type { AbilityDeclaration } from '../../model/skillset-declaration.ts'
import type { AbilityContext } from './ability-context.ts'
import { AbilityError } from './ability-error.ts'
import { type AbilityAdmission, admitAbility } from './admit-ability.ts'
import { auditCall } from './audit-call.ts'
import type { Call } from './call-tool.ts'
import { InputRequired } from './confirm/asking.ts'
import { runUntilAborted } from './run-until-aborted.ts'
import { insufficientScope } from './tool-result.ts'

const EVENTS = {
  'resources/read': 'resource.read',
  'prompts/get': 'prompt.got',
  'completion/complete': 'argument.completed',
} as const

/** What a request names and brings, and what there is of that kind. */
export interface Requested<One> {
  readonly method: 'resources/read' | 'prompts/get' | 'completion/complete'
  readonly name: string
  readonly arguments: unknown
  readonly among: readonly One[]
  /** Of the error where there is none of this name: `code`, and what the protocol wants beside it. */
  readonly unknown: { readonly message: string; readonly data: Readonly<Record<string, unknown>> }
}

/**
 * Answers a request for a resource, a prompt or a completion, none of which has a result that could say what went wrong.
 * @throws ProtocolError −32602 for what does not exist, or not for this person, and for what the author refuses; −32600
 * where the token lacks the scope; −32603 for the rest
 */
export async function answerRequest<One extends AbilityDeclaration, Services, Output>(
  requested: Requested<One>,
  call: Call<Services>,
  context: ServerContext,
  run: (one: One, context: AbilityContext<Services>) => Promise<Output>,
): Promise<Output | InputRequiredResult> {
  const { method, name, arguments: given, among } = requested
  const { log, requestId } = call
  const about = { method, name: name.slice(0, 256) }
  const audited = auditCall(EVENTS[method], call, name, given)
  const admitted = admitAbility(name, among, call.admission)
  if (admitted.decision !== 'admitted') {
    if (admitted.decision === 'insufficient_scope') await audited(admitted.decision, admitted.missing)
    else await audited(String(requested.unknown.data.code))
    throw refusal(admitted, requested, requestId)
  }
  const subject = {
    method,
    name,
    arguments: given,
    privileged: admitted.ability.level === 'privileged',
    takesConfirmation: false,
    confirmation: undefined,
  }
  let outcome = 'ok'
  try {
    return await runUntilAborted(run, admitted.ability, call, context, subject)
  } catch (error) {
    if (error instanceof InputRequired) {
      outcome = 'input_required'
      return error.result
    }
    if (error instanceof ProtocolError) {
      outcome = 'protocol_error'
      throw error
    }
    if (!(error instanceof AbilityError)) {
      outcome = 'internal_error'
      log.error('request failed', { ...about, error })
      throw new ProtocolError(ProtocolErrorCode.InternalError, 'Internal error', { code: outcome, requestId })
    }
    const { code, message, hint, cause } = error
    outcome = code
    if (cause !== undefined) log.warn('ability refused', { ...about, code, error: cause })
    const rpcCode = call.signal.aborted ? ProtocolErrorCode.InternalError : ProtocolErrorCode.InvalidParams
    throw new ProtocolError(rpcCode, message, { code, hint, requestId })
  } finally {
    await audited(outcome)
  }
}

function refusal(
  admitted: Exclude<AbilityAdmission<unknown>, { decision: 'admitted' }>,
  { name, unknown }: Requested<unknown>,
  requestId: string,
): ProtocolError {
  if (admitted.decision === 'unknown')
    return new ProtocolError(ProtocolErrorCode.InvalidParams, unknown.message, { ...unknown.data, requestId })
  const { message, ...data } = insufficientScope(name, admitted.missing, admitted.scope, requestId)
  return new ProtocolError(ProtocolErrorCode.InvalidRequest, message, data)
}
