import type { SessionHolder } from '../session/mcp-session.ts'
import { isResponse, leaveAnswer } from './answers.ts'
import { cancelledRequest, recordCancellation } from './cancellations.ts'
import { conversationPartition } from './conversation.ts'

/** The messages of a body: one, or a batch. */
const each = (messages: unknown): unknown[] => (Array.isArray(messages) ? messages : [messages])

/** Leaves the client's answers to questions of ours where the instances look that asked. */
export async function leaveAnswers(messages: unknown, { conversation, admission, now }: SessionHolder): Promise<void> {
  const responses = each(messages).filter(isResponse)
  if (responses.length === 0) return
  const table = await conversation.table()
  const partition = conversationPartition(admission)
  await Promise.all(responses.map((response) => leaveAnswer(table, partition, response, now())))
}

/** What is left for the protocol library, which knows nothing of what another instance asked; undefined: nothing. */
export function withoutResponses(messages: unknown): unknown {
  if (!Array.isArray(messages)) return isResponse(messages) ? undefined : messages
  const others = messages.filter((message) => !isResponse(message))
  return others.length === 0 && messages.length > 0 ? undefined : others
}

/** Records the requests that these messages cancel, for the instances that run them. */
export async function recordCancellations(
  messages: unknown,
  sessionId: string | undefined,
  { conversation, admission, now }: SessionHolder,
): Promise<void> {
  const cancelled = each(messages).flatMap((message) => cancelledRequest(message) ?? [])
  if (cancelled.length === 0) return
  const table = await conversation.table()
  const partition = conversationPartition(admission)
  await Promise.all(cancelled.map((id) => recordCancellation(table, { partition, sessionId, id }, now())))
}
