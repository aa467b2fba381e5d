import type { PolicyDocument, ServerDocument } from '../../../model/documents.ts'
import { normalizeResource } from '../../../model/resource-urls.ts'
import type { SignedInPerson } from '../../store/signed-in-person.ts'
import { admitToServer, readmit } from '../admission.ts'
import type { AuthorizationServer } from '../authorization-server.ts'
import { factoryFor } from '../clients/configured-client.ts'
import { withinCeiling } from '../flow/offered-scopes.ts'
import { OAuthError } from '../http/errors.ts'
import { auditedGrant } from './audited-grant.ts'

/** What a code or a refresh token stands for. */
export interface Continued {
  readonly grantId: string
  readonly clientId: string
  readonly server: string
  readonly resource: string
  readonly scopes: readonly string[]
  readonly signedIn: SignedInPerson
}

/**
 * Checks, before anything is consumed, that a grant may go on: the resource is the grant's (AS-08), the server is still
 * there, every rule still admits the person, their sign-in is not older than the policy now allows, something is left
 * that they may hold.
 * @param resource as the request names it; the grant's where it names none
 * @throws OAuthError `invalid_target` or `invalid_grant`, StoreUnavailable
 */
export async function checkContinuation(
  server: AuthorizationServer,
  continued: Continued,
  resource: string | undefined,
): Promise<{ readonly policy: PolicyDocument; readonly server: ServerDocument; readonly scopes: readonly string[] }> {
  const [factory, denied] = await Promise.all([server.store.factory(), server.store.denyEntries()])
  const { policy } = factory
  if (resource !== undefined && !isSameResource(resource, continued.resource))
    throw new OAuthError('invalid_target', 'resource is not the one that was granted')
  const refuse = (rule: string, detail: string) =>
    new OAuthError('invalid_grant', 'The grant is not valid any more', {
      cause: new Error(detail),
      about: { ...auditedGrant(continued), rule },
    })
  const { servers } = factoryFor(continued.clientId, factory)
  const granted = servers.find(({ name }) => name === continued.server)
  if (granted === undefined || granted.resource !== continued.resource)
    throw refuse('server', `${continued.server} at ${continued.resource} is not registered`)
  const { signedIn } = continued
  for (const decision of [readmit(signedIn, { policy, denied }, continued), admitToServer(signedIn.person, granted)])
    if (!decision.admitted) throw refuse(decision.rule, decision.detail)
  if (signedIn.signedInAt + policy.lifetimes.refreshAbsolute <= server.now())
    throw refuse('lifetimes', `the sign-in is older than ${policy.lifetimes.refreshAbsolute} s`)
  const scopes = withinCeiling(continued.scopes, signedIn.person, granted)
  if (scopes.length === 0) throw refuse('scopes', `none of ${continued.scopes} may be held`)
  return { policy, server: granted, scopes }
}

/** Most clients send the very text that they were given. */
function isSameResource(one: string, other: string): boolean {
  return one === other || normalizeResource(one) === normalizeResource(other)
}
