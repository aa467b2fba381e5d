import type { Jwk } from 'aws-jwt-verify/jwk'
import { decomposeUnverifiedJwt } from 'aws-jwt-verify/jwt'
import { verifyJwtSync } from 'aws-jwt-verify/jwt-verifier'
import type { JSONWebKeySet } from 'jose'
import { ASSERTION_ALGORITHMS } from '../../../model/client-keys.ts'
import type { KnownClient } from '../../store/clients.ts'

/** Seconds. */
const LONGEST_LIFE = 600
const CLOCK_SKEW = 60
const LONGEST_JTI = 256
/** Seconds: a key that we do not know makes us look for it, and no more often than this. */
const LOOK_AGAIN = 60

/** An assertion that is genuine, and not yet known to be new. */
export interface GenuineAssertion {
  readonly jti: string
  /** Seconds since the epoch: it is refused from then on. */
  readonly refusedFrom: number
}

/**
 * Verifies a client assertion (RFC 7523 §3, OpenID Connect Core §9 `private_key_jwt`): issued by and for the client,
 * signed with a key of its own, meant for this authorization server alone, short-lived.
 * @param audiences each may be its one audience
 * @param keys the client's, looked for again where they are older than so many seconds
 * @param now seconds since the epoch
 * @throws Error that says for the log what is wrong; and what `keys` throws
 */
export async function verifyClientAssertion(
  assertion: string,
  { clientId, metadata }: KnownClient,
  audiences: readonly string[],
  keys: (youngerThan?: number) => Promise<JSONWebKeySet>,
  now: number,
): Promise<GenuineAssertion> {
  const { token_endpoint_auth_signing_alg: algorithm } = metadata
  const { header } = decomposeUnverifiedJwt(assertion)
  const algorithms: readonly string[] = algorithm === undefined ? ASSERTION_ALGORITHMS : [algorithm]
  if (!algorithms.includes(header.alg ?? '')) throw new Error(`the assertion is signed with ${header.alg}`)
  // RFC 7515 §4.1.11: what must be understood is not.
  if ('crit' in header) throw new Error('the assertion has critical header parameters')
  const key = keyOf(header, await keys()) ?? keyOf(header, await keys(LOOK_AGAIN))
  if (key === undefined) throw new Error(`the client has no key ${header.kid}`)
  const expected = { issuer: clientId, audience: [...audiences], graceSeconds: CLOCK_SKEW }
  return accepted(verifyJwtSync(assertion, key, expected), clientId, now)
}

/** The key that a header names; without a name the only one of its kind. */
function keyOf({ kid, alg }: { kid?: string; alg?: string }, { keys }: JSONWebKeySet): Jwk | undefined {
  const kind = alg === 'ES256' ? 'EC' : alg === 'RS256' ? 'RSA' : 'OKP'
  const fitting = keys.filter((key) => key.kty === kind && (kid === undefined || key.kid === kid))
  return fitting.length === 1 ? (fitting[0] as Jwk) : undefined
}

/** What the library does not look at: the subject, one audience, a short life, something to know it again by. */
function accepted(
  { sub, aud, exp = 0, jti }: ReturnType<typeof verifyJwtSync>,
  clientId: string,
  now: number,
): GenuineAssertion {
  if (sub !== clientId) throw new Error('the assertion is of another subject')
  if (Array.isArray(aud) && aud.length !== 1) throw new Error('the assertion has several audiences')
  if (exp + CLOCK_SKEW <= now) throw new Error('the assertion has no end, or has expired')
  if (exp > now + LONGEST_LIFE + CLOCK_SKEW) throw new Error(`the assertion lives longer than ${LONGEST_LIFE} s`)
  if (typeof jti !== 'string' || jti === '' || jti.length > LONGEST_JTI)
    throw new Error('the assertion has no jti that can be remembered')
  return { jti, refusedFrom: exp + CLOCK_SKEW }
}
