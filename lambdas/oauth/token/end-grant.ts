import type { AuthorizationServer } from '../authorization-server.ts'
import { auditedGrant } from './audited-grant.ts'
import type { Continued } from './continued-grant.ts'

/** What of a grant says how to end it. */
export interface EndingGrant extends Pick<Continued, 'grantId' | 'clientId' | 'server'> {
  readonly signedIn: { readonly person: { readonly sub: string; readonly email?: string; readonly tenant?: string } }
}

/**
 * Ends a grant for good: its tombstone stops every refresh, a deny entry stops its access tokens at the gates within ten
 * seconds, and its client is not remembered any more.
 * @param reason for the audit
 * @throws StoreUnavailable; trying again does what was left undone
 */
export async function endGrant(
  server: Pick<AuthorizationServer, 'store' | 'audit'>,
  ending: EndingGrant,
  reason: string,
  requestId: string,
): Promise<void> {
  const { grantId, clientId, server: name, signedIn } = ending
  const { policy } = await server.store.factory()
  const { sub } = signedIn.person
  await server.store.holdings.endGrant({ sub, grantId, clientId, server: name }, policy.lifetimes.accessToken)
  server.audit('grant.ended', { requestId, ...auditedGrant(ending), reason })
}

/**
 * Ends a grant of which somebody has a copy (RFC 9700 §4.14.2).
 * @throws StoreUnavailable
 */
export async function endAfterReuse(
  server: Pick<AuthorizationServer, 'store' | 'audit'>,
  grant: Continued,
  reason: string,
  requestId: string,
): Promise<void> {
  server.audit('token.reuse_detected', { requestId, ...auditedGrant(grant), reason })
  await endGrant(server, grant, reason, requestId)
}
