import type { AuthorizationServer } from '../authorization-server.ts'
import { type AuditedGrant, auditedGrant } from './audited-grant.ts'

/**
 * Ends a grant for good: its tombstone stops every refresh, a deny entry stops its access tokens at the gates within ten
 * seconds, and its client is not remembered any more.
 * @param reason for the audit
 * @throws StoreUnavailable; trying again does what was left undone
 */
export async function endGrant(
  server: Pick<AuthorizationServer, 'store' | 'audit'>,
  grant: AuditedGrant,
  reason: string,
  requestId: string,
): Promise<void> {
  const { policy } = await server.store.factory()
  await server.store.holdings.endGrant(grant.signedIn.person.sub, grant, policy.lifetimes.accessToken)
  server.audit('grant.ended', { requestId, ...auditedGrant(grant), reason })
}

/**
 * Ends a grant of which somebody has a copy (RFC 9700 §4.14.2).
 * @throws StoreUnavailable
 */
export async function endAfterReuse(
  server: Pick<AuthorizationServer, 'store' | 'audit'>,
  grant: AuditedGrant,
  reason: string,
  requestId: string,
): Promise<void> {
  server.audit('token.reuse_detected', { requestId, ...auditedGrant(grant), reason })
  await endGrant(server, grant, reason, requestId)
}
