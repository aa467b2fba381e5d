import type { AccessRules } from './rules/access.ts'

/** Everyday scopes are asked for by the 401 challenge; privileged ones are offered unticked on the consent page. */
export type ScopeLevel = 'everyday' | 'privileged'

/** One scope of a server, as the registration item carries it. */
export interface ServerScope {
  readonly name: string
  readonly level: ScopeLevel
  /** What it permits, in words: the titles of its abilities. */
  readonly abilities: readonly string[]
  /** Who may hold it, where the config says so of this scope. */
  readonly access?: AccessRules | undefined
}

/** RFC 6749 §3.3 `scope-token`. */
const SCOPE_TOKEN = /^[\x21\x23-\x5b\x5d-\x7e]+$/

export function isScopeToken(value: string): boolean {
  return SCOPE_TOKEN.test(value)
}

/** Splits an RFC 6749 §3.3 scope string; malformed tokens and duplicates are dropped (AS-22: narrow, do not reject). */
export function parseScope(scope: string | undefined): string[] {
  return [...new Set((scope ?? '').split(' ').filter(isScopeToken))]
}

export function formatScope(scopes: readonly string[]): string {
  return scopes.join(' ')
}

export function scopesOfLevel(scopes: readonly ServerScope[], level: ScopeLevel): string[] {
  return scopes.filter((scope) => scope.level === level).map((scope) => scope.name)
}

/**
 * The scopes a request comes to (AS-22): what was asked, of what this person may ever hold; where nothing was asked,
 * or nothing is left, the everyday scopes of the ceiling.
 * @param ceiling what this person may ever hold on this server
 */
export function narrowScopes(
  asked: readonly string[],
  serverScopes: readonly ServerScope[],
  ceiling: readonly string[],
): string[] {
  const narrowed = asked.filter((scope) => ceiling.includes(scope))
  if (narrowed.length > 0) return narrowed
  return scopesOfLevel(serverScopes, 'everyday').filter((scope) => ceiling.includes(scope))
}
