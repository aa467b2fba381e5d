import type { Person } from '../person.ts'
import { type ServerScope, scopesOfLevel } from '../scopes.ts'
import { type AccessRules, decideAccess, namesSomebody } from './access.ts'

/**
 * The scopes a person may ever hold on a server: the everyday ones, and the privileged ones where the rules for
 * privileged scopes admit the person. Without such rules, or with rules that only say who may not, nobody holds a
 * privileged scope: what is open to all is an everyday scope.
 */
export function scopeCeiling(
  person: Person,
  server: { readonly scopes: readonly ServerScope[]; readonly privileged?: AccessRules | undefined },
): string[] {
  const { privileged } = server
  const mayHoldPrivileged =
    privileged !== undefined && namesSomebody(privileged) && decideAccess(person, privileged).allowed
  return [
    ...scopesOfLevel(server.scopes, 'everyday'),
    ...(mayHoldPrivileged ? scopesOfLevel(server.scopes, 'privileged') : []),
  ]
}
