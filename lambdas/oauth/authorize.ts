import { redirectUriKind } from '../../model/redirect-uri.ts'
import type { BrowserSession } from '../store/browser-sessions.ts'
import type { KnownClient } from '../store/clients.ts'
import type { Factory } from '../store/factory-documents.ts'
import { admitToServer } from './admission.ts'
import type { AuthorizationServer } from './authorization-server.ts'
import { factoryFor } from './clients/configured-client.ts'
import { destination, isRegisteredRedirectUri, leadsToIssuer } from './clients/redirect-uri.ts'
import { askConsent } from './flow/ask-consent.ts'
import { checkAuthorizationRequest, type Prompt } from './flow/authorization-request.ts'
import { answerError, authorizationResponseUrl } from './flow/authorization-response.ts'
import { currentSession } from './flow/browser-session.ts'
import { type AuthorizationRequest, newFlowId } from './flow/flow.ts'
import { issueCode } from './flow/issue-code.ts'
import { offeredScopes, withinCeiling } from './flow/offered-scopes.ts'
import { consentDigest, covers, mayRemember } from './flow/remembered-consent.ts'
import { PageError } from './http/errors.ts'
import type { Request } from './http/request.ts'
import { type Response, redirect } from './http/response.ts'

/**
 * The authorization endpoint (OAuth 2.1 §4.1.1). Nothing is redirected to a URI that is not validated, and nothing is
 * written before a person has signed in.
 */
export async function authorize(server: AuthorizationServer, request: Request): Promise<Response> {
  const client = await findClient(server, request)
  const factory = factoryFor(client.clientId, await server.store.factory())
  const redirectUri = chooseRedirectUri(server, request, client, factory)
  const target = { redirectUri, state: request.query.get('state') }
  const { hosts } = factory.policy.redirects
  const facts = { issuer: server.issuer, hosts, client, requestId: request.requestId }

  const checked = checkAuthorizationRequest(request.query, client, redirectUri, factory)
  if (!checked.ok) return answerError(target, checked, facts, 'get')

  const session = checked.prompt.login ? undefined : await currentSession(server, request, factory)
  const code = await codeWithoutAsking(server, request, client, checked, session, factory)
  if (code !== undefined) return redirect(authorizationResponseUrl(target, { code }, server.issuer))
  if (checked.prompt.none)
    return answerError(
      target,
      session === undefined
        ? { error: 'login_required', description: 'Nobody is signed in here' }
        : { error: 'consent_required', description: 'The person must be asked' },
      facts,
      'get',
    )
  return askConsent(server, request, factory, {
    flowId: newFlowId(server.now()),
    request: checked.request,
    freshSignIn: checked.prompt.login,
    client,
    session,
  })
}

async function findClient(server: AuthorizationServer, request: Request): Promise<KnownClient> {
  const clientId = onlyOne(request, 'client_id')
  const client = clientId === undefined ? undefined : await server.clients.find(clientId)
  if (client === undefined)
    throw new PageError(
      'The application is not known here',
      'Its registration is missing or has expired. Remove the connection in the application and add it again.',
      { status: clientId === undefined ? 400 : 401 },
    )
  return client
}

/** Everything that can go wrong here stays on a page: a URI that is not validated is never redirected to (AS-06). */
function chooseRedirectUri(
  { issuer }: AuthorizationServer,
  request: Request,
  client: KnownClient,
  { policy }: Factory,
): string {
  const uri = onlyOne(request, 'redirect_uri')
  const registered = client.metadata.redirect_uris
  // Always asked for, as OpenID Connect does: a loopback URI with any port is not known before it is named.
  if (uri === undefined)
    throw new PageError('The application’s request is incomplete', 'It does not say where to send the answer.')
  const permitted = redirectUriKind(uri, policy.redirects.schemes) !== undefined && !leadsToIssuer(uri, issuer)
  if (!permitted || !isRegisteredRedirectUri(uri, registered))
    throw new PageError(
      'This answer would go to the wrong place',
      `The application asks for the answer to be sent to ${host(uri)}, which is not where it is registered. You have not been sent there. Remove the connection in the application and add it again; if you did not start this, close the page.`,
    )
  return uri
}

/** @throws PageError for a parameter that is repeated before anything could be validated */
function onlyOne(request: Request, name: string): string | undefined {
  if (request.query.repeated.includes(name))
    throw new PageError('The application’s request is malformed', `The parameter ${name} is given more than once.`)
  return request.query.get(name)
}

/** The code at once, where the person is signed in and has allowed exactly this before. */
async function codeWithoutAsking(
  server: AuthorizationServer,
  { requestId }: Request,
  client: KnownClient,
  { request: asked, prompt }: { readonly request: AuthorizationRequest; readonly prompt: Prompt },
  session: BrowserSession | undefined,
  { policy, servers }: Factory,
): Promise<string | undefined> {
  const wanted = servers.find(({ name }) => name === asked.server)
  if (session === undefined || wanted === undefined || prompt.consent || !mayRemember(asked.redirectUri))
    return undefined
  const { signedIn } = session
  if (!admitToServer(signedIn.person, wanted).admitted) return undefined
  const remembered = await server.store.people.rememberedConsent(
    signedIn.person.sub,
    consentDigest(client, asked.redirectUri, wanted),
  )
  if (remembered === undefined) return undefined
  const everyday = offeredScopes(wanted, asked.scopes, signedIn.person).everyday.map(({ name }) => name)
  const named = withinCeiling(asked.scopes, signedIn.person, wanted)
  const scopes = [...new Set([...everyday, ...named])]
  if (scopes.length === 0 || !covers(remembered, scopes)) return undefined
  return issueCode(server, {
    flowId: newFlowId(server.now()),
    request: asked,
    client,
    server: wanted,
    policy,
    signedIn,
    scopes,
    consent: 'remembered',
    requestId,
  })
}

function host(uri: string): string {
  return URL.canParse(uri) ? destination(uri).slice(0, 200) : 'an address that cannot be read'
}
