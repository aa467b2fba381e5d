import {
  Client,
  type FetchLike,
  StreamableHTTPClientTransport,
  UnauthorizedError,
  type VersionNegotiationMode,
} from '@modelcontextprotocol/client'
import type { MemoryOAuthClient } from './oauth-client.ts'

export interface ConnectOptions {
  /** The server's URL, as a user would type it into a client. */
  readonly server: URL
  readonly oauth: MemoryOAuthClient
  /** Takes a person through the pages; returns where the client's redirect URI was called. */
  readonly authorize: (authorizationUrl: URL) => Promise<URL>
  /** Which revision of the protocol to speak; `auto` asks the server. */
  readonly mode?: VersionNegotiationMode
  readonly fetch?: FetchLike
}

/**
 * Connects an MCP client (SDK 2) the way clients do: try, be refused, discover, register, authorize, try again.
 * @throws UnauthorizedError where the server still refuses after a sign-in
 */
export async function connect(options: ConnectOptions): Promise<Client> {
  const refused = await tryToConnect(options)
  if (refused instanceof Client) return refused
  const { oauth, authorize } = options
  if (oauth.authorizationUrl === undefined) throw new Error('the client was refused and knows nowhere to sign in')
  const callback = await authorize(oauth.authorizationUrl)
  await refused.finishAuth(oauth.authorizationResponse(callback))
  const connected = await tryToConnect(options)
  if (connected instanceof Client) return connected
  throw new UnauthorizedError(`${options.server.href} refuses the token that was issued for it`)
}

/** The client, or the transport whose request was refused and who now knows where to sign in. */
async function tryToConnect(options: ConnectOptions): Promise<Client | StreamableHTTPClientTransport> {
  const transport = new StreamableHTTPClientTransport(options.server, {
    authProvider: options.oauth,
    ...(options.fetch && { fetch: options.fetch }),
  })
  const client = new Client(
    { name: options.oauth.clientMetadata.client_name, version: '1.0.0' },
    { versionNegotiation: { mode: options.mode ?? 'auto' } },
  )
  try {
    await client.connect(transport)
    return client
  } catch (error) {
    if (error instanceof UnauthorizedError) return transport
    throw error
  }
}
