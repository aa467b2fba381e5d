import { formatScope, type ServerScope, scopesOfLevel } from '../model/scopes.ts'
import { SkillsetError } from '../model/skillset-declaration.ts'

/**
 * The `WWW-Authenticate` value of every 401 (RS-02): where the metadata is, and the everyday scopes. It becomes a
 * literal in single quotes.
 * @throws SkillsetError for a scope with a single quote, which would end that literal
 */
export function unauthorizedChallenge(metadataUrl: string, scopes: readonly ServerScope[]): string {
  const quoted = scopes.find(({ name }) => name.includes("'"))
  if (quoted) throw new SkillsetError(`scope ${quoted.name}: a single quote cannot be part of a challenge`)
  const everyday = scopesOfLevel(scopes, 'everyday')
  const scope = everyday.length > 0 ? `, scope="${formatScope(everyday)}"` : ''
  return `Bearer resource_metadata="${metadataUrl}"${scope}`
}
