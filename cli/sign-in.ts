import { Browser } from '../local/journey/browser.ts'
import { connect } from '../local/journey/mcp-client.ts'
import { MemoryOAuthClient } from '../local/journey/oauth-client.ts'
import { goThrough } from '../local/journey/person.ts'
import { ENDPOINTS } from '../model/endpoints.ts'
import { CommandFailure } from './command-failure.ts'

/** Loopback, and nobody listens: the browser stops there. */
const REDIRECT_URL = 'http://127.0.0.1:1/callback'

export interface SignIn {
  /** The server's URL. */
  readonly server: URL
  /** A sample person. */
  readonly email: string
  /** Space-separated; absent: what the server's challenge asks for. */
  readonly scope?: string | undefined
}

export interface IssuedToken {
  readonly token: string
  /** Seconds. */
  readonly expiresIn: number | undefined
  readonly scope: string | undefined
  /** Gives it back, with all that came with it (RFC 7009). */
  revoke(): Promise<void>
}

/**
 * Signs a sample person in as an MCP client does: refused, discovery, registration, consent, code, token.
 * @throws CommandFailure with what the page says to a person who is not admitted
 */
export async function signIn({ server, email, scope }: SignIn): Promise<IssuedToken> {
  const oauth = new MemoryOAuthClient({ name: 'Factory command line', redirectUrl: REDIRECT_URL })
  const authorize = async (url: URL) => {
    if (scope !== undefined) url.searchParams.set('scope', scope)
    const browser = new Browser({ stopAt: ({ href }) => href.startsWith(REDIRECT_URL) })
    const end = await goThrough(browser, url, { email, ...(scope !== undefined && { tick: scope.split(' ') }) })
    const told = end.elements.find(({ tag }) => tag === 'p')?.text ?? end.text
    if (end.status !== 0) throw new CommandFailure(`${email} gets no token. ${end.heading}: ${told}`)
    return end.url
  }
  try {
    const client = await connect({ server, oauth, authorize })
    await client.close()
  } catch (error) {
    if (error instanceof CommandFailure) throw error
    // The token is what was asked for, whatever the server makes of it.
    if (oauth.issued === undefined) throw new CommandFailure(`${email} gets no token. ${(error as Error).message}`)
  }
  const { issued } = oauth
  if (issued === undefined) throw new CommandFailure(`${server.href} asks for no token.`)
  const revoke = async () => {
    const body = new URLSearchParams({ client_id: oauth.registration?.client_id ?? '', token: issued.access_token })
    await fetch(new URL(ENDPOINTS.revoke, oauth.authorizationUrl), { method: 'POST', body })
  }
  return { token: issued.access_token, expiresIn: issued.expires_in, scope: issued.scope, revoke }
}
