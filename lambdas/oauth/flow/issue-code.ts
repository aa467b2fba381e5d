import type { PolicyDocument, ServerDocument } from '../../../model/documents.ts'
import type { KnownClient } from '../../store/clients.ts'
import type { SignedInPerson } from '../../store/signed-in-person.ts'
import { formatCode } from '../../tokens/authorization-code.ts'
import { randomId, randomSecret } from '../../tokens/secrets.ts'
import type { AuthorizationServer } from '../authorization-server.ts'
import { destination } from '../clients/redirect-uri.ts'
import { auditedGrant } from '../token/audited-grant.ts'
import type { AuthorizationRequest } from './flow.ts'
import { consentDigest, mayRemember } from './remembered-consent.ts'

/** Seconds a code can be redeemed (AS-12). */
const CODE_LIFETIME = 60
/** Seconds a client that is used stays registered, renewed when under half remains (AS-20). */
const USED_CLIENT_LIFETIME = 400 * 86_400

export interface CodeFacts {
  readonly flowId: string
  readonly request: AuthorizationRequest
  readonly client: KnownClient
  readonly server: ServerDocument
  readonly policy: PolicyDocument
  readonly signedIn: SignedInPerson
  readonly scopes: readonly string[]
  /** Whether the person was asked just now, or had allowed this before. */
  readonly consent: 'given' | 'remembered'
  readonly requestId: string
}

/**
 * Issues the one code of a flow; asked again for the same flow, it returns the same.
 * @returns undefined where the flow's code cannot be given any more: used, expired, or somebody else's
 * @throws StoreUnavailable, KeysUnavailable
 */
export async function issueCode(server: AuthorizationServer, facts: CodeFacts): Promise<string | undefined> {
  const { flowId, request, client, signedIn } = facts
  const { store } = server
  const now = server.now()
  const keys = await server.keys.read()
  const { code, kid } = formatCode(flowId, keys, now)
  const grantId = randomId()
  // Noted first: a grant that its person cannot find could not be ended.
  await noteConsent(server, facts, grantId)
  const issued = await store.codes.issue({
    flowId,
    clientId: client.clientId,
    redirectUri: request.redirectUri,
    codeChallenge: request.codeChallenge,
    resource: facts.server.resource,
    server: facts.server.name,
    scopes: facts.scopes,
    grantId,
    salt: randomSecret(),
    kid,
    signedIn,
    redeemableUntil: now + CODE_LIFETIME,
  })
  if (!issued) return issuedCode(server, flowId, signedIn.person.sub)
  const { consent, requestId, scopes } = facts
  const grant = auditedGrant({ grantId, clientId: client.clientId, server: facts.server.name, signedIn })
  server.audit(`consent.${consent}`, { requestId, ...grant, scopes })
  return code
}

/**
 * The code that a flow has already, as long as it can be redeemed.
 * @param sub the person it must be for; any, where the flow itself proves the browser
 */
export async function issuedCode(
  server: AuthorizationServer,
  flowId: string,
  sub?: string,
): Promise<string | undefined> {
  const code = await server.store.codes.find(flowId)
  const now = server.now()
  if (code === undefined || code.usedAt !== undefined || code.redeemableUntil <= now) return undefined
  if (sub !== undefined && code.signedIn.person.sub !== sub) return undefined
  return formatCode(flowId, await server.keys.read(), now, code.kid).code
}

/** What follows from a person's consent: it is remembered where it may be, indexed, and the client lives on. */
async function noteConsent(server: AuthorizationServer, facts: CodeFacts, grantId: string): Promise<void> {
  const { client, request, policy, signedIn, scopes } = facts
  const { store } = server
  const now = server.now()
  const { sub } = signedIn.person
  const consent = { clientId: client.clientId, server: facts.server.name, scopes }
  await Promise.all([
    store.people.noteGrant(
      sub,
      {
        grantId,
        clientId: client.clientId,
        server: facts.server.name,
        clientName: client.metadata.client_name,
        destination: destination(request.redirectUri),
        allowedAt: now,
      },
      signedIn.signedInAt + policy.lifetimes.refreshAbsolute,
    ),
    // Its end is counted from when the person was asked: use does not move it.
    facts.consent === 'given' &&
      mayRemember(request.redirectUri) &&
      store.people.rememberConsent(
        sub,
        consentDigest(client, request.redirectUri, facts.server),
        consent,
        now + policy.lifetimes.refreshAbsolute,
      ),
    client.expiresAt !== undefined &&
      client.expiresAt - now < USED_CLIENT_LIFETIME / 2 &&
      store.clients.renew(client.clientId, now + USED_CLIENT_LIFETIME),
  ])
}
