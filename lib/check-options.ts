import { ConfigError, formatIssues } from '../model/config-error.ts'
import { SAYING_WHAT_IS_ALLOWED } from '../model/describe-issues.ts'
import type { FactoryConfig } from '../model/factory-config.ts'
import type { SkillsetDeclaration } from '../model/skillset-declaration.ts'

/**
 * Checks each server's `options` against the schema of its skillset, so that a half-configured backend stops synth and
 * not a function's first start.
 * @throws ConfigError with a line per wrong value
 */
export function checkOptions(
  servers: FactoryConfig['servers'],
  skillsets: Readonly<Record<string, SkillsetDeclaration>>,
): void {
  const issues = Object.entries(servers).flatMap(([name, server]) => {
    if ('proxy' in server) return []
    const checked = skillsets[server.skillset]?.options?.safeParse(server.options, SAYING_WHAT_IS_ALLOWED)
    const path = ['servers', name, 'options']
    return checked?.error?.issues.map((issue) => ({ ...issue, path: [...path, ...issue.path] })) ?? []
  })
  if (issues.length > 0) throw new ConfigError(formatIssues(issues))
}
