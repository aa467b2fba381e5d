import type { Client } from '@modelcontextprotocol/client'
import { Browser } from '../local/journey/browser.ts'
import { connect } from '../local/journey/mcp-client.ts'
import { MemoryOAuthClient } from '../local/journey/oauth-client.ts'
import { goThrough } from '../local/journey/person.ts'

const REDIRECT_URL = 'http://127.0.0.1:1/callback'

/** An MCP client that a sample person has signed in, and what its tokens are kept in. */
export async function connectAs(email: string, server: string): Promise<{ client: Client; oauth: MemoryOAuthClient }> {
  const oauth = new MemoryOAuthClient({ name: 'Bench', redirectUrl: REDIRECT_URL })
  const browser = new Browser({ stopAt: ({ href }) => href.startsWith(REDIRECT_URL) })
  const authorize = async (url: URL) => (await goThrough(browser, url, { email })).url
  return { client: await connect({ server: new URL(server), oauth, authorize }), oauth }
}
