import type { ServerAddress } from '../../model/mcp-client.ts'
import type { Desktop } from './desktop.ts'
import type { Person } from './person.ts'

/** One of the clients at work. It sends the person to sign in whenever it has no token. */
export interface Client {
  listTools(): Promise<string[]>
  /** @returns the structured result */
  callTool(name: string, given: Readonly<Record<string, unknown>>): Promise<unknown>
  close(): Promise<void>
}

/** What a client was seen to send. */
export interface Habits {
  /** Its first request to the server. */
  readonly probe: 'GET' | 'POST'
  /** The revision of the protocol that it speaks with its token. */
  readonly revision: '2025-11-25' | '2026-07-28'
  /** Whether its messages come with `Mcp-Method`. */
  readonly methodHeader: boolean
  /** Absent where the test chooses it. */
  readonly redirectUri?: RegExp
  /** Once its token has expired it is refused and refreshes, or it refreshes because it knows. */
  readonly refreshes: 'when refused' | 'ahead'
}

export interface ClientKind {
  readonly name: string
  readonly habits: Habits
  /** Starts it where nobody has signed in yet. */
  start(server: ServerAddress, person: Person, desktop: Desktop): Promise<Client>
}

/** @throws Error where the tool says that it failed */
export function structuredContent(answer: object): unknown {
  const { structuredContent, isError } = answer as { structuredContent?: unknown; isError?: unknown }
  if (isError === true || structuredContent === undefined) throw new Error(JSON.stringify(answer))
  return structuredContent
}
