import type { BrowserSession } from '../store/browser-sessions.ts'
import type { KnownClient } from '../store/clients.ts'
import type { Factory } from '../store/factory-documents.ts'
import { equalSecrets } from '../tokens/secrets.ts'
import type { AuthorizationServer } from './authorization-server.ts'
import { factoryFor } from './clients/configured-client.ts'
import { destination } from './clients/redirect-uri.ts'
import { askConsent, consentServers } from './flow/ask-consent.ts'
import { answerError, authorizationResponseUrl } from './flow/authorization-response.ts'
import { currentSession } from './flow/browser-session.ts'
import type { ApprovedFlow, PendingFlow } from './flow/flow.ts'
import { clientOfFlow } from './flow/flow-client.ts'
import { forgetFlow, keepFlow, openFlow } from './flow/flow-cookies.ts'
import { goUpstream } from './flow/go-upstream.ts'
import { issueCode } from './flow/issue-code.ts'
import { allowedScopes, offeredScopes } from './flow/offered-scopes.ts'
import { readForm } from './http/body.ts'
import { PageError } from './http/errors.ts'
import type { Parameters } from './http/parameters.ts'
import type { Request } from './http/request.ts'
import { html, type Response, withCookies } from './http/response.ts'
import { refuseForeign } from './http/same-origin.ts'
import { continuePage } from './pages/continue-page.ts'

/** Fields of the form; `scope` is a list. */
const LISTS = ['scope']

/**
 * A person's answer to the consent page. Never a redirect: Chromium holds every hop after a form against `form-action`
 * (PLATFORM 10). Only an approval makes the upstream state, nonce and verifier (AS-09).
 */
export async function answerConsent(server: AuthorizationServer, request: Request): Promise<Response> {
  const form = readForm(request)
  refuseRepeated(form)
  refuseForeign(request, server.issuer)
  const flow = await findFlow(server, request, form)
  const client = await clientOfFlow(server, flow)
  const factory = factoryFor(client.clientId, await server.store.factory())

  const decision = form.get('decision')
  if (decision === 'deny') {
    const { requestId } = request
    server.audit('consent.denied', { requestId, client: client.clientId, server: flow.request.server })
    return withCookies(
      answerError(
        { redirectUri: flow.request.redirectUri, state: flow.request.state },
        { error: 'access_denied', description: 'The person did not allow access.' },
        { issuer: server.issuer, hosts: factory.policy.redirects.hosts, client, requestId: request.requestId },
        'form',
      ),
      // A sign-in that was allowed before and ends later finds nothing.
      [forgetFlow(server, flow.id)],
    )
  }
  if (decision !== 'allow' && decision !== 'switch')
    throw new PageError('This answer is incomplete', 'Choose one of the buttons of the page.')
  // Answered before, and the page was posted again: what was approved then stays what was approved.
  if ('upstream' in flow) return goUpstream(flow)

  const session = flow.freshSignIn ? undefined : await currentSession(server, request, factory)
  if (decision === 'allow' && !shownTo(flow, session, factory))
    return askConsent(server, request, factory, {
      flowId: flow.id,
      request: flow.request,
      freshSignIn: flow.freshSignIn,
      client,
      session,
    })
  const answering = decision === 'allow' ? session : undefined
  return flow.sessionId !== undefined && answering !== undefined
    ? allowAsSignedIn(server, request, factory, client, flow, answering, form)
    : allowAndSignIn(server, request, factory, flow, form)
}

/** The person is signed in: the code, at once. */
async function allowAsSignedIn(
  server: AuthorizationServer,
  request: Request,
  factory: Factory,
  client: KnownClient,
  flow: PendingFlow,
  session: BrowserSession,
  form: Parameters,
): Promise<Response> {
  const { server: wanted, scopes } = approval(factory, flow, session, form)
  const code = await issueCode(server, {
    flowId: flow.id,
    request: flow.request,
    client,
    server: wanted,
    policy: factory.policy,
    signedIn: session.signedIn,
    scopes,
    consent: 'given',
    requestId: request.requestId,
  })
  if (code === undefined)
    throw new PageError('This has been answered already', 'If the application still waits, start again there.')
  const goesTo = destination(flow.request.redirectUri)
  const href = authorizationResponseUrl(flow.request, { code }, server.issuer)
  return html(200, continuePage({ title: 'Access allowed', href, link: `Continue to ${goesTo}` }))
}

/** Nobody is signed in, or somebody else is to be: on to the identity provider. */
async function allowAndSignIn(
  server: AuthorizationServer,
  request: Request,
  factory: Factory,
  flow: PendingFlow,
  form: Parameters,
): Promise<Response> {
  const { server: wanted, scopes } = approval(factory, flow, undefined, form)
  const approved: ApprovedFlow = {
    ...flow,
    approved: { server: wanted.name, scopes },
    upstream: await server.upstream.begin(flow.id, flow.request.loginHint),
  }
  return withCookies(goUpstream(approved), await keepFlow(server, request, 'upstream', approved))
}

/** What the form allows: of the server that was asked for, or chosen, only what the page offered. */
function approval(factory: Factory, flow: PendingFlow, session: BrowserSession | undefined, form: Parameters) {
  const person = session?.signedIn.person
  const candidates = consentServers(flow.request.server, factory.servers, person)
  const named = form.get('server')
  const chosen =
    named === undefined && candidates.length === 1 ? candidates[0] : candidates.find(({ name }) => name === named)
  if (chosen === undefined) throw new PageError('No server was chosen', 'Go back and choose one.')
  const scopes = allowedScopes(offeredScopes(chosen, flow.request.scopes, person), form.all('scope'))
  if (scopes.length === 0) throw new PageError('Nothing was allowed', 'Go back and tick what you want to allow.')
  return { server: chosen, scopes }
}

/**
 * Whether the page was shown to the browser session that answers it. One that appeared, ended or changed meanwhile is
 * asked again, so that nobody allows something for an account they did not see.
 */
function shownTo(flow: PendingFlow, session: BrowserSession | undefined, { servers }: Factory): boolean {
  if (flow.sessionId === session?.id) return true
  if (flow.sessionId !== undefined || session === undefined) return false
  // The page was shown as to a stranger, because this person may not use what was asked for.
  return consentServers(flow.request.server, servers, session.signedIn.person).length === 0
}

async function findFlow(
  server: AuthorizationServer,
  request: Request,
  form: Parameters,
): Promise<PendingFlow | ApprovedFlow> {
  const flowId = form.get('flow') ?? ''
  const flow = await openFlow(server, request, ['consent', 'upstream'], flowId)
  if (flow === undefined)
    throw new PageError(
      'This page has expired',
      'It was opened more than ten minutes ago, in another browser, or cookies are blocked. Start again in the application.',
    )
  if (!equalSecrets(form.get('csrf') ?? '', flow.csrf))
    throw new PageError('This answer did not come from our page', 'Start again in the application.', { status: 403 })
  return flow
}

function refuseRepeated(form: Parameters): void {
  const repeated = form.repeated.find((name) => !LISTS.includes(name))
  if (repeated !== undefined) throw new PageError('This answer is malformed', 'A field is given more than once.')
}
