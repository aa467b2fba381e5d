import type { Person } from '../person.ts'
import { blocked } from './access/blocked.ts'
import { claims } from './access/claims.ts'
import { domains } from './access/domains.ts'
import { groups } from './access/groups.ts'
import { people } from './access/people.ts'
import { tenants } from './access/tenants.ts'
import type { ClaimRule } from './claims.ts'

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

/** Returns what it found wrong, or nothing; a rule that is not set finds nothing. */
export type Rule = (person: Person, rules: AccessRules) => string | undefined

/** The table of rules, in the order in which they are tried. */
const RULES: Readonly<Record<keyof AccessRules, Rule>> = { blocked, domains, tenants, people, groups, claims }
const TABLE = Object.entries(RULES) as [keyof AccessRules, Rule][]

/** Decides whether the rules admit a person; the first rule that refuses is named. */
export function decideAccess(person: Person, rules: AccessRules): AccessDecision {
  for (const [rule, check] of TABLE) {
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
