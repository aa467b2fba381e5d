import { type DenyEntry, findDenial } from '../../model/deny-entry.ts'
import type { PolicyDocument, ServerDocument } from '../../model/documents.ts'
import { emailDomain, type Person } from '../../model/person.ts'
import { type AccessRules, claimsNamedBy, decideAccess } from '../../model/rules/access.ts'
import { claimAt } from '../../model/rules/claims.ts'
import { decideDomain } from '../../model/rules/domain-authority.ts'
import { tenantOf } from '../../model/rules/tenant.ts'
import { tenantIssuer } from '../../model/shared-issuer.ts'
import type { SignedInPerson } from '../store/signed-in-person.ts'
import { subjectId } from '../tokens/subject-id.ts'
import { displayName } from './display-name.ts'
import type { Identity } from './upstream/identity.ts'

/** Characters of a person's name, and of an address that is shown. */
const LONGEST_NAME = 200

/** `rule` may be told to the person in general terms; `detail` is for the log. */
export interface Refusal {
  readonly admitted: false
  readonly rule: string
  readonly detail: string
}

/** What is admitted to what, and whom an administrator stopped. */
export interface AdmissionRules {
  readonly policy: PolicyDocument
  readonly servers: readonly ServerDocument[]
  readonly denied: readonly DenyEntry[]
}

/**
 * Makes a person of what the identity provider said: the email's domain counts, it maps to a tenant, the organisation
 * admits the person. Each server's own rules come later ({@link admitToServer}).
 * @param now seconds since the epoch
 */
export function admit(
  identity: Identity,
  rules: AdmissionRules,
  now: number,
): { readonly admitted: true; readonly signedIn: SignedInPerson } | Refusal {
  const { policy } = rules
  const domain = decideDomain(identity.claims, policy.connection)
  if (!domain.allowed) return refuse(domain.rule, domain.detail)
  const tenant = tenantOf(domain.domain, policy.tenants)
  if (tenant === undefined) return refuse('tenant', `domain ${domain.domain} maps to no tenant`)
  const { name, picture } = identity.claims
  const person: Person = {
    // Behind an issuer that stands for many directories each is its own: decideDomain has let this one count.
    sub: subjectId(tenantIssuer(policy.connection.issuer, String(identity.claims.tid)), identity.subject),
    email: domain.email,
    name: (typeof name === 'string' ? displayName(name, LONGEST_NAME) : undefined) ?? domain.email,
    ...(typeof picture === 'string' && isHttpsUrl(picture) && { picture }),
    tenant,
    claims: claimsFor(identity.claims, [policy.access, ...rules.servers.flatMap(rulesOf)]),
  }
  const { email, email_verified, hd, tid } = identity.claims
  const signedIn: SignedInPerson = {
    person,
    evidence: { email, email_verified, ...(hd !== undefined && { hd }), ...(tid !== undefined && { tid }) },
    signedInAt: now,
  }
  return readmit(signedIn, rules)
}

/**
 * Tries every rule of the organisation again for a person who signed in earlier: at each use of a browser session, at
 * each code and at each refresh.
 * @param grant what is to be continued, where there is one
 */
export function readmit(
  signedIn: SignedInPerson,
  rules: Pick<AdmissionRules, 'policy' | 'denied'>,
  grant: { readonly grantId: string; readonly clientId: string } = { grantId: '', clientId: '' },
): { readonly admitted: true; readonly signedIn: SignedInPerson } | Refusal {
  const { person, evidence, signedInAt } = signedIn
  const { policy, denied } = rules
  const domain = decideDomain(evidence, policy.connection)
  if (!domain.allowed) return refuse(domain.rule, domain.detail)
  if (tenantOf(domain.domain, policy.tenants) !== person.tenant)
    return refuse('tenant', `domain ${domain.domain} no longer maps to tenant ${person.tenant}`)
  const decision = decideAccess(person, policy.access)
  if (!decision.allowed) return refuse(decision.rule, decision.detail)
  const { sub, email, tenant } = person
  const deniable = { sub, email, tenant, sid: grant.grantId, client_id: grant.clientId, iat: signedInAt }
  const denial = findDenial(deniable, denied)
  if (denial !== undefined) return refuse('blocked', `${denial.kind} ${denial.value} is denied`)
  return { admitted: true, signedIn }
}

/** Whether a server's own rules admit a person. */
export function admitToServer(person: Person, server: ServerDocument): { readonly admitted: true } | Refusal {
  const decision = decideAccess(person, server.access)
  return decision.allowed ? { admitted: true } : refuse(`server ${decision.rule}`, `${server.name}: ${decision.detail}`)
}

/** The claims that an access token for a server carries: only those that some rule for it names. */
export function tokenClaims(
  person: Person,
  policy: PolicyDocument,
  server: ServerDocument,
): Readonly<Record<string, unknown>> {
  return claimsFor(person.claims, [policy.access, ...rulesOf(server)])
}

/** The refusal in words for the person: which rule, in general terms. */
export function explain(refusal: Refusal, person: { readonly email?: unknown }): string {
  const email = typeof person.email === 'string' ? displayName(person.email, LONGEST_NAME) : undefined
  const who = email ?? 'This account'
  const domain = email && emailDomain(email)
  switch (refusal.rule) {
    case 'email':
      return 'The identity provider gave no usable email address for this account.'
    case 'email_verified':
      return `The identity provider has not verified the address ${who}.`
    case 'domain_authority':
      return `${who} is not an account that ${domain ?? 'its organisation'} manages. Use the account that your organisation gave you.`
    case 'tenant':
    case 'domains':
      return `Accounts of ${domain ?? 'this domain'} are not admitted here.`
    case 'blocked':
      return `${who} has been blocked by an administrator.`
    case 'claims':
    case 'groups':
      return `${who} does not meet a requirement that the organisation makes of its members’ accounts.`
    default:
      return refusal.rule.startsWith('server ') ? `${who} may not use this server.` : `${who} is not admitted here.`
  }
}

function rulesOf(server: ServerDocument): (AccessRules | undefined)[] {
  return [server.access, server.privileged, ...server.scopes.map(({ access }) => access)]
}

/** Of `groups` only members that some rule names: a person may be in hundreds, and a header is bounded (PLATFORM 7). */
function claimsFor(
  claims: Readonly<Record<string, unknown>>,
  rules: readonly (AccessRules | undefined)[],
): Readonly<Record<string, unknown>> {
  const wantedGroups = new Set(rules.flatMap((rule) => rule?.groups ?? []))
  const groupsByName = rules.some((rule) => rule?.claims?.some(({ claim }) => claim === 'groups'))
  return Object.fromEntries(
    claimsNamedBy(...rules).flatMap((name) => {
      const value = claimAt(claims, name)
      if (value === undefined) return []
      const narrowed =
        name === 'groups' && Array.isArray(value) && !groupsByName
          ? value.filter((group) => wantedGroups.has(group))
          : value
      return [[name, narrowed]]
    }),
  )
}

function isHttpsUrl(value: string): boolean {
  return value.length <= 500 && URL.canParse(value) && new URL(value).protocol === 'https:'
}

function refuse(rule: string, detail: string): Refusal {
  return { admitted: false, rule, detail }
}
