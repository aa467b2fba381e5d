import type { Person } from '../person.ts'
import { type ServerScope, scopesOfLevel } from '../scopes.ts'
import { type AccessRules, decideAccess } from './access.ts'

/**
 * The scopes a person may ever hold on a server: the everyday ones, and the privileged ones where the rules for
 * privileged scopes admit the person. Without such rules nobody holds a privileged scope.
 */
export function scopeCeiling(
  person: Person,
  server: { readonly scopes: readonly ServerScope[]; readonly privileged?: AccessRules | undefined },
): string[] {
  const mayHoldPrivileged = server.privileged !== undefined && decideAccess(person, server.privileged).allowed
  return [
    ...scopesOfLevel(server.scopes, 'everyday'),
    ...(mayHoldPrivileged ? scopesOfLevel(server.scopes, 'privileged') : []),
  ]
}
