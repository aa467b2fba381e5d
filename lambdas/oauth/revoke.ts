import type { AuthorizationServer } from './authorization-server.ts'
import type { Request } from './http/request.ts'
import { json, type Response } from './http/response.ts'
import type { AuditedGrant } from './token/audited-grant.ts'
import { endGrant } from './token/end-grant.ts'
import { type PresentedToken, readPresentedToken } from './token/presented-token.ts'

/**
 * The revocation endpoint (RFC 7009, AS-23). Either token ends the whole grant, its access tokens at the gates within
 * ten seconds. Unknown, expired and another client's tokens get the same answer and nothing happens: whether such a
 * token exists is not told.
 * @throws OAuthError, StoreUnavailable, KeysUnavailable
 */
export async function revoke(server: AuthorizationServer, request: Request): Promise<Response> {
  const { client, presented } = await readPresentedToken(server, request)
  const ending = presented && (await endingGrant(server, presented))
  if (client && ending?.clientId === client.clientId)
    await endGrant(server, ending, 'revoked by its client', request.requestId)
  return json(200, {}, { Pragma: 'no-cache' })
}

/** An access token may outlive its grant's item, so what it says itself counts. */
async function endingGrant(server: AuthorizationServer, presented: PresentedToken): Promise<AuditedGrant> {
  if (presented.type === 'refresh') return presented.grant
  const { sid, sub, client_id, aud } = presented.claims
  const { servers } = await server.store.factory()
  const name = servers.find(({ resource }) => resource === aud)?.name ?? ''
  return { grantId: sid, clientId: client_id, server: name, signedIn: { person: { sub } } }
}
