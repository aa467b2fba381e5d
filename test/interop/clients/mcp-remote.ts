import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import type { ClientKind } from '../client.ts'
import { documentedWay } from './documented-way.ts'
import { asClient } from './sdk.ts'

/** The client that speaks stdio to it is one of SDK v1. */
export const mcpRemote: ClientKind = {
  name: 'mcp-remote',
  habits: {
    probe: 'GET',
    revision: '2025-11-25',
    methodHeader: true,
    redirectUri: /^http:\/\/localhost:\d+\/oauth\/callback$/,
    refreshes: 'ahead',
  },
  async start(server, _person, { home, environment }) {
    const { mcpServers } = JSON.parse(documentedWay('mcp-remote', server, 'file', 'mcpServers'))
    const { command, args } = mcpServers[server.name]
    const client = new Client({ name: 'stdio-only', version: '1.0.0' })
    const env = { ...environment }
    await client.connect(new StdioClientTransport({ command, args, cwd: home, env, stderr: 'ignore' }))
    return asClient(client)
  },
}
