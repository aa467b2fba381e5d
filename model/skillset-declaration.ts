import type * as z from 'zod'
import type { ServerDocument } from './documents.ts'
import type { AccessRules } from './rules/access.ts'
import { isScopeToken, type ScopeLevel, type ServerScope } from './scopes.ts'

/** Something that abilities need and infrastructure gives them; `lib/needs/` holds one file per kind. */
export type Need =
  | { readonly kind: 'table' }
  | { readonly kind: 'secret'; readonly name: string; readonly optional: boolean }
  | { readonly kind: 'schedule'; readonly name: string; readonly everyMinutes: number }
  | { readonly kind: 'bucket'; readonly expireDays: Readonly<Record<string, number>> }
  | { readonly kind: 'files'; readonly source: FilesSource }
  | { readonly kind: 'layer'; readonly name: LayerName }
  | {
      readonly kind: 'athena'
      readonly source: { readonly bucket: string; readonly prefix: string }
      readonly tables: Readonly<Record<string, AthenaTable>>
      readonly scanMegabytes: number
    }
  | { readonly kind: 'size'; readonly memoryMegabytes: number; readonly ephemeralMegabytes: number }

/** Where files to be read are: the stack's own bucket with sample data, a folder of this machine, a bucket there is. */
export type FilesSource =
  | { readonly sample: true }
  | { readonly folder: string }
  | { readonly bucket: string; readonly prefix: string }

/** What Glue is told of a table: one for each tenant, of the files in its folder. */
export interface AthenaTable {
  readonly description: string
  /** Below the source; `{tenant}` stands for the tenant. */
  readonly folder: string
  readonly format: 'parquet' | 'csv' | 'json'
  /** Glue's types, by column. */
  readonly types: Readonly<Record<string, string>>
  readonly columns: Readonly<Record<string, { readonly comment?: string | undefined }>>
  /** Absent: a table for every tenant. */
  readonly tenant?: string | undefined
}

/** How a tenant's statements run in Athena. */
export interface AthenaAccess {
  /** ARN of the role that reads this tenant's files and Glue tables, and nothing else. */
  readonly role: string
  readonly workgroup: string
  readonly database: string
}

/** What npm packages bring that cannot be bundled: `lib/layers/` says which files. */
export type LayerName = 'duckdb' | 'charts' | 'postgres-parser'

/** What infrastructure reads of an ability, a resource or a prompt. `lambdas/runtime/define-*.ts` add what runs. */
export interface AbilityDeclaration {
  /** The MCP tool's or prompt's name, a resource's URI or URI template: what a request calls it by. */
  readonly name: string
  readonly title: string
  readonly scope: string
  readonly level: ScopeLevel
}

/** What infrastructure reads of a skillset: pure, so that synth may import it. */
export interface SkillsetDeclaration {
  readonly name: string
  readonly title: string
  /** A function where they depend on the config's options of the server. */
  readonly needs: readonly Need[] | ((options: unknown) => readonly Need[])
  readonly abilities: readonly AbilityDeclaration[]
  /** Resources and resource templates. */
  readonly resources?: readonly AbilityDeclaration[]
  readonly prompts?: readonly AbilityDeclaration[]
  /** What `options` of the config may say. */
  readonly options?: z.ZodType
}

/** A skillset as one server of the config serves it: its options are read, and so its needs are known. */
export interface ConfiguredSkillset extends SkillsetDeclaration {
  readonly needs: readonly Need[]
}

/** @param options of the server, validated */
export function needsOf({ needs }: Pick<SkillsetDeclaration, 'needs'>, options: unknown): readonly Need[] {
  return typeof needs === 'function' ? needs(options) : needs
}

/** Two abilities of one server disagree, or a name is not usable; synth stops with the message. */
export class SkillsetError extends Error {
  override readonly name = 'SkillsetError'
}

/** Clients ask for these without a thought (OpenID Connect Core §5.4, §11): they must not open an ability. */
const OPENID_SCOPES: readonly string[] = ['openid', 'profile', 'email', 'address', 'phone', 'offline_access']

/** Whatever of a skillset needs a scope; its names differ, because the gate knows a request by its name alone. */
type Offer = Pick<SkillsetDeclaration, 'abilities' | 'resources' | 'prompts'>

/** Tools, resources and prompts alike. */
export function offeredBy({ abilities, resources = [], prompts = [] }: Offer): readonly AbilityDeclaration[] {
  return [...abilities, ...resources, ...prompts]
}

/**
 * The scopes of a skillset, in the order of the first ability, resource or prompt that needs each.
 * @throws SkillsetError for a malformed or reserved scope, a repeated name, or one scope at two levels
 */
export function scopesOf(skillset: Offer & Pick<SkillsetDeclaration, 'name'>): ServerScope[] {
  const scopes = new Map<string, { name: string; level: ScopeLevel; abilities: string[] }>()
  const names = new Set<string>()
  for (const ability of offeredBy(skillset)) {
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

/**
 * The registration item of a server, from what its skillset declares and what the config says of it.
 * @throws SkillsetError for rules on a scope that the skillset does not have
 */
export function serverRegistration(
  skillset: SkillsetDeclaration,
  server: {
    readonly name: string
    readonly title?: string | undefined
    readonly resource: string
    readonly access: AccessRules
    readonly privileged?: AccessRules | undefined
    readonly scopes?: Readonly<Record<string, AccessRules>> | undefined
  },
): ServerDocument {
  const scopes = scopesOf(skillset)
  const scopeRules = new Map(Object.entries(server.scopes ?? {}))
  const names = scopes.map(({ name }) => name)
  for (const scope of scopeRules.keys())
    if (!names.includes(scope))
      throw new SkillsetError(
        `servers.${server.name}.scopes: found ${JSON.stringify(scope)}; allowed: ${names.join(', ')}`,
      )
  return {
    name: server.name,
    title: server.title ?? skillset.title,
    resource: server.resource,
    scopes: scopes.map(({ name, level, abilities }) => {
      const access = scopeRules.get(name)
      return { name, level, abilities: [...abilities], ...(access && { access: access as ServerDocument['access'] }) }
    }),
    abilities: Object.fromEntries(offeredBy(skillset).map(({ name, scope }) => [name, scope])),
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
