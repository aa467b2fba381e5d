import type { ServerAddress } from '../../../model/mcp-client.ts'
import { findClient } from '../../../model/mcp-clients.ts'

/**
 * What docs/clients.md says to run, or to write into a file.
 * @param part what tells it from the other ways to connect this client
 */
export function documentedWay(client: string, server: ServerAddress, kind: 'command' | 'file', part: string): string {
  for (const way of findClient(client)?.ways(server) ?? [])
    if (way.kind === kind && way.text.includes(part)) return way.text
  throw new Error(`docs/clients.md has no ${kind} with ${part} for ${client}`)
}
