import { errorChain } from '../shell/error-chain.ts'
import type { RegisteredClient } from '../store/clients.ts'
import type { Factory } from '../store/factory-documents.ts'
import type { SignedInPerson } from '../store/signed-in-person.ts'
import { equalSecrets } from '../tokens/secrets.ts'
import { admit, admitToServer, explain, type Refusal } from './admission.ts'
import type { AuthorizationServer } from './authorization-server.ts'
import { destination } from './clients/redirect-uri.ts'
import { answerError, authorizationResponseUrl, errorResponseUrl } from './flow/authorization-response.ts'
import { beginSession } from './flow/browser-session.ts'
import { type ApprovedFlow, FLOW_LIFETIME, flowStartedAt } from './flow/flow.ts'
import { clientOfFlow } from './flow/flow-client.ts'
import { openFlow } from './flow/flow-cookies.ts'
import { issueCode, issuedCode } from './flow/issue-code.ts'
import { withinCeiling } from './flow/offered-scopes.ts'
import { PageError } from './http/errors.ts'
import type { Request } from './http/request.ts'
import { html, type Response, redirect, withCookies } from './http/response.ts'
import { messagePage } from './pages/message-page.ts'
import { type Identity, readIdentity } from './upstream/identity.ts'
import { UpstreamRefused } from './upstream/upstream-errors.ts'

/**
 * The identity provider's answer. The state is matched against this browser's sealed flow before anything is done, and
 * spent in the first write after the provider has vouched (AS-09). The rules only ever narrow what was approved.
 */
export async function callback(server: AuthorizationServer, request: Request): Promise<Response> {
  const flow = await findFlow(server, request)
  const factory = await server.store.factory()
  const client = await clientOfFlow(server, flow)

  // A reloaded page: one flow has one code, and the provider's answer cannot be exchanged twice.
  const already = await issuedCode(server, flow.id)
  if (already !== undefined) return redirect(authorizationResponseUrl(flow.request, { code: already }, server.issuer))

  const denied = await server.store.denyEntries()
  const claims = await signIn(server, request, flow)
  if (claims === 'cancelled')
    return answerError(
      flow.request,
      { error: 'access_denied', description: 'The person did not sign in.' },
      { issuer: server.issuer, hosts: factory.policy.redirects.hosts, requestId: request.requestId },
      'get',
    )
  if (!(await server.store.upstreamStates.spend(flow.upstream.state, flowStartedAt(flow.id) + FLOW_LIFETIME)))
    throw new PageError('This sign-in has been used already', 'Start again in the application.')

  const identity = readIdentity(claims, factory.policy.connection, server.upstream.identityProvider)
  if (identity === undefined)
    return refused(server, request, flow, claims, {
      admitted: false,
      rule: 'identity',
      detail: 'the ID token names no subject of the federated provider',
    })
  const decision = admit(identity, { ...factory, denied }, server.now())
  if (!decision.admitted) return refused(server, request, flow, identity.claims, decision)
  return allow(server, request, factory, client, flow, decision.signedIn, identity)
}

/** The person is who the organisation admits: a browser session, and for this server a code. */
async function allow(
  server: AuthorizationServer,
  request: Request,
  factory: Factory,
  client: RegisteredClient,
  flow: ApprovedFlow,
  signedIn: SignedInPerson,
  identity: Identity,
): Promise<Response> {
  const wanted = factory.servers.find(({ name }) => name === flow.approved.server)
  if (wanted === undefined) throw new PageError('This server is not there any more', 'Start again in the application.')
  const admitted = admitToServer(signedIn.person, wanted)
  if (!admitted.admitted) return refused(server, request, flow, identity.claims, admitted)
  const scopes = withinCeiling(flow.approved.scopes, signedIn.person, wanted)
  if (scopes.length === 0)
    return refused(server, request, flow, identity.claims, {
      admitted: false,
      rule: 'server scopes',
      detail: `none of ${flow.approved.scopes} may be held`,
    })
  const session = await beginSession(server, request, signedIn, factory.policy.lifetimes.browserSession)
  const code = await issueCode(server, {
    flowId: flow.id,
    request: flow.request,
    client,
    server: wanted,
    policy: factory.policy,
    signedIn,
    scopes,
    consent: 'given',
  })
  if (code === undefined) throw new PageError('This sign-in has been used already', 'Start again in the application.')
  return withCookies(redirect(authorizationResponseUrl(flow.request, { code }, server.issuer)), [session])
}

/** The flow that this browser was sent upstream with; no other browser's, and no other flow's, is accepted. */
async function findFlow(server: AuthorizationServer, request: Request): Promise<ApprovedFlow> {
  const state = request.query.repeated.length > 0 ? undefined : request.query.get('state')
  const [flowId = ''] = state?.split('.') ?? []
  const flow = await openFlow('upstream', flowId, request, server.jar, await server.keys.read(), server.now())
  if (state === undefined || flow === undefined || !equalSecrets(state, flow.upstream.state))
    throw new PageError(
      'This sign-in was not started here',
      'It began more than ten minutes ago, or in another browser. Start again in the application.',
    )
  return flow
}

/** @throws PageError, UpstreamUnavailable */
async function signIn(
  server: AuthorizationServer,
  request: Request,
  flow: ApprovedFlow,
): Promise<Readonly<Record<string, unknown>> | 'cancelled'> {
  try {
    return await server.upstream.finish(request.rawQuery, flow.upstream)
  } catch (error) {
    if (!(error instanceof UpstreamRefused)) throw error
    server.log.warn('upstream refused', { requestId: request.requestId, code: error.code, reason: errorChain(error) })
    if (error.code === 'access_denied') return 'cancelled'
    throw new PageError(
      'The sign-in did not work',
      'The identity provider refused it. Start again in the application.',
      {
        cause: error,
      },
    )
  }
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
  server.log.warn('sign-in refused', { requestId: request.requestId, rule, detail })
  const goesTo = destination(flow.request.redirectUri)
  return html(
    403,
    messagePage({
      title: 'You cannot be given access',
      paragraphs: [
        explain(refusal, claims),
        'If you have another account, start again in the application. If you think this is wrong, give your administrator the request number.',
      ],
      link: {
        href: errorResponseUrl(
          flow.request,
          { error: 'access_denied', description: 'The organisation does not admit this account.' },
          server.issuer,
        ),
        text: `Back to ${goesTo}`,
      },
      requestId: request.requestId,
    }),
  )
}
