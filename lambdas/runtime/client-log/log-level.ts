import { LOG_LEVEL_META_KEY, type LoggingLevel, type ServerContext } from '@modelcontextprotocol/server'
import { argumentDigest } from '../argument-digest.ts'
import type { Call } from '../call-tool.ts'
import { conversationPartition } from '../conversation/conversation.ts'
import { readSession, SESSION_LIFETIME } from '../session/mcp-session.ts'

/** Of RFC 5424, the least severe first. */
const LEVELS: readonly LoggingLevel[] = [
  'debug',
  'info',
  'notice',
  'warning',
  'error',
  'critical',
  'alert',
  'emergency',
]

/** One session of one client. */
type Listener = Pick<Call<unknown>, 'server' | 'conversation' | 'admission' | 'sessionId' | 'isStateless' | 'now'>

const sortKey = (sessionId: string) => `LOG_LEVEL#${argumentDigest(sessionId)}`

/**
 * Keeps what a 2025-era client asked for by `logging/setLevel`. One without a session of ours is told nothing: ids that a
 * client makes up would fill the table.
 */
export async function setLogLevel(listener: Listener, level: LoggingLevel): Promise<void> {
  const { conversation, admission, sessionId, now } = listener
  if (sessionId === undefined || (await readSession(sessionId, listener)) === undefined) return
  const expiresAt = Math.ceil((now() + SESSION_LIFETIME) / 1000)
  const table = await conversation.table()
  await table.put(conversationPartition(admission), sortKey(sessionId), { level }, { expiresAt })
}

/**
 * The level from which on a client wants to be told what abilities log; undefined: it wants nothing. From 2026-07-28 on
 * every request says so itself.
 */
export async function requestedLogLevel(
  { conversation, admission, sessionId, isStateless }: Listener,
  mcpReq: Pick<ServerContext['mcpReq'], 'envelope'>,
): Promise<LoggingLevel | undefined> {
  if (isStateless) {
    const envelope: Readonly<Record<string, unknown>> | undefined = mcpReq.envelope
    return envelope?.[LOG_LEVEL_META_KEY] as LoggingLevel | undefined
  }
  if (sessionId === undefined) return undefined
  const table = await conversation.table()
  const kept = await table.get(conversationPartition(admission), sortKey(sessionId))
  return (kept as { readonly level: LoggingLevel } | undefined)?.level
}

/** Whether a line of this level is wanted from that level on. */
export function isWanted(level: LoggingLevel, from: LoggingLevel | undefined): boolean {
  return from !== undefined && LEVELS.indexOf(level) >= LEVELS.indexOf(from)
}
