import { importJWK, SignJWT } from 'jose'
import type { Person } from '../../model/person.ts'
import { formatScope } from '../../model/scopes.ts'
import { type KeySet, type PrivateJwk, signingKeyAt } from './key-set.ts'
import { randomId } from './secrets.ts'

/** What an access token says (RFC 9068 §2.2, and what the gate's rules need). */
export interface AccessTokenFacts {
  readonly issuer: string
  /** The server's exact resource URL: the one audience. */
  readonly resource: string
  readonly clientId: string
  readonly grantId: string
  readonly scopes: readonly string[]
  readonly person: Person
  /** Only the claims that some rule for this server names. */
  readonly claims: Readonly<Record<string, unknown>>
  /** Seconds. */
  readonly lifetime: number
}

/** Importing a JWK costs more than signing with it, and a set lives in memory for a minute. */
const imported = new WeakMap<PrivateJwk, ReturnType<typeof importJWK>>()

/**
 * Signs an access token: JWT, `typ: at+jwt`, ES256 (RFC 9068 §2).
 * @param now seconds since the epoch
 * @throws KeysUnavailable where no signing key is in use
 */
export async function signAccessToken(facts: AccessTokenFacts, keys: KeySet, now: number): Promise<string> {
  const { kid, jwk } = signingKeyAt(keys, now)
  const key = imported.get(jwk) ?? importJWK(jwk, 'ES256')
  imported.set(jwk, key)
  const { person } = facts
  return new SignJWT({
    client_id: facts.clientId,
    scope: formatScope(facts.scopes),
    sid: facts.grantId,
    email: person.email,
    name: person.name,
    ...(person.picture !== undefined && { picture: person.picture }),
    tenant: person.tenant,
    ...(Object.keys(facts.claims).length > 0 && { claims: facts.claims }),
  })
    .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid })
    .setIssuer(facts.issuer)
    .setSubject(person.sub)
    .setAudience(facts.resource)
    .setIssuedAt(now)
    .setExpirationTime(now + facts.lifetime)
    .setJti(randomId())
    .sign(await key)
}
