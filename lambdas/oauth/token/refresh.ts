import { parseScope } from '../../../model/scopes.ts'
import type { Grant } from '../../store/grants.ts'
import type { KeySet } from '../../tokens/key-set.ts'
import {
  formatRefreshToken,
  parseRefreshToken,
  type RefreshToken,
  verifyRefreshToken,
} from '../../tokens/refresh-token.ts'
import type { AuthorizationServer } from '../authorization-server.ts'
import { authenticateClient, type ClientCredentials } from '../clients/client-authentication.ts'
import { OAuthError } from '../http/errors.ts'
import type { Parameters } from '../http/parameters.ts'
import { auditedGrant } from './audited-grant.ts'
import { checkContinuation } from './continued-grant.ts'
import { endAfterReuse } from './end-grant.ts'
import { decideRefresh } from './refresh-decision.ts'
import { type TokenResponse, tokenResponse } from './token-response.ts'

/**
 * The refresh token grant (OAuth 2.1 §4.3), rotating. Two calls to the table: client and grant, the exchanging update.
 * Everything is checked, and the tokens are made, before the update.
 * @throws OAuthError, StoreUnavailable, KeysUnavailable
 */
export async function refresh(
  server: AuthorizationServer,
  form: Parameters,
  credentials: ClientCredentials,
  requestId: string,
): Promise<TokenResponse> {
  const presented = form.get('refresh_token')
  const token = presented === undefined ? undefined : parseRefreshToken(presented)
  const { client: found, grant } = await server.store.clientAndGrant(credentials.clientId, token?.grantId)
  const client = await authenticateClient(server, found, credentials, grant?.clientId)
  if (!client.metadata.grant_types.includes('refresh_token'))
    throw new OAuthError('unauthorized_client', 'The client is not registered for the refresh_token grant')
  if (presented === undefined) throw new OAuthError('invalid_request', 'refresh_token is missing')
  // The proof and the client first: a token that is not genuine, or not this client's, touches nothing.
  if (token === undefined || grant === undefined || !(await isGenuine(server, token, grant))) throw invalidGrant()
  if (grant.clientId !== client.clientId) throw invalidGrant(grant)
  const keys = await server.keys.read()
  const response =
    (await exchange(server, form, token, grant, keys, requestId)) ??
    (await exchangeAgain(server, form, token, keys, requestId))
  server.audit('token.refreshed', { requestId, ...auditedGrant(grant), scopes: parseScope(response.scope) })
  return response
}

async function isGenuine(server: AuthorizationServer, token: RefreshToken, grant: Grant): Promise<boolean> {
  const verified = await server.keys.find((keys) => verifyRefreshToken(token, grant, keys, server.now()) || undefined)
  return verified === true
}

/** @returns undefined where a parallel request exchanged the generation first, or the grant ended meanwhile */
async function exchange(
  server: AuthorizationServer,
  form: Parameters,
  token: RefreshToken,
  grant: Grant,
  keys: KeySet,
  requestId: string,
): Promise<TokenResponse | undefined> {
  const now = server.now()
  const decision = decideRefresh(token.generation, grant, now)
  if (decision === 'revoke') await endAfterReuse(server, grant, 'refresh token used again', requestId)
  if (decision === 'revoke' || decision === 'refuse') throw invalidGrant(grant)
  const { policy, server: granted, scopes } = await checkContinuation(server, grant, form.get('resource'))

  const successor =
    decision === 'rotate'
      ? formatRefreshToken(grant, grant.generation + 1, keys, now)
      : formatRefreshToken(grant, grant.generation, keys, now, grant.kid)
  const response = tokenResponse(
    {
      issuer: server.issuer,
      policy,
      server: granted,
      grant,
      scopes: narrowed(parseScope(form.get('scope')), scopes),
      refreshToken: successor.token,
    },
    keys,
    now,
  )
  if (decision === 'repeat') return response
  const expiresAt = Math.min(now + policy.lifetimes.refreshIdle, grant.absoluteEnd)
  return (await server.store.grants.rotate(grant, successor.kid, expiresAt)) ? response : undefined
}

/** Another request was faster: read what it left; within the grace window the answer is the same successor. */
async function exchangeAgain(
  server: AuthorizationServer,
  form: Parameters,
  token: RefreshToken,
  keys: KeySet,
  requestId: string,
): Promise<TokenResponse> {
  const grant = await server.store.grants.find(token.grantId)
  if (grant === undefined) throw invalidGrant()
  const response = await exchange(server, form, token, grant, keys, requestId)
  if (response === undefined) throw invalidGrant()
  return response
}

/** This access token's scopes: fewer where the client asks for fewer (AS-22); the grant keeps all. */
function narrowed(asked: readonly string[], granted: readonly string[]): readonly string[] {
  const kept = granted.filter((scope) => asked.includes(scope))
  return kept.length > 0 ? kept : granted
}

/** One answer for every reason. */
function invalidGrant(grant?: Grant): OAuthError {
  return new OAuthError('invalid_grant', 'The refresh token is not valid', {
    ...(grant && { about: auditedGrant(grant) }),
  })
}
