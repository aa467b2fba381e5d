import type { PolicyDocument, ServerDocument } from '../../../model/documents.ts'
import type { Person } from '../../../model/person.ts'
import type { BrowserSession } from '../../store/browser-sessions.ts'
import type { KnownClient } from '../../store/clients.ts'
import type { Factory } from '../../store/factory-documents.ts'
import { randomSecret } from '../../tokens/secrets.ts'
import { admitToServer } from '../admission.ts'
import type { AuthorizationServer } from '../authorization-server.ts'
import { destination } from '../clients/redirect-uri.ts'
import type { Request } from '../http/request.ts'
import { html, type Response, withCookies } from '../http/response.ts'
import { consentPage } from '../pages/consent-page.ts'
import type { PendingFlow } from './flow.ts'
import { keepFlow } from './flow-cookies.ts'
import { offeredScopes } from './offered-scopes.ts'

export interface ConsentQuestion {
  readonly flowId: string
  readonly request: PendingFlow['request']
  readonly freshSignIn: boolean
  readonly client: KnownClient
  readonly session: BrowserSession | undefined
}

/**
 * Shows the consent page and seals the pending request into this browser's cookie. Nothing is written.
 * @throws PageError where the request is too large to be kept by a browser
 */
export async function askConsent(
  server: AuthorizationServer,
  request: Request,
  factory: Factory,
  question: ConsentQuestion,
): Promise<Response> {
  const servers = consentServers(question.request.server, factory.servers, undefined)
  const admitting = consentServers(question.request.server, factory.servers, question.session?.signedIn.person)
  // Somebody else's account may be admitted: the page asks as if nobody were signed in, and says why.
  const session = admitting.length > 0 ? question.session : undefined
  const offered = session === undefined ? servers : admitting
  const flow: PendingFlow = {
    id: question.flowId,
    request: question.request,
    csrf: randomSecret(),
    sessionId: session?.id,
    freshSignIn: question.freshSignIn,
  }
  const cookies = await keepFlow(server, request, 'consent', flow)
  const person = session?.signedIn.person
  const page = consentPage({
    flowId: flow.id,
    csrf: flow.csrf,
    organisation: factory.policy.organisation,
    clientName: question.client.metadata.client_name,
    clientHost: question.client.vouchedBy === 'host' ? new URL(question.client.clientId).hostname : undefined,
    ownClient: question.client.vouchedBy === 'config',
    destination: destination(question.request.redirectUri),
    choices: offered.map((choice) => ({ ...choice, ...offeredScopes(choice, question.request.scopes, person) })),
    asked: question.request.scopes,
    person,
    provider: providerName(factory.policy),
    notice:
      question.session !== undefined && session === undefined
        ? `${question.session.signedIn.person.email} may not use this server. You can continue with another account.`
        : undefined,
  })
  return withCookies(html(200, page), cookies)
}

/** The servers that a request can be for: the one it names, or all; where the person is known, those that admit them. */
export function consentServers(
  name: string | undefined,
  servers: readonly ServerDocument[],
  person: Person | undefined,
): ServerDocument[] {
  return servers.filter(
    (server) =>
      (name === undefined || server.name === name) && (person === undefined || admitToServer(person, server).admitted),
  )
}

/** The identity provider's name, for people. */
export function providerName({ connection }: PolicyDocument): string {
  return connection.provider === 'google' ? 'Google' : new URL(connection.issuer).hostname
}
