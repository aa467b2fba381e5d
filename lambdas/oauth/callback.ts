import type { IdentityClaims } from '../../model/rules/domain-authority.ts'
import type { KnownClient } from '../store/clients.ts'
import type { Factory } from '../store/factory-documents.ts'
import type { SignedInPerson } from '../store/signed-in-person.ts'
import { equalSecrets } from '../tokens/secrets.ts'
import { accountSignedIn } from './account/sign-in.ts'
import { admitToServer, explain, type Refusal } from './admission.ts'
import type { AuthorizationServer } from './authorization-server.ts'
import { factoryFor } from './clients/configured-client.ts'
import { destination } from './clients/redirect-uri.ts'
import { answerError, authorizationResponseUrl, errorResponseUrl } from './flow/authorization-response.ts'
import { beginSession } from './flow/browser-session.ts'
import { finishSignIn } from './flow/finish-sign-in.ts'
import type { AccountFlow, ApprovedFlow } from './flow/flow.ts'
import { clientOfFlow } from './flow/flow-client.ts'
import { openFlow } from './flow/flow-cookies.ts'
import { issueCode, issuedCode } from './flow/issue-code.ts'
import { withinCeiling } from './flow/offered-scopes.ts'
import { PageError } from './http/errors.ts'
import type { Request } from './http/request.ts'
import { html, type Response, redirect, withCookies } from './http/response.ts'
import { messagePage } from './pages/message-page.ts'

/**
 * The identity provider's answer. The state is matched against this browser's sealed flow before anything is done
 * (AS-09). The rules only ever narrow what was approved.
 */
export async function callback(server: AuthorizationServer, request: Request): Promise<Response> {
  const flow = await findFlow(server, request)
  const everything = await server.store.factory()
  if (!('approved' in flow)) return accountSignedIn(server, request, everything, flow)
  const client = await clientOfFlow(server, flow)
  const factory = factoryFor(client.clientId, everything)

  // A reloaded page: one flow has one code, and the provider's answer cannot be exchanged twice.
  const already = await issuedCode(server, flow.id)
  if (already !== undefined) return redirect(authorizationResponseUrl(flow.request, { code: already }, server.issuer))

  return finishSignIn(server, request, flow, everything, (result) => {
    if (result.outcome === 'cancelled')
      return answerError(
        flow.request,
        { error: 'access_denied', description: 'The person did not sign in.' },
        { issuer: server.issuer, hosts: factory.policy.redirects.hosts, client, requestId: request.requestId },
        'get',
      )
    if (result.outcome === 'refused') return refused(server, request, flow, result.claims, result.refusal)
    return allow(server, request, factory, client, flow, result.signedIn, result.claims)
  })
}

/** The person is who the organisation admits: a browser session, and for this server a code. */
async function allow(
  server: AuthorizationServer,
  request: Request,
  factory: Factory,
  client: KnownClient,
  flow: ApprovedFlow,
  signedIn: SignedInPerson,
  claims: IdentityClaims,
): Promise<Response> {
  const wanted = factory.servers.find(({ name }) => name === flow.approved.server)
  if (wanted === undefined) throw new PageError('This server is not there any more', 'Start again in the application.')
  const admitted = admitToServer(signedIn.person, wanted)
  if (!admitted.admitted) return refused(server, request, flow, claims, admitted)
  const scopes = withinCeiling(flow.approved.scopes, signedIn.person, wanted)
  if (scopes.length === 0)
    return refused(server, request, flow, claims, {
      admitted: false,
      rule: 'server scopes',
      detail: `none of ${flow.approved.scopes} may be held`,
    })
  const session = await beginSession(server, request, signedIn, factory.policy.lifetimes)
  const { sub, email, tenant } = signedIn.person
  const { requestId } = request
  server.audit('sign_in.succeeded', { requestId, sub, email, tenant, client: client.clientId, server: wanted.name })
  const code = await issueCode(server, {
    flowId: flow.id,
    request: flow.request,
    client,
    server: wanted,
    policy: factory.policy,
    signedIn,
    scopes,
    consent: 'given',
    requestId,
  })
  if (code === undefined) throw new PageError('This sign-in has been used already', 'Start again in the application.')
  return withCookies(redirect(authorizationResponseUrl(flow.request, { code }, server.issuer)), [session])
}

/** The flow that this browser was sent upstream with; no other browser's, and no other flow's, is accepted. */
async function findFlow(server: AuthorizationServer, request: Request): Promise<ApprovedFlow | AccountFlow> {
  const state = request.query.repeated.length > 0 ? undefined : request.query.get('state')
  const [flowId = ''] = state?.split('.') ?? []
  const flow = await openFlow(server, request, ['upstream', 'account'], flowId)
  if (state === undefined || flow === undefined || !equalSecrets(state, flow.upstream.state))
    throw new PageError(
      'This sign-in was not started here',
      'It began more than ten minutes ago, or in another browser. Start again in the application.',
    )
  return flow
}

/** A page that says which rule, in general terms; the log says exactly. The application learns of it by the link. */
function refused(
  server: AuthorizationServer,
  request: Request,
  flow: ApprovedFlow,
  claims: Readonly<Record<string, unknown>>,
  refusal: Refusal,
): Response {
  const { rule, detail } = refusal
  server.audit('sign_in.refused', {
    requestId: request.requestId,
    rule,
    detail,
    email: typeof claims.email === 'string' ? claims.email : undefined,
    client: flow.request.clientId,
    server: flow.approved.server,
  })
  const goesTo = destination(flow.request.redirectUri)
  return html(
    403,
    messagePage({
      title: 'You cannot be given access',
      paragraphs: [
        explain(refusal, claims),
        'If you have another account, start again in the application. If you think this is wrong, give your administrator the request number.',
        `The link leads to ${goesTo}.`,
      ],
      link: {
        href: errorResponseUrl(
          flow.request,
          { error: 'access_denied', description: 'The organisation does not admit this account.' },
          server.issuer,
        ),
        text: 'Back to the application',
      },
      requestId: request.requestId,
    }),
  )
}
