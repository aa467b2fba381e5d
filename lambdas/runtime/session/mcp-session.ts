import type { ClientCapabilities } from '@modelcontextprotocol/server'
import * as z from 'zod'
import type { Conversation } from '../conversation/conversation.ts'
import { open, seal } from '../conversation/seal.ts'
import type { Admission } from '../gate-context.ts'
import { HANDSHAKE_REVISIONS } from '../protocol-version.ts'

/** What a 2025-era client said at `initialize`, and sends along with each request from then on. */
export interface McpSession {
  readonly protocolVersion: string
  readonly capabilities: ClientCapabilities
}

/** Whose session it is. */
export interface SessionHolder {
  readonly server: string
  readonly conversation: Conversation
  readonly admission: Admission
  /** Milliseconds since the epoch. */
  readonly now: () => number
}

/** Milliseconds. A client that is connected for longer is no longer asked anything, until it connects again. */
export const SESSION_LIFETIME = 7 * 24 * 60 * 60 * 1000

const present = z.object({})

/** Only what this server acts on, so that the header stays short whatever a client declares. */
const declared = z.object({
  elicitation: z.object({ form: present.optional(), url: present.optional() }).optional(),
  sampling: z.object({ tools: present.optional() }).optional(),
  roots: present.optional(),
})

const initialize = z.object({
  method: z.literal('initialize'),
  params: z.object({ protocolVersion: z.string(), capabilities: declared }),
})

/**
 * The `Mcp-Session-Id` that answers an `initialize` (RS-08): sealed for this person, client and server, kept nowhere.
 * @returns undefined where the message is no `initialize`
 */
export async function issueSession(message: unknown, holder: SessionHolder): Promise<string | undefined> {
  // Every answer passes here: a schema takes longer to say no.
  if ((message as { readonly method?: unknown } | null)?.method !== 'initialize') return undefined
  const parsed = initialize.safeParse(message)
  if (!parsed.success) return undefined
  const { protocolVersion, capabilities } = parsed.data.params
  const negotiated = HANDSHAKE_REVISIONS.includes(protocolVersion) ? protocolVersion : HANDSHAKE_REVISIONS[0]
  return seal(
    [negotiated, capabilities],
    boundTo(holder),
    holder.now() + SESSION_LIFETIME,
    await holder.conversation.key(),
  )
}

/** The session that a request belongs to; undefined for one that is absent, foreign or expired, which is no error. */
export async function readSession(id: string | undefined, holder: SessionHolder): Promise<McpSession | undefined> {
  if (id === undefined) return undefined
  const opened = open(id, boundTo(holder), await holder.conversation.key(), holder.now())
  if (opened === undefined || opened.expired) return undefined
  const [protocolVersion, capabilities] = opened.value as [string, ClientCapabilities]
  return { protocolVersion, capabilities }
}

const boundTo = ({ server, admission: { person } }: SessionHolder) => [
  'mcp-session',
  server,
  person.tenant,
  person.id,
  person.clientId,
]
