import type {
  GetPromptRequest,
  GetPromptResult,
  InputRequiredResult,
  ServerContext,
} from '@modelcontextprotocol/server'
import { answerRequest } from './answer-request.ts'
import type { Call } from './call-tool.ts'
import type { Prompt } from './define-prompt.ts'
import { assertCarriable } from './tool-result.ts'

/** What `prompts/list` shows of one. */
export function listedPrompt({ name, title, description, arguments: declared, icons }: Prompt) {
  return { name, title, description, arguments: [...declared], icons }
}

/**
 * Answers one `prompts/get` message.
 * @throws ProtocolError what {@link answerRequest} throws
 */
export async function getPrompt<Services>(
  prompts: readonly Prompt<Services>[],
  call: Call<Services>,
  { name, arguments: given = {} }: GetPromptRequest['params'],
  context: ServerContext,
): Promise<GetPromptResult | InputRequiredResult> {
  const unknown = { message: 'Unknown prompt', data: { code: 'unknown_prompt' } }
  const requested = { method: 'prompts/get', name, arguments: given, among: prompts, unknown } as const
  return await answerRequest(requested, call, context, async (prompt, abilityContext) => {
    const messages = await prompt.messages(given, abilityContext)
    assertCarriable(Buffer.byteLength(JSON.stringify(messages)))
    return { description: prompt.description, messages }
  })
}
