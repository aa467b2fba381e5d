import type { PolicyDocument, ServerDocument } from '../../../model/documents.ts'
import { formatScope } from '../../../model/scopes.ts'
import type { SignedInPerson } from '../../store/signed-in-person.ts'
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
export async function tokenResponse(
  facts: {
    readonly issuer: string
    readonly policy: PolicyDocument
    readonly server: ServerDocument
    readonly clientId: string
    readonly grantId: string
    readonly scopes: readonly string[]
    readonly signedIn: SignedInPerson
    /** Seconds since the epoch: no access token outlives its grant. */
    readonly absoluteEnd: number
    readonly refreshToken: string | undefined
  },
  keys: KeySet,
  now: number,
): Promise<TokenResponse> {
  const { policy, server, signedIn, refreshToken } = facts
  const lifetime = Math.min(policy.lifetimes.accessToken, facts.absoluteEnd - now)
  const accessToken = await signAccessToken(
    {
      issuer: facts.issuer,
      resource: server.resource,
      clientId: facts.clientId,
      grantId: facts.grantId,
      scopes: facts.scopes,
      person: signedIn.person,
      claims: tokenClaims(signedIn.person, policy, server),
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
    scope: formatScope(facts.scopes),
  }
}
