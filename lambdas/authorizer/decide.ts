import { scopeOfTool } from '../../model/ability-scopes.ts'
import type { AuthorizerContext } from '../../model/authorizer-context.ts'
import { findDenial } from '../../model/deny-entry.ts'
import { emailDomain, type Person } from '../../model/person.ts'
import { decideAccess } from '../../model/rules/access.ts'
import { scopeCeiling } from '../../model/rules/ceiling.ts'
import { tenantOf } from '../../model/rules/tenant.ts'
import { parseScope } from '../../model/scopes.ts'
import type { AccessTokenClaims, VerifiedToken } from './access-token.ts'
import { calledAbility } from './called-ability.ts'
import { insufficientScopeChallenge } from './challenge.ts'
import type { GateIdentity } from './environment.ts'
import type { RequestFacts } from './request-facts.ts'
import type { Snapshot } from './snapshot.ts'

/** `rule` is stable; `detail` is for the log alone. A caller is told neither. */
export interface Reason {
  readonly rule: string
  readonly detail: string
}

export type Decision =
  | { readonly outcome: 'allow'; readonly context: AuthorizerContext }
  /** 401: the client refreshes or signs in again. */
  | { readonly outcome: 'unauthorized'; readonly reason: Reason }
  /** 403; `challenge` where asking for more scopes would help. */
  | { readonly outcome: 'forbidden'; readonly reason: Reason; readonly challenge?: string }

/** Seconds by which the authorization server's clock may be ahead of the gate's. */
const CLOCK_SKEW = 10

/**
 * Every rule of the gate but the signature, which is verified once per token: judged again at each call, because a key
 * may be withdrawn, a person blocked or a rule changed while a token lives.
 * @param now seconds since the epoch
 */
export function decide(
  token: VerifiedToken,
  snapshot: Snapshot,
  request: Omit<RequestFacts, 'bearer'>,
  gate: GateIdentity,
  now: number,
): Decision {
  const { claims } = token
  const refusal =
    keyRefusal(token.kid, snapshot, now) ??
    tokenRefusal(claims, gate) ??
    timeRefusal(claims, snapshot, now) ??
    denyRefusal(claims, snapshot) ??
    personRefusal(claims, snapshot)
  if (refusal !== undefined) return { outcome: 'unauthorized', reason: refusal }

  const ceiling = scopeCeiling(personOf(claims), snapshot.server)
  // A person who may no longer hold a scope does not hold it, whatever an older token says.
  const scopes = parseScope(claims.scope).filter((scope) => ceiling.includes(scope))
  return scopeRefusal(scopes, ceiling, snapshot, request, gate) ?? allow(claims, scopes, ceiling, snapshot)
}

function keyRefusal(kid: string, snapshot: Snapshot, now: number): Reason | undefined {
  const key = snapshot.keys.get(kid)
  if (key === undefined) return { rule: 'key', detail: `no key ${kid}` }
  if (key.expiresAt !== undefined && key.expiresAt <= now) return { rule: 'key', detail: `key ${kid} has expired` }
  return undefined
}

/** Both are compared byte for byte: an issuer with a slash at its end is another issuer (RS-03). */
function tokenRefusal(claims: AccessTokenClaims, gate: GateIdentity): Reason | undefined {
  if (claims.iss !== gate.issuer) return { rule: 'issuer', detail: `iss is ${claims.iss}` }
  if (claims.aud !== gate.audience) return { rule: 'audience', detail: `aud is ${claims.aud}` }
  return undefined
}

function timeRefusal(claims: AccessTokenClaims, snapshot: Snapshot, now: number): Reason | undefined {
  if (claims.iat > now + CLOCK_SKEW) return { rule: 'issued_at', detail: `iat ${claims.iat} is in the future` }
  const end = endOf(claims, snapshot)
  if (end <= now) return { rule: 'expired', detail: `expired at ${time(end)}` }
  return undefined
}

function denyRefusal(claims: AccessTokenClaims, snapshot: Snapshot): Reason | undefined {
  const denial = findDenial(claims, snapshot.denyEntries)
  return (
    denial && {
      rule: 'denied',
      detail: `${denial.kind} ${denial.value} is denied${denial.before === undefined ? '' : ` before ${time(denial.before)}`}`,
    }
  )
}

/** @param seconds since the epoch */
function time(seconds: number): string {
  return new Date(seconds * 1000).toISOString()
}

/** The organisation's rules and the server's, as they are now. */
function personRefusal(claims: AccessTokenClaims, { policy, server }: Snapshot): Reason | undefined {
  const domain = emailDomain(claims.email)
  const tenant = domain === undefined ? undefined : tenantOf(domain, policy.tenants)
  if (tenant !== claims.tenant)
    return { rule: 'tenant', detail: `the domain of ${claims.email} is of tenant ${tenant}, not ${claims.tenant}` }
  const person = personOf(claims)
  for (const [owner, rules] of [
    ['organisation', policy.access],
    ['server', server.access],
  ] as const) {
    const access = decideAccess(person, rules)
    if (!access.allowed) return { rule: `${owner}.${access.rule}`, detail: access.detail }
  }
  return undefined
}

/** Asking again helps where the person may hold the scope; beyond the ceiling a client would loop. */
function scopeRefusal(
  scopes: readonly string[],
  ceiling: readonly string[],
  { server }: Snapshot,
  request: Omit<RequestFacts, 'bearer'>,
  gate: GateIdentity,
): Decision | undefined {
  const ability = calledAbility(request)
  const needed = ability === undefined ? undefined : scopeOfTool(server.abilities, ability)
  if (needed === undefined || scopes.includes(needed)) return undefined
  if (!ceiling.includes(needed))
    return { outcome: 'forbidden', reason: { rule: 'ceiling', detail: `${ability} needs ${needed}` } }
  return {
    outcome: 'forbidden',
    reason: { rule: 'scope', detail: `${ability} needs ${needed}` },
    challenge: insufficientScopeChallenge([...scopes, needed], gate.metadataUrl),
  }
}

function allow(
  claims: AccessTokenClaims,
  scopes: readonly string[],
  ceiling: readonly string[],
  snapshot: Snapshot,
): Decision {
  return {
    outcome: 'allow',
    context: {
      sub: claims.sub,
      email: claims.email,
      name: claims.name,
      picture: claims.picture ?? '',
      tenant: claims.tenant,
      scope: scopes.join(' '),
      ceiling: ceiling.join(' '),
      client_id: claims.client_id,
      sid: claims.sid,
      jti: claims.jti,
      exp: String(endOf(claims, snapshot)),
    },
  }
}

/**
 * Seconds since the epoch. No token outlives the policy's lifetime: deny entries are kept for that long, so one issued
 * under a longer lifetime could otherwise outlive the entry that names it.
 */
function endOf(claims: AccessTokenClaims, { policy }: Snapshot): number {
  return Math.min(claims.exp, claims.iat + policy.lifetimes.accessToken)
}

function personOf(claims: AccessTokenClaims): Person {
  return {
    sub: claims.sub,
    email: claims.email.toLowerCase(),
    name: claims.name,
    tenant: claims.tenant,
    claims: claims.claims ?? {},
  }
}
