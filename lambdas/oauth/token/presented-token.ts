import type { KnownClient } from '../../store/clients.ts'
import type { Grant } from '../../store/grants.ts'
import { parseRefreshToken, verifyRefreshToken } from '../../tokens/refresh-token.ts'
import { type AccessTokenClaims, verifyAccessToken } from '../../tokens/verify-access-token.ts'
import type { AuthorizationServer } from '../authorization-server.ts'
import { authenticateClient, type ClientCredentials, readClientCredentials } from '../clients/client-authentication.ts'
import { readForm } from '../http/body.ts'
import { OAuthError } from '../http/errors.ts'
import type { Request } from '../http/request.ts'
import { jwkSet } from '../jwks.ts'

/** A genuine token of ours that a client asks about; `grant` is absent where it has ended or expired. */
export type PresentedToken =
  | { readonly type: 'access'; readonly claims: AccessTokenClaims; readonly grant: Grant | undefined }
  | { readonly type: 'refresh'; readonly grant: Grant }

/**
 * Reads a request of RFC 7009 §2.1 or RFC 7662 §2.1: who asks, authenticated as at the token endpoint, and about which
 * token. `token_type_hint` is never needed: our tokens tell themselves apart.
 * @returns `presented` undefined for whatever is not, or no longer, a token of ours; then `client` may be, too
 * @throws OAuthError `invalid_request` or `invalid_client`, StoreUnavailable, KeysUnavailable
 */
export async function readPresentedToken(
  server: AuthorizationServer,
  request: Request,
): Promise<{ readonly client: KnownClient | undefined; readonly presented: PresentedToken | undefined }> {
  const form = readForm(request)
  if (form.repeated.length > 0) throw new OAuthError('invalid_request', 'A parameter is given more than once')
  const credentials = readClientCredentials(request.header('authorization'), form)
  const token = form.get('token') ?? ''
  const refresh = parseRefreshToken(token)
  const claims = refresh === undefined ? await accessTokenClaims(server, token) : undefined
  const { client: found, grant } = await server.store.clientAndGrant(
    credentials.clientId,
    refresh?.grantId ?? claims?.sid,
  )
  let presented: PresentedToken | undefined = claims && { type: 'access', claims, grant }
  if (refresh !== undefined && grant !== undefined) {
    const now = server.now()
    const genuine = await server.keys.find((keys) => verifyRefreshToken(refresh, grant, keys, now) || undefined)
    presented = genuine && { type: 'refresh', grant }
  }
  const holder = claims?.client_id ?? presented?.grant?.clientId
  const client = await authenticated(server, found, credentials, holder)
  if (token === '') throw new OAuthError('invalid_request', 'token is missing')
  return { client, presented }
}

/** A client whose document is not read for a token that is not its own stays unknown: nothing is told or done. */
async function authenticated(
  server: AuthorizationServer,
  found: Parameters<typeof authenticateClient>[1],
  credentials: ClientCredentials,
  holder: string | undefined,
): Promise<KnownClient | undefined> {
  try {
    return await authenticateClient(server, found, credentials, holder)
  } catch (error) {
    if (error instanceof OAuthError && error.code === 'invalid_grant') return undefined
    throw error
  }
}

async function accessTokenClaims(server: AuthorizationServer, token: string): Promise<AccessTokenClaims | undefined> {
  const now = server.now()
  return verifyAccessToken(token, server.issuer, jwkSet(await server.store.publicKeys(), now).keys, now)
}
