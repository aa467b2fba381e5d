import { MemoryOAuthClient } from '../../../local/journey/oauth-client.ts'
import { REDIRECT_URI } from '../../support/oauth.ts'
import { type ClientKind, structuredContent } from '../client.ts'

export const aiSdk: ClientKind = {
  name: 'AI SDK',
  habits: {
    probe: 'POST',
    revision: '2026-07-28',
    methodHeader: true,
    refreshes: 'when refused',
  },
  async start({ url }, person) {
    const { auth, createMCPClient, UnauthorizedError } = await import('@ai-sdk/mcp')
    const oauth = new MemoryOAuthClient({ name: 'AI SDK', redirectUrl: REDIRECT_URI })
    const connect = () => createMCPClient({ transport: { type: 'http', url, authProvider: oauth } })
    const client = await connect().catch(async (error: unknown) => {
      if (!(error instanceof UnauthorizedError) || oauth.authorizationUrl === undefined) throw error
      const response = oauth.authorizationResponse(await person.signIn(oauth.authorizationUrl))
      await auth(oauth, {
        serverUrl: url,
        authorizationCode: response.get('code') ?? '',
        callbackState: response.get('state') ?? '',
        callbackIssuer: response.get('iss') ?? '',
      })
      return connect()
    })
    return {
      listTools: async () => (await client.listTools()).tools.map(({ name }) => name),
      async callTool(name, given) {
        const tool = (await client.tools())[name]
        if (!tool) throw new Error(`no tool ${name}`)
        return structuredContent(
          (await tool.execute(given, { toolCallId: 'one', messages: [], context: {} })) as object,
        )
      },
      close: () => client.close(),
    }
  },
}
