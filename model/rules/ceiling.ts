import type { Person } from '../person.ts'
import type { ServerScope } from '../scopes.ts'
import { type AccessRules, decideAccess, namesSomebody } from './access.ts'

/** What of a server says who may hold its scopes. */
export interface ScopedServer {
  readonly scopes: readonly ServerScope[]
  /** Who may hold the privileged scopes that have no rules of their own. */
  readonly privileged?: AccessRules | undefined
}

/** The scopes a person may ever hold on a server. */
export function scopeCeiling(person: Person, server: ScopedServer): string[] {
  return server.scopes
    .filter((scope) => {
      const rules = holderRules(scope, server)
      return rules !== undefined && decideAccess(person, rules).allowed
    })
    .map(({ name }) => name)
}

/**
 * Who may hold a scope. Without rules of its own an everyday one is everybody's.
 * @returns undefined where nobody may: a privileged scope without rules, or with rules that only say who may not, for
 *   what is open to all is an everyday scope
 */
export function holderRules({ level, access }: ServerScope, { privileged }: ScopedServer): AccessRules | undefined {
  if (level === 'everyday') return access ?? {}
  const rules = access ?? privileged
  return rules !== undefined && namesSomebody(rules) ? rules : undefined
}
