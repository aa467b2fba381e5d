import { emailDomain, type Person } from '../person.ts'
import { type ClaimRule, claimAt, satisfies } from './claims.ts'

/** Who may use something. Every list that is present must admit the person; `blocked` refuses whoever it names. */
export interface AccessRules {
  readonly domains?: readonly string[] | undefined
  readonly tenants?: readonly string[] | undefined
  /** Email addresses. */
  readonly people?: readonly string[] | undefined
  readonly blocked?: readonly string[] | undefined
  /** Members of the `groups` claim; one of them suffices. */
  readonly groups?: readonly string[] | undefined
  readonly claims?: readonly ClaimRule[] | undefined
}

/** `detail` is for the log: it may name addresses and claims, so a caller is told the rule alone. */
export type AccessDecision =
  | { readonly allowed: true }
  | { readonly allowed: false; readonly rule: keyof AccessRules; readonly detail: string }

type Rule = (person: Person, rules: AccessRules) => string | undefined

/** The table of rules, in the order in which they are tried. Each returns what it found wrong, or nothing. */
const RULES: Readonly<Record<keyof AccessRules, Rule>> = {
  blocked: (person, { blocked }) =>
    has(blocked, person.email) ? `${person.email} is on the list of blocked people` : undefined,
  domains: (person, { domains }) => {
    const domain = emailDomain(person.email)
    return domains && !(domain && has(domains, domain)) ? `domain ${domain} is not one of ${domains}` : undefined
  },
  tenants: (person, { tenants }) =>
    tenants && !tenants.includes(person.tenant) ? `tenant ${person.tenant} is not one of ${tenants}` : undefined,
  people: (person, { people }) => (people && !has(people, person.email) ? `${person.email} is not listed` : undefined),
  groups: (person, { groups }) => {
    const held = claimAt(person.claims, 'groups')
    return groups && !(Array.isArray(held) && groups.some((group) => held.includes(group)))
      ? `in none of the groups ${groups}`
      : undefined
  },
  claims: (person, { claims }) => {
    const failed = claims?.find((rule) => !satisfies(person.claims, rule))
    return failed && `claim ${failed.claim} does not satisfy ${JSON.stringify(failed)}`
  },
}

/** Decides whether the rules admit a person; the first rule that refuses is named. */
export function decideAccess(person: Person, rules: AccessRules): AccessDecision {
  for (const [rule, check] of Object.entries(RULES) as [keyof AccessRules, Rule][]) {
    const detail = check(person, rules)
    if (detail !== undefined) return { allowed: false, rule, detail }
  }
  return { allowed: true }
}

/** Whether the rules say who may; a list of blocked people alone does not. */
export function namesSomebody({ blocked, ...admitting }: AccessRules): boolean {
  return Object.values(admitting).some((rule) => rule !== undefined)
}

/** The claims that rules look at: the only ones that need to travel in an access token. */
export function claimsNamedBy(...rules: readonly (AccessRules | undefined)[]): string[] {
  const names = rules.flatMap((rule) => [
    ...(rule?.claims ?? []).map(({ claim }) => claim),
    ...(rule?.groups ? ['groups'] : []),
  ])
  return [...new Set(names)]
}

/** Addresses and domains are compared without regard to case. */
function has(list: readonly string[] | undefined, value: string): boolean {
  return list?.some((entry) => entry.toLowerCase() === value.toLowerCase()) ?? false
}
