import type * as z from 'zod'
import type { ServerDocument } from './documents.ts'
import type { AccessRules } from './rules/access.ts'
import { isScopeToken, type ScopeLevel, type ServerScope } from './scopes.ts'

/** Something that abilities need and infrastructure gives them; `lib/needs/` holds one file per kind. */
export type Need =
  | { readonly kind: 'table' }
  | { readonly kind: 'secret'; readonly name: string; readonly optional: boolean }
  | { readonly kind: 'schedule'; readonly name: string; readonly everyMinutes: number }

/** What infrastructure reads of an ability. `lambdas/runtime/define-ability.ts` adds what runs. */
export interface AbilityDeclaration {
  /** The MCP tool's name. */
  readonly name: string
  readonly title: string
  readonly scope: string
  readonly level: ScopeLevel
}

/** What infrastructure reads of a skillset: pure, so that synth may import it. */
export interface SkillsetDeclaration {
  readonly name: string
  readonly title: string
  readonly needs: readonly Need[]
  readonly abilities: readonly AbilityDeclaration[]
  /** What `options` of the config may say. */
  readonly options?: z.ZodType
}

/** Two abilities of one server disagree, or a name is not usable; synth stops with the message. */
export class SkillsetError extends Error {
  override readonly name = 'SkillsetError'
}

/** Clients ask for these without a thought (OpenID Connect Core §5.4, §11): they must not open an ability. */
const OPENID_SCOPES: readonly string[] = ['openid', 'profile', 'email', 'address', 'phone', 'offline_access']

/**
 * The scopes of a skillset, in the order of their first ability.
 * @throws SkillsetError for a malformed or reserved scope, a repeated ability name, or one scope at two levels
 */
export function scopesOf(skillset: Pick<SkillsetDeclaration, 'name' | 'abilities'>): ServerScope[] {
  const scopes = new Map<string, { name: string; level: ScopeLevel; abilities: string[] }>()
  const names = new Set<string>()
  for (const ability of skillset.abilities) {
    const where = `ability ${ability.name} of skillset ${skillset.name}`
    if (names.has(ability.name)) throw new SkillsetError(`${where} is declared twice`)
    names.add(ability.name)
    if (!isScopeToken(ability.scope))
      throw new SkillsetError(
        `${where}: scope: found ${JSON.stringify(ability.scope)}; allowed: printable ASCII characters but space, " and \\, such as calendar:read`,
      )
    if (OPENID_SCOPES.includes(ability.scope))
      throw new SkillsetError(
        `${where}: scope: found ${JSON.stringify(ability.scope)}; allowed: any but those of OpenID Connect (${OPENID_SCOPES.join(', ')}), which clients ask for without a thought`,
      )
    const scope = scopes.get(ability.scope) ?? { name: ability.scope, level: ability.level, abilities: [] }
    if (scope.level !== ability.level)
      throw new SkillsetError(`${where}: scope ${ability.scope} is ${scope.level} elsewhere and ${ability.level} here`)
    scope.abilities.push(ability.title)
    scopes.set(ability.scope, scope)
  }
  return [...scopes.values()]
}

/** The registration item of a server, from what its skillset declares and what the config says of it. */
export function serverRegistration(
  skillset: SkillsetDeclaration,
  server: {
    readonly name: string
    readonly title?: string | undefined
    readonly resource: string
    readonly access: AccessRules
    readonly privileged?: AccessRules | undefined
  },
): ServerDocument {
  return {
    name: server.name,
    title: server.title ?? skillset.title,
    resource: server.resource,
    scopes: scopesOf(skillset).map(({ name, level, abilities }) => ({ name, level, abilities: [...abilities] })),
    abilities: Object.fromEntries(skillset.abilities.map(({ name, scope }) => [name, scope])),
    access: server.access as ServerDocument['access'],
    ...(server.privileged && { privileged: server.privileged as NonNullable<ServerDocument['privileged']> }),
  }
}

/** A server, the skillset that it serves and that one's scopes. */
export interface ScopedServer {
  readonly name: string
  readonly skillset: string
  readonly scopes: readonly ServerScope[]
}

/**
 * Scope names are unique across servers (AS-08: where a request names no resource, its scopes decide).
 * @throws SkillsetError naming both servers, and what to do
 */
export function assertScopesUnique(servers: readonly ScopedServer[]): void {
  const owners = new Map<string, ScopedServer>()
  for (const server of servers)
    for (const { name } of server.scopes) {
      const owner = owners.get(name)
      if (owner !== undefined) throw new SkillsetError(sharedScope(name, owner, server))
      owners.set(name, server)
    }
}

function sharedScope(scope: string, one: ScopedServer, other: ScopedServer): string {
  const why = 'a request that names no server is told by its scopes which one it is for'
  if (one.skillset !== other.skillset)
    return `scope ${scope} is declared by servers ${one.name} and ${other.name}; allowed: one server per scope, because ${why}. Rename it in one of the two.`
  return `servers ${one.name} and ${other.name} both serve the skillset ${one.skillset}, and so declare the same scopes (${scope}); allowed: one server per skillset, because ${why}. Give both groups of people one server and tell them apart by its access and privileged rules, or copy lambdas/skillsets/${one.skillset}/ and give the copy a name and scopes of its own.`
}
