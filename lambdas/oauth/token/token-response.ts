import type { PolicyDocument, ServerDocument } from '../../../model/documents.ts'
import { formatScope } from '../../../model/scopes.ts'
import type { Grant } from '../../store/grants.ts'
import { signAccessToken } from '../../tokens/access-token.ts'
import type { KeySet } from '../../tokens/key-set.ts'
import { tokenClaims } from '../admission.ts'

/** OAuth 2.1 §3.2.3; `scope` always (AS-22). */
export interface TokenResponse {
  readonly access_token: string
  readonly token_type: 'Bearer'
  /** Seconds. */
  readonly expires_in: number
  readonly refresh_token?: string
  readonly scope: string
}

/**
 * Signs the access token of a grant and puts the answer together.
 * @param now seconds since the epoch
 * @throws KeysUnavailable
 */
export function tokenResponse(
  facts: {
    readonly issuer: string
    readonly policy: PolicyDocument
    readonly server: ServerDocument
    readonly grant: Grant
    /** This access token's. */
    readonly scopes: readonly string[]
    readonly refreshToken: string | undefined
  },
  keys: KeySet,
  now: number,
): TokenResponse {
  const { policy, server, grant, scopes, refreshToken } = facts
  const { person } = grant.signedIn
  // No access token outlives its grant.
  const lifetime = Math.min(policy.lifetimes.accessToken, grant.absoluteEnd - now)
  const accessToken = signAccessToken(
    {
      issuer: facts.issuer,
      resource: server.resource,
      clientId: grant.clientId,
      grantId: grant.grantId,
      scopes,
      person,
      claims: tokenClaims(person, policy, server),
      lifetime,
    },
    keys,
    now,
  )
  return {
    access_token: accessToken,
    token_type: 'Bearer',
    expires_in: lifetime,
    ...(refreshToken !== undefined && { refresh_token: refreshToken }),
    scope: formatScope(scopes),
  }
}
