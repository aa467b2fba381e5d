import { ENDPOINTS } from '../../../model/endpoints.ts'
import { errorChain } from '../../shell/error-chain.ts'
import type { AuthorizationServer } from '../authorization-server.ts'
import { endSession } from '../flow/browser-session.ts'
import type { Request } from '../http/request.ts'
import { html, type Response, seeOther, withCookies } from '../http/response.ts'
import { continuePage } from '../pages/continue-page.ts'

/**
 * Ends this browser session, and the one that Cognito keeps where it stands between: with that one left, the next
 * sign-in would ask nobody. By a page and not a redirect, which `form-action` would stop (PLATFORM 10).
 */
export async function signOut(server: AuthorizationServer, request: Request): Promise<Response> {
  const cleared = await endSession(server, request, 'signed out')
  const href = await server.upstream.signOutUrl(`${server.issuer}${ENDPOINTS.account}`).catch((error: unknown) => {
    // Ours has ended, whatever the provider's does.
    server.log.error('upstream sign-out left out', { requestId: request.requestId, reason: errorChain(error) })
    return undefined
  })
  const next =
    href === undefined
      ? seeOther(ENDPOINTS.account)
      : html(200, continuePage({ title: 'Signing out', href, link: `Continue to ${new URL(href).host}` }))
  return withCookies(next, [cleared])
}
