import type { AuthorizationServer } from '../authorization-server.ts'

/**
 * Ends a grant for good: its tombstone stops every refresh, and a deny entry stops its access tokens at the gates within
 * ten seconds.
 * @param reason for the log
 */
export async function endGrant(
  server: AuthorizationServer,
  grantId: string,
  reason: string,
  requestId: string,
): Promise<void> {
  const { policy } = await server.store.factory()
  await server.store.grants.end(grantId)
  await server.store.denyGrant(grantId, policy.lifetimes.accessToken)
  server.log.warn('grant ended', { requestId, grant: grantId, reason })
}
