import { ENDPOINTS } from '../../../model/endpoints.ts'
import type { Factory } from '../../store/factory-documents.ts'
import { explain } from '../admission.ts'
import type { AuthorizationServer } from '../authorization-server.ts'
import { beginSession } from '../flow/browser-session.ts'
import { finishSignIn } from '../flow/finish-sign-in.ts'
import { type AccountFlow, newFlowId } from '../flow/flow.ts'
import { forgetFlow, keepFlow } from '../flow/flow-cookies.ts'
import { goUpstream } from '../flow/go-upstream.ts'
import type { Request } from '../http/request.ts'
import { html, type Response, redirect, withCookies } from '../http/response.ts'
import { messagePage } from '../pages/message-page.ts'

/** Sends a person to the identity provider for their own account page: the authorization flow without a client. */
export async function signInToAccount(server: AuthorizationServer, request: Request): Promise<Response> {
  const id = newFlowId(server.now())
  const flow: AccountFlow = { id, upstream: await server.upstream.begin(id, undefined) }
  return withCookies(goUpstream(flow), await keepFlow(server, request, 'account', flow))
}

/** The identity provider's answer to {@link signInToAccount}; its state has been matched against this browser's flow. */
export async function accountSignedIn(
  server: AuthorizationServer,
  request: Request,
  factory: Factory,
  flow: AccountFlow,
): Promise<Response> {
  return finishSignIn(server, request, flow, factory, async (result) => {
    const done = forgetFlow(server, flow.id)
    if (result.outcome === 'cancelled') return withCookies(redirect(ENDPOINTS.account), [done])
    if (result.outcome === 'refused') {
      const { rule, detail } = result.refusal
      const email = typeof result.claims.email === 'string' ? result.claims.email : undefined
      server.audit('sign_in.refused', { requestId: request.requestId, rule, detail, email })
      const page = messagePage({
        title: 'You cannot sign in here',
        paragraphs: [
          explain(result.refusal, result.claims),
          'If you think this is wrong, give your administrator the request number.',
        ],
        link: { href: ENDPOINTS.account, text: 'Use another account' },
        requestId: request.requestId,
      })
      return withCookies(html(403, page), [done])
    }
    const { sub, email, tenant } = result.signedIn.person
    const session = await beginSession(server, request, result.signedIn, factory.policy.lifetimes)
    server.audit('sign_in.succeeded', { requestId: request.requestId, sub, email, tenant })
    return withCookies(redirect(ENDPOINTS.account), [session, done])
  })
}
