import type { KnownClient } from '../../store/clients.ts'
import type { AuthorizationServer } from '../authorization-server.ts'
import { isRegisteredRedirectUri } from '../clients/redirect-uri.ts'
import { PageError } from '../http/errors.ts'
import type { PendingFlow } from './flow.ts'

/**
 * The client of a flow that comes back. What it registered is looked at again: it may have gone, or changed, meanwhile.
 * @throws PageError, StoreUnavailable
 */
export async function clientOfFlow(server: AuthorizationServer, flow: PendingFlow): Promise<KnownClient> {
  const { clientId, redirectUri } = flow.request
  const client = await server.clients.find(clientId)
  if (client === undefined || !isRegisteredRedirectUri(redirectUri, client.metadata.redirect_uris))
    throw new PageError('The application is not known here any more', 'Start again in the application.')
  return client
}
