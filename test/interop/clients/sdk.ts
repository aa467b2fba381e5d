import { type ConnectOptions, connect } from '../../../local/journey/mcp-client.ts'
import { MemoryOAuthClient } from '../../../local/journey/oauth-client.ts'
import { REDIRECT_URI } from '../../support/oauth.ts'
import { connectWithSdkV1 } from '../../support/sdk-v1.ts'
import { type Client, type ClientKind, type Habits, structuredContent } from '../client.ts'

export const sdkV1 = ofSdk('SDK v1', { revision: '2025-11-25', methodHeader: false }, connectWithSdkV1)
export const sdkV2 = ofSdk('SDK v2', { revision: '2026-07-28', methodHeader: true }, connect)

/** What the clients of both versions can do. */
interface SdkClient {
  listTools(): Promise<{ readonly tools: readonly { readonly name: string }[] }>
  callTool(call: { readonly name: string; readonly arguments: Record<string, unknown> }): Promise<object>
  close(): Promise<void>
}

function ofSdk(
  name: string,
  habits: Pick<Habits, 'revision' | 'methodHeader'>,
  connectWith: (options: ConnectOptions) => Promise<SdkClient>,
): ClientKind {
  return {
    name,
    habits: { probe: 'POST', refreshes: 'when refused', ...habits },
    start: async ({ url }, person) =>
      asClient(
        await connectWith({
          server: new URL(url),
          oauth: new MemoryOAuthClient({ name, redirectUrl: REDIRECT_URI }),
          authorize: (authorizationUrl) => person.signIn(authorizationUrl),
        }),
      ),
  }
}

export function asClient(client: SdkClient): Client {
  return {
    listTools: async () => (await client.listTools()).tools.map(({ name }) => name),
    callTool: async (name, given) => structuredContent(await client.callTool({ name, arguments: { ...given } })),
    close: () => client.close(),
  }
}
