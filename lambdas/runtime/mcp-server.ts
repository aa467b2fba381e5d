import { McpServer, type Tool } from '@modelcontextprotocol/server'
import { visibleAbilities } from './admit-ability.ts'
import { type Call, callTool } from './call-tool.ts'
import { setLogLevel } from './client-log/log-level.ts'
import { completeArgument } from './completions.ts'
import type { Ability } from './define-ability.ts'
import type { Skillset } from './define-skillset.ts'
import { listPage } from './list-page.ts'
import { getPrompt, listedPrompt } from './prompts.ts'
import { HANDSHAKE_REVISIONS } from './protocol-version.ts'
import { acceptSubscription, listedResource, listedTemplate, readResource } from './resources.ts'

/** A skillset is versioned with its deployment, not by itself. */
const VERSION = '1.0.0'
/** A list differs per person, and rules change: a client may keep one for a minute. */
const LIST_HINT = { ttlMs: 60_000, cacheScope: 'private' } as const

/** Makes the SDK's server of one request; the same for both eras of the protocol. */
export function mcpServerFactory<Services>(
  name: string,
  skillset: Skillset<Services>,
): (call: Call<Services>) => McpServer {
  const { title, instructions, icons, abilities, resources, prompts } = skillset
  const templates = resources.filter(({ isTemplate }) => isTemplate)
  const single = resources.filter(({ isTemplate }) => !isTemplate)
  const completed = [...prompts, ...templates]
  const tools = new Map(abilities.map((ability) => [ability.name, toolOf(ability)]))
  /** What the skillset has nothing of is no capability, and its methods do not exist. */
  const has = {
    tools: abilities.length > 0,
    resources: resources.length > 0,
    prompts: prompts.length > 0,
    completions: completed.some(({ complete }) => Object.keys(complete).length > 0),
  }
  const options = {
    capabilities: {
      ...(has.tools && { tools: { listChanged: false } }),
      ...(has.resources && { resources: { listChanged: false, subscribe: false } }),
      ...(has.prompts && { prompts: { listChanged: false } }),
      ...(has.completions && { completions: {} }),
      logging: {},
    },
    instructions,
    supportedProtocolVersions: HANDSHAKE_REVISIONS,
    cacheHints: {
      'tools/list': LIST_HINT,
      'resources/list': LIST_HINT,
      'resources/templates/list': LIST_HINT,
      'prompts/list': LIST_HINT,
    },
  }
  return (call) => {
    const mcpServer = new McpServer({ name, title, version: VERSION, ...(icons && { icons }) }, options)
    const { server } = mcpServer
    const pageOf = <One extends Listed>(all: readonly One[], params: Paged) =>
      listPage(visibleAbilities(all, call.admission), params?.cursor, call.requestId)
    server.setRequestHandler('logging/setLevel', async ({ params }) => {
      await setLogLevel(call, params.level)
      return {}
    })
    if (has.tools) {
      server.setRequestHandler('tools/list', ({ params }) => {
        const { page, ...next } = pageOf(abilities, params)
        return { tools: page.flatMap((ability) => tools.get(ability.name) ?? []), ...next }
      })
      server.setRequestHandler('tools/call', ({ params }, context) => callTool(skillset, call, params, context))
      // By this the SDK holds Mcp-Param-* headers against the arguments (SEP-2243).
      mcpServer.toolInputSchemaJson = (tool) =>
        visibleAbilities(abilities, call.admission).find((ability) => ability.name === tool)?.inputSchema
    }
    if (has.resources) {
      server.setRequestHandler('resources/list', ({ params }) => {
        const { page, ...next } = pageOf(single, params)
        return { resources: page.map(listedResource), ...next }
      })
      server.setRequestHandler('resources/templates/list', ({ params }) => {
        const { page, ...next } = pageOf(templates, params)
        return { resourceTemplates: page.map(listedTemplate), ...next }
      })
      server.setRequestHandler('resources/read', ({ params }, context) =>
        readResource(resources, call, params, context),
      )
      for (const method of ['resources/subscribe', 'resources/unsubscribe'] as const)
        server.setRequestHandler(method, ({ params }) => acceptSubscription(resources, call, params))
    }
    if (has.prompts) {
      server.setRequestHandler('prompts/list', ({ params }) => {
        const { page, ...next } = pageOf(prompts, params)
        return { prompts: page.map(listedPrompt), ...next }
      })
      server.setRequestHandler('prompts/get', ({ params }, context) => getPrompt(prompts, call, params, context))
    }
    if (has.completions)
      server.setRequestHandler('completion/complete', ({ params }, context) =>
        completeArgument(completed, call, params, context),
      )
    return mcpServer
  }
}

type Listed = Pick<Ability, 'name' | 'scope'>
type Paged = { readonly cursor?: string | undefined } | undefined

function toolOf({ name, title, description, annotations, icons, inputSchema, outputSchema }: Ability): Tool {
  return {
    name,
    title,
    description,
    annotations: { title, ...annotations },
    icons,
    inputSchema: inputSchema as Tool['inputSchema'],
    outputSchema: outputSchema as NonNullable<Tool['outputSchema']>,
  }
}
