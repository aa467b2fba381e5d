import { createPrivateKey, type KeyObject, randomUUID, sign } from 'node:crypto'
import type { Person } from '../../model/person.ts'
import { formatScope } from '../../model/scopes.ts'
import { joinedSignature } from './joined-signature.ts'
import { type KeySet, type PrivateJwk, signingKeyAt } from './key-set.ts'

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

/** Importing a JWK costs more than signing with it. */
const imported = new WeakMap<PrivateJwk, KeyObject>()

/**
 * Signs an access token: JWT, `typ: at+jwt`, ES256 (RFC 9068 §2). With Node's own signature, as the gate verifies it
 * (docs/decisions/007).
 * @param now seconds since the epoch
 * @throws KeysUnavailable where no signing key is in use
 */
export function signAccessToken(facts: AccessTokenFacts, keys: KeySet, now: number): string {
  const { kid, jwk } = signingKeyAt(keys, now)
  const { person } = facts
  const header = { alg: 'ES256', typ: 'at+jwt', kid }
  const claims = {
    iss: facts.issuer,
    sub: person.sub,
    aud: facts.resource,
    client_id: facts.clientId,
    scope: formatScope(facts.scopes),
    sid: facts.grantId,
    email: person.email,
    name: person.name,
    ...(person.picture !== undefined && { picture: person.picture }),
    tenant: person.tenant,
    ...(Object.keys(facts.claims).length > 0 && { claims: facts.claims }),
    iat: now,
    exp: now + facts.lifetime,
    jti: randomUUID(),
  }
  const signingInput = `${encoded(header)}.${encoded(claims)}`
  const signature = joinedSignature(sign('sha256', Buffer.from(signingInput), privateKey(jwk)))
  return `${signingInput}.${signature.toString('base64url')}`
}

function encoded(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url')
}

function privateKey(jwk: PrivateJwk): KeyObject {
  const key = imported.get(jwk) ?? createPrivateKey({ key: jwk, format: 'jwk' })
  imported.set(jwk, key)
  return key
}
