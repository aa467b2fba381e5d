import type { PolicyDocument } from '../../../model/documents.ts'
import { parseJson } from '../../../model/parse-json.ts'
import { claimAt } from '../../../model/rules/claims.ts'
import type { IdentityClaims } from '../../../model/rules/domain-authority.ts'

/** Who an identity provider says somebody is: the real provider's subject, and claims under their usual names. */
export interface Identity {
  readonly subject: string
  readonly claims: IdentityClaims
}

type Connection = Pick<PolicyDocument['connection'], 'via' | 'claims'>

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
  connection: Connection,
  identityProvider: string | undefined,
): Identity | undefined {
  if (connection.via === 'direct') {
    const { sub } = claims
    return typeof sub === 'string' && sub !== '' ? { subject: sub, claims: mapped(claims, connection) } : undefined
  }
  if (claims.token_use !== 'id') return undefined
  const federated = federatedIdentities(claims.identities).find(({ providerName }) => providerName === identityProvider)
  if (federated === undefined) return undefined
  const { 'custom:hd': hd, ...others } = claims
  return { subject: federated.userId, claims: hd === undefined ? others : { ...others, hd } }
}

/**
 * The claims that nobody is admitted without, by the names that the provider has for them, and the groups where they are
 * named. Behind Cognito, which asks the provider itself, none is sought elsewhere.
 */
export function neededClaims({ via, claims = {} }: Connection): string[] {
  if (via === 'cognito') return []
  const { email = 'email', emailVerified = 'email_verified', groups } = claims
  return [email, emailVerified, ...(groups === undefined ? [] : [groups])]
}

/** A claim that the connection names otherwise stands for the usual one, also where the provider leaves it out. */
function mapped(claims: Readonly<Record<string, unknown>>, { claims: names = {} }: Connection): IdentityClaims {
  const at = (name: string | undefined, usual: string) => claimAt(claims, name ?? usual)
  const verified = at(names.emailVerified, 'email_verified')
  return {
    ...claims,
    email: at(names.email, 'email'),
    // Some of Entra's directories write a true `xms_edov` as a number, or as its text.
    email_verified: names.emailVerified === undefined ? verified : verified === 1 || verified === '1' || verified,
    name: at(names.name, 'name'),
    groups: at(names.groups, 'groups'),
  }
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
