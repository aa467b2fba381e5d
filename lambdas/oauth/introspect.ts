import { formatScope, parseScope } from '../../model/scopes.ts'
import type { Grant } from '../store/grants.ts'
import type { AuthorizationServer } from './authorization-server.ts'
import { mayIntrospect } from './clients/configured-client.ts'
import { OAuthError } from './http/errors.ts'
import type { Request } from './http/request.ts'
import { json, type Response } from './http/response.ts'
import { checkContinuation } from './token/continued-grant.ts'
import { type PresentedToken, readPresentedToken } from './token/presented-token.ts'

const INACTIVE = { active: false } as const

/**
 * The introspection endpoint (RFC 7662, AS-23) for clients that can authenticate: of their own tokens, and of access
 * tokens for a server that the config puts them behind, they learn what the gates would make of them now; of any other
 * only `active: false`.
 * @throws OAuthError, StoreUnavailable, KeysUnavailable
 */
export async function introspect(server: AuthorizationServer, request: Request): Promise<Response> {
  const { client, presented } = await readPresentedToken(server, request)
  // RFC 7662 §2.1: a public client's id is known to anybody and authorizes nothing.
  if (client?.metadata.token_endpoint_auth_method === 'none')
    throw new OAuthError('invalid_client', 'Only a client that authenticates may ask', { status: 401 })
  const told = client && presented?.grant && (await mayAsk(server, client.clientId, presented, presented.grant))
  const body = told ? await describe(server, presented, presented.grant) : INACTIVE
  return json(200, body, { Pragma: 'no-cache' })
}

async function mayAsk(
  server: AuthorizationServer,
  clientId: string,
  { type }: PresentedToken,
  grant: Grant,
): Promise<boolean> {
  if (grant.clientId === clientId) return true
  return type === 'access' && mayIntrospect(clientId, grant.server, (await server.store.factory()).policy)
}

/** RFC 7662 §2.2. Every rule is tried as at a refresh; scopes that the person may hold no longer are left out. */
async function describe(server: AuthorizationServer, presented: PresentedToken, grant: Grant) {
  const continued = await checkContinuation(server, grant, undefined).catch((error: unknown) => {
    if (error instanceof OAuthError) return undefined
    throw error
  })
  if (continued === undefined) return INACTIVE
  const { resource, clientId, signedIn } = grant
  const common = { active: true, iss: server.issuer, aud: resource, sub: signedIn.person.sub, client_id: clientId }
  if (presented.type === 'refresh') return { ...common, scope: formatScope(continued.scopes), exp: grant.expiresAt }
  const { scope, iat, exp, jti } = presented.claims
  // As at the gates: no token outlives the policy's lifetime.
  const end = Math.min(exp, iat + continued.policy.lifetimes.accessToken)
  if (end <= server.now()) return INACTIVE
  const held = parseScope(scope).filter((each) => continued.scopes.includes(each))
  return { ...common, token_type: 'Bearer', scope: formatScope(held), iat, exp: end, jti }
}
