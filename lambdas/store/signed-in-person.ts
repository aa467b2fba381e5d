import type { Person } from '../../model/person.ts'
import type { IdentityClaims } from '../../model/rules/domain-authority.ts'

/** A person as they signed in: enough to try every rule again later, without the identity provider. */
export interface SignedInPerson {
  readonly person: Person
  /** What the identity provider said that makes the email's domain count. */
  readonly evidence: IdentityClaims
  /** Seconds since the epoch. */
  readonly signedInAt: number
}
