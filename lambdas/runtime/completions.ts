import {
  type CompleteRequest,
  type CompleteResult,
  ProtocolError,
  ProtocolErrorCode,
  type ServerContext,
} from '@modelcontextprotocol/server'
import type { AbilityDeclaration } from '../../model/skillset-declaration.ts'
import type { AbilityContext } from './ability-context.ts'
import { answerRequest } from './answer-request.ts'
import type { Call } from './call-tool.ts'

/** What a person has typed so far (MCP `completion/complete`). */
export interface Typed {
  readonly value: string
  /** The other arguments, as far as they are there. */
  readonly arguments: Readonly<Record<string, string>>
}

/** Names the values that an argument may have; those that begin with what was typed are offered. */
export type Complete<Services> = (
  context: AbilityContext<Services>,
  typed: Typed,
) => readonly string[] | Promise<readonly string[]>

/** Completions by argument. */
export type Completions<Services> = Readonly<Record<string, Complete<Services>>>

/** A skillset's prompts and resource templates: what has arguments to complete. */
type Completed<Services> = AbilityDeclaration & { readonly complete: Completions<Services> }

/** What MCP allows in one answer. */
const MOST_VALUES = 100

/**
 * Answers one `completion/complete` message: what may be read or got may be completed, and nothing else.
 * @throws ProtocolError what {@link answerRequest} throws
 */
export async function completeArgument<Services>(
  completed: readonly Completed<Services>[],
  call: Call<Services>,
  { ref, argument, context: given }: CompleteRequest['params'],
  context: ServerContext,
): Promise<CompleteResult> {
  const name = ref.type === 'ref/prompt' ? ref.name : ref.uri
  const unknown = { message: 'Unknown prompt or resource template', data: { code: 'unknown_reference' } }
  const requested = { method: 'completion/complete', name, arguments: argument, among: completed, unknown } as const
  const answer = await answerRequest(requested, call, context, async ({ complete }, abilityContext) => {
    const { value } = argument
    const typed = { value, arguments: given?.arguments ?? {} }
    const completion = Object.hasOwn(complete, argument.name) ? complete[argument.name] : undefined
    const all = await completion?.(abilityContext, typed)
    const start = value.toLowerCase()
    const fitting = (all ?? []).filter((one) => one.toLowerCase().startsWith(start))
    return {
      completion: {
        values: fitting.slice(0, MOST_VALUES),
        total: fitting.length,
        hasMore: fitting.length > MOST_VALUES,
      },
    }
  })
  if ('completion' in answer) return answer as CompleteResult
  const { log, requestId } = call
  log.error('a completion cannot ask: MCP has no answer to it that could', { name })
  throw new ProtocolError(ProtocolErrorCode.InternalError, 'Internal error', { code: 'internal_error', requestId })
}
