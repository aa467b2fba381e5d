import type { IncomingMessage, ServerResponse } from 'node:http'
import type Provider from 'oidc-provider'
import { errorPage, sendPage } from './page.ts'

/** Cognito's, at its sign-in domain. */
export const SIGN_OUT_PATH = '/logout'

/**
 * Signs a browser out as Cognito does: by `GET /logout?client_id=…&logout_uri=…`, asking nothing, on to a sign-out URL
 * that the user pool's client has.
 * @param allowed those URLs
 */
export async function signOut(
  provider: Provider,
  clientId: string,
  allowed: readonly string[],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { searchParams } = new URL(request.url ?? '/', provider.issuer)
  const target = searchParams.get('logout_uri') ?? ''
  if (searchParams.get('client_id') !== clientId || !allowed.includes(target)) {
    sendPage(response, 400, errorPage('This sign-out cannot go on', 'The client has no such sign-out URL.'))
    return
  }
  const session = await provider.Session.get(provider.createContext(request, response))
  await session.destroy()
  response.writeHead(302, { Location: target }).end()
}
