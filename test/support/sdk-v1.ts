import { UnauthorizedError } from '@modelcontextprotocol/sdk/client/auth.js'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import type { ConnectOptions } from '../../local/journey/mcp-client.ts'

/** Connects an MCP client of SDK 1, the one that most people still have, the way {@link ConnectOptions} says. */
export async function connectWithSdkV1(options: Omit<ConnectOptions, 'mode'>): Promise<Client> {
  const refused = await tryToConnect(options)
  if (refused instanceof Client) return refused
  const { oauth, authorize } = options
  if (oauth.authorizationUrl === undefined) throw new Error('the client was refused and knows nowhere to sign in')
  const callback = await authorize(oauth.authorizationUrl)
  await refused.finishAuth(oauth.authorizationResponse(callback).get('code') ?? '')
  const connected = await tryToConnect(options)
  if (connected instanceof Client) return connected
  throw new UnauthorizedError(`${options.server.href} refuses the token that was issued for it`)
}

async function tryToConnect(options: Omit<ConnectOptions, 'mode'>): Promise<Client | StreamableHTTPClientTransport> {
  const transport = new StreamableHTTPClientTransport(options.server, {
    authProvider: options.oauth,
    ...(options.fetch && { fetch: options.fetch }),
  })
  const client = new Client({ name: options.oauth.clientMetadata.client_name, version: '1.0.0' })
  try {
    // SDK 1 is compiled without exactOptionalPropertyTypes: its own transport does not fit its own interface.
    await client.connect(transport as Parameters<Client['connect']>[0])
    return client
  } catch (error) {
    if (error instanceof UnauthorizedError) return transport
    throw error
  }
}
