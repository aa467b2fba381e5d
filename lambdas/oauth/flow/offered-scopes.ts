import type { ServerDocument } from '../../../model/documents.ts'
import type { Person } from '../../../model/person.ts'
import { holderRules, scopeCeiling } from '../../../model/rules/ceiling.ts'
import { narrowScopes, type ServerScope, scopesOfLevel } from '../../../model/scopes.ts'

/** What the consent page offers for a server. */
export interface OfferedScopes {
  /** Granted by *Allow*. */
  readonly everyday: readonly ServerScope[]
  /** Offered unticked, whether the client asked or not: most clients cannot step up later (CL-04). */
  readonly privileged: readonly ServerScope[]
}

/**
 * What a person may be asked to allow. Before sign-in nobody knows the person: privileged scopes are then offered where
 * anybody at all may hold them, and sign-in narrows what was ticked.
 * @param asked by the client
 */
export function offeredScopes(
  server: ServerDocument,
  asked: readonly string[],
  person: Person | undefined,
): OfferedScopes {
  const ceiling = person === undefined ? imaginableScopes(server) : scopeCeiling(person, server)
  const everydayOnly = scopesOfLevel(server.scopes, 'everyday').filter((scope) => ceiling.includes(scope))
  const everyday = narrowScopes(asked, server.scopes, everydayOnly)
  return {
    everyday: server.scopes.filter(({ name }) => everyday.includes(name)),
    privileged: server.scopes.filter(({ name, level }) => level === 'privileged' && ceiling.includes(name)),
  }
}

/** What was allowed: all everyday scopes on offer, and of the privileged ones those that were ticked. */
export function allowedScopes(offered: OfferedScopes, ticked: readonly string[]): string[] {
  const privileged = offered.privileged.filter(({ name }) => ticked.includes(name))
  return [...offered.everyday, ...privileged].map(({ name }) => name)
}

/** What of the allowed scopes this person may hold. Sign-in only ever narrows: nothing left means nothing granted. */
export function withinCeiling(scopes: readonly string[], person: Person, server: ServerDocument): string[] {
  const ceiling = scopeCeiling(person, server)
  return scopes.filter((scope) => ceiling.includes(scope))
}

function imaginableScopes(server: ServerDocument): string[] {
  return server.scopes.filter((scope) => holderRules(scope, server) !== undefined).map(({ name }) => name)
}
