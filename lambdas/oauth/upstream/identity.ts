import type { PolicyDocument } from '../../../model/documents.ts'
import { parseJson } from '../../../model/parse-json.ts'
import type { IdentityClaims } from '../../../model/rules/domain-authority.ts'

/** Who an identity provider says somebody is: the real provider's subject, and claims under their usual names. */
export interface Identity {
  readonly subject: string
  readonly claims: IdentityClaims
}

/** One entry of Cognito's `identities` claim. */
interface FederatedIdentity {
  readonly userId: string
  readonly providerName: string
}

/**
 * Reads a verified ID token (docs/contracts.md, "Upstream"). Behind Cognito the subject is the federated identity's:
 * the pool's own `sub` would change with the connection.
 * @param identityProvider Cognito's name of the federated provider
 * @returns undefined where the token tells no subject that counts, a user of the pool itself for instance
 */
export function readIdentity(
  claims: Readonly<Record<string, unknown>>,
  connection: Pick<PolicyDocument['connection'], 'via'>,
  identityProvider: string | undefined,
): Identity | undefined {
  if (connection.via === 'direct') {
    const { sub } = claims
    return typeof sub === 'string' && sub !== '' ? { subject: sub, claims } : undefined
  }
  if (claims.token_use !== 'id') return undefined
  const federated = federatedIdentities(claims.identities).find(({ providerName }) => providerName === identityProvider)
  if (federated === undefined) return undefined
  const { 'custom:hd': hd, ...others } = claims
  return { subject: federated.userId, claims: hd === undefined ? others : { ...others, hd } }
}

/** Cognito writes the claim as an array, and in some flows as its JSON text. */
function federatedIdentities(claim: unknown): FederatedIdentity[] {
  const list = typeof claim === 'string' ? parseJson(claim) : claim
  if (!Array.isArray(list)) return []
  return list.flatMap((entry: Partial<FederatedIdentity> | null) =>
    typeof entry?.userId === 'string' && entry.userId !== '' && typeof entry.providerName === 'string'
      ? [{ userId: entry.userId, providerName: entry.providerName }]
      : [],
  )
}
