import type { AuthorizationServer } from '../authorization-server.ts'
import type { Continued } from './continued-grant.ts'

/** What of a grant says how to end it. */
export interface EndingGrant extends Pick<Continued, 'grantId' | 'clientId' | 'server'> {
  readonly signedIn: { readonly person: { readonly sub: string } }
}

/**
 * Ends a grant for good: its tombstone stops every refresh, a deny entry stops its access tokens at the gates within ten
 * seconds, and its client is not remembered any more.
 * @param reason for the log
 * @throws StoreUnavailable; trying again does what was left undone
 */
export async function endGrant(
  server: Pick<AuthorizationServer, 'store' | 'log'>,
  { grantId, clientId, server: name, signedIn }: EndingGrant,
  reason: string,
  requestId: string,
): Promise<void> {
  const { policy } = await server.store.factory()
  const { sub } = signedIn.person
  await server.store.holdings.endGrant({ sub, grantId, clientId, server: name }, policy.lifetimes.accessToken)
  server.log.warn('grant ended', { requestId, grant: grantId, sub, client: clientId, server: name, reason })
}
