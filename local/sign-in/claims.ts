import { googleSubject, poolSubject, type SamplePerson } from './sample-people.ts'

/** When the sample accounts were federated into the pool, in milliseconds since the epoch. */
const FEDERATED_AT = 1_750_000_000_000

/** The claims that an ID token may carry, by the scope that asks for them. */
export const CLAIMS_BY_SCOPE = {
  openid: ['sub', 'identities', 'token_use', 'cognito:username'],
  email: ['email', 'email_verified'],
  profile: ['name', 'picture', 'hd', 'custom:hd'],
} as const

/** What Cognito says of a person federated from Google: its own `sub`, Google's in `identities`, `hd` as an attribute. */
export function cognitoClaims(person: SamplePerson): Record<string, unknown> & { sub: string } {
  const userId = googleSubject(person)
  return {
    sub: poolSubject(person),
    'cognito:username': `Google_${userId}`,
    token_use: 'id',
    // Cognito gives the members of an identity as strings, and no issuer for Google.
    identities: [
      {
        userId,
        providerName: 'Google',
        providerType: 'Google',
        issuer: null,
        primary: 'true',
        dateCreated: String(FEDERATED_AT),
      },
    ],
    ...common(person),
    ...(person.hostedDomain !== undefined && { 'custom:hd': person.hostedDomain }),
  }
}

/** What Google says of a person. */
export function googleClaims(person: SamplePerson): Record<string, unknown> & { sub: string } {
  return {
    sub: googleSubject(person),
    ...common(person),
    ...(person.hostedDomain !== undefined && { hd: person.hostedDomain }),
  }
}

function common(person: SamplePerson): Record<string, unknown> {
  return { email: person.email, email_verified: person.emailVerified, name: person.name }
}
