import type { AuthorizationCode } from '../../store/codes.ts'
import type { Grant } from '../../store/grants.ts'
import { openCode } from '../../tokens/authorization-code.ts'
import { formatRefreshToken } from '../../tokens/refresh-token.ts'
import { equalSecrets, randomId, sha256 } from '../../tokens/secrets.ts'
import type { AuthorizationServer } from '../authorization-server.ts'
import { authenticateClient, type ClientCredentials } from '../clients/client-authentication.ts'
import { OAuthError } from '../http/errors.ts'
import type { Parameters } from '../http/parameters.ts'
import { auditedGrant } from './audited-grant.ts'
import { checkContinuation } from './continued-grant.ts'
import { endAfterReuse } from './end-grant.ts'
import { type TokenResponse, tokenResponse } from './token-response.ts'

/** RFC 7636 §4.1. */
const CODE_VERIFIER = /^[A-Za-z0-9._~-]{43,128}$/
/** Seconds after its first use in which a code that comes again is a repetition, not a theft. */
const REPETITION_WINDOW = 10

/**
 * The authorization code grant (OAuth 2.1 §4.1.3, RFC 7636). Three calls to the table: client and code, the spending
 * update, the grant. Everything is checked, and the tokens are made, before the code is spent.
 * @throws OAuthError, StoreUnavailable, KeysUnavailable
 */
export async function redeemCode(
  server: AuthorizationServer,
  form: Parameters,
  credentials: ClientCredentials,
  requestId: string,
): Promise<TokenResponse> {
  const presented = form.get('code')
  const verifier = form.get('code_verifier')
  const now = server.now()
  const flowId = presented === undefined ? undefined : await server.keys.find((keys) => openCode(presented, keys, now))
  const keys = await server.keys.read()
  const { client: found, code } = await server.store.clientAndCode(credentials.clientId, flowId)
  const client = await authenticateClient(server, found, credentials, code?.clientId)
  if (presented === undefined) throw new OAuthError('invalid_request', 'code is missing')
  if (verifier === undefined || !CODE_VERIFIER.test(verifier))
    throw new OAuthError('invalid_request', 'code_verifier is missing or malformed')
  if (code === undefined || !isProven(code, client.clientId, form.get('redirect_uri'), verifier))
    throw invalidCode(code)
  if (code.usedAt !== undefined) {
    if (now - code.usedAt > REPETITION_WINDOW) await endAfterReuse(server, code, 'code used again', requestId)
    throw invalidCode(code)
  }
  const { policy, server: granted, scopes } = await checkContinuation(server, code, form.get('resource'))

  const absoluteEnd = code.signedIn.signedInAt + policy.lifetimes.refreshAbsolute
  const refreshes = client.metadata.grant_types.includes('refresh_token')
  const refreshToken = formatRefreshToken(code, 0, keys, now)
  const grant: Grant = {
    grantId: code.grantId,
    flowId: code.flowId,
    clientId: client.clientId,
    server: granted.name,
    resource: granted.resource,
    scopes: code.scopes,
    signedIn: code.signedIn,
    salt: code.salt,
    generation: 0,
    kid: refreshToken.kid,
    supersededAt: [],
    absoluteEnd,
    expiresAt: Math.min(now + policy.lifetimes.refreshIdle, absoluteEnd),
  }
  const issued = refreshes ? refreshToken.token : undefined
  const response = tokenResponse(
    { issuer: server.issuer, policy, server: granted, grant, scopes, refreshToken: issued },
    keys,
    now,
  )
  await spend(server, code, grant)
  server.audit('token.issued', { requestId, ...auditedGrant(code), scopes })
  return response
}

/** Of any number of parallel requests one spends the code; a failing table does not cost the client its code. */
async function spend(server: AuthorizationServer, code: AuthorizationCode, grant: Grant): Promise<void> {
  const { codes, grants } = server.store
  const redemption = randomId()
  let begun: boolean
  try {
    begun = (await codes.redeem(code.flowId, redemption)) && (await grants.begin(grant))
  } catch (error) {
    // Also where it is not known whether it was spent: the reply alone may have been late.
    await codes.release(code.flowId, redemption).catch(() => undefined)
    throw error
  }
  if (!begun) throw invalidCode(code)
}

/** Whether whoever presents the code is who it was issued to: the client, the redirect URI, the verifier (AS-12). */
function isProven(
  code: AuthorizationCode,
  clientId: string,
  redirectUri: string | undefined,
  verifier: string,
): boolean {
  return (
    code.clientId === clientId && code.redirectUri === redirectUri && equalSecrets(sha256(verifier), code.codeChallenge)
  )
}

/** One answer for every reason: which check failed is nobody's business. */
function invalidCode(code?: AuthorizationCode): OAuthError {
  return new OAuthError('invalid_grant', 'The code is not valid', { ...(code && { about: auditedGrant(code) }) })
}
