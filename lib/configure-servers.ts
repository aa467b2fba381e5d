import { ConfigError, formatIssues } from '../model/config-error.ts'
import { SAYING_WHAT_IS_ALLOWED } from '../model/describe-issues.ts'
import type { FactoryConfig, ServerConfig } from '../model/factory-config.ts'
import { proxyDeclaration } from '../model/proxy-declaration.ts'
import {
  type ConfiguredSkillset,
  needsOf,
  type SkillsetDeclaration,
  SkillsetError,
} from '../model/skillset-declaration.ts'

/** One server of the config, and what it serves: a skillset, or a proxy in that form. */
export interface ConfiguredServer {
  readonly name: string
  readonly server: ServerConfig
  readonly declaration: ConfiguredSkillset
}

/**
 * What each server of the config serves. `options` are checked against the schema of the skillset, so that
 * a half-configured backend stops synth and not a function's first start.
 * @param skillsets the declarations that the servers name, by skillset
 * @throws ConfigError with a line per wrong value
 * @throws SkillsetError for a declaration that is missing or of another name
 */
export function configureServers(
  servers: FactoryConfig['servers'],
  skillsets: Readonly<Record<string, SkillsetDeclaration>>,
): ConfiguredServer[] {
  const problems: string[] = []
  const configured = Object.entries(servers).map(([name, server]) => {
    if ('proxy' in server) return { name, server, declaration: proxyDeclaration(name, server) }
    const skillset = skillsetOf(name, server.skillset, skillsets)
    const read = skillset.options?.safeParse(server.options, SAYING_WHAT_IS_ALLOWED)
    const path = ['servers', name, 'options']
    const issues = read?.error?.issues.map((issue) => ({ ...issue, path: [...path, ...issue.path] })) ?? []
    problems.push(...formatIssues(issues))
    const needs = issues.length > 0 ? [] : needsOf(skillset, read?.data)
    return { name, server, declaration: { ...skillset, needs } }
  })
  if (problems.length > 0) throw new ConfigError(problems)
  return configured
}

function skillsetOf(server: string, name: string, skillsets: Readonly<Record<string, SkillsetDeclaration>>) {
  const skillset = skillsets[name]
  if (skillset === undefined) throw new SkillsetError(`server ${server}: there is no skillset ${name}`)
  if (skillset.name !== name)
    throw new SkillsetError(`lambdas/skillsets/${name}/skillset.ts declares ${skillset.name}; allowed: ${name}`)
  return skillset
}
