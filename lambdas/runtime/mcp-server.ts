import { Server, type Tool } from '@modelcontextprotocol/server'
import { visibleAbilities } from './admit-ability.ts'
import { type Call, callTool } from './call-tool.ts'
import type { Ability } from './define-ability.ts'
import type { Skillset } from './define-skillset.ts'
import { HANDSHAKE_REVISIONS } from './protocol-version.ts'

/** A skillset is versioned with its deployment, not by itself. */
const VERSION = '1.0.0'
/** Milliseconds that a client may keep `tools/list`: it differs per person, and rules change. */
const LIST_LIFETIME = 60_000

/** Makes the SDK's server of one request; the same for both eras of the protocol. */
export function mcpServerFactory<Services>(
  name: string,
  skillset: Skillset<Services>,
): (call: Call<Services>) => Server {
  const tools = new Map(skillset.abilities.map((ability) => [ability.name, toolOf(ability)]))
  return (call) => {
    const server = new Server(
      { name, title: skillset.title, version: VERSION },
      {
        capabilities: { tools: { listChanged: false } },
        instructions: skillset.instructions,
        supportedProtocolVersions: HANDSHAKE_REVISIONS,
        cacheHints: { 'tools/list': { ttlMs: LIST_LIFETIME, cacheScope: 'private' } },
      },
    )
    server.setRequestHandler('tools/list', () => ({
      tools: visibleAbilities(skillset.abilities, call.admission).flatMap((ability) => tools.get(ability.name) ?? []),
    }))
    server.setRequestHandler('tools/call', ({ params }, context) => callTool(skillset, call, params, context))
    return server
  }
}

function toolOf({ name, title, description, annotations, inputSchema, outputSchema }: Ability): Tool {
  return {
    name,
    title,
    description,
    annotations: { title, ...annotations },
    inputSchema: inputSchema as Tool['inputSchema'],
    outputSchema: outputSchema as NonNullable<Tool['outputSchema']>,
  }
}
