import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { FactoryConfig } from '../model/factory-config.ts'
import { offeredBy, type SkillsetDeclaration, SkillsetError } from '../model/skillset-declaration.ts'
import { importDefault } from './import-default.ts'
import { PROJECT_ROOT } from './project-root.ts'

const DECLARATION = 'skillset.ts'
const PARTS = [DECLARATION, 'handler.ts']

/**
 * Imports the declarations that the config's servers name: each folder's `skillset.ts`, default export.
 * @throws SkillsetError naming the server and the folders there are
 */
export async function loadSkillsets(
  servers: FactoryConfig['servers'],
  folder = join(PROJECT_ROOT, 'lambdas', 'skillsets'),
): Promise<Record<string, SkillsetDeclaration>> {
  const skillsets: Record<string, SkillsetDeclaration> = {}
  for (const [server, configured] of Object.entries(servers)) {
    if ('proxy' in configured) continue
    const { skillset } = configured
    if (!existsSync(join(folder, skillset)))
      throw new SkillsetError(
        `servers.${server}.skillset: found ${JSON.stringify(skillset)}; allowed: a folder below lambdas/skillsets/ (${foldersIn(folder).join(', ') || 'there is none'})`,
      )
    const missing = PARTS.find((part) => !existsSync(join(folder, skillset, part)))
    if (missing !== undefined) throw new SkillsetError(`lambdas/skillsets/${skillset}/${missing} is missing`)
    const declaration = await importDefault(
      join(folder, skillset, DECLARATION),
      (problem) => new SkillsetError(`skillset ${skillset} cannot be loaded:\n  ${problem}`),
    )
    if (!isDeclaration(declaration))
      throw new SkillsetError(`lambdas/skillsets/${skillset}/skillset.ts: its default export is no skillset`)
    if (offeredBy(declaration).length === 0)
      throw new SkillsetError(`lambdas/skillsets/${skillset}/skillset.ts: it has no ability, resource or prompt`)
    skillsets[skillset] = declaration
  }
  return skillsets
}

function foldersIn(folder: string): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder).filter((name) => existsSync(join(folder, name, DECLARATION)))
}

function isDeclaration(value: unknown): value is SkillsetDeclaration {
  const declaration = value as Partial<SkillsetDeclaration> | undefined
  return typeof declaration?.name === 'string' && Array.isArray(declaration.abilities) && hasNeeds(declaration)
}

function hasNeeds({ needs }: Partial<SkillsetDeclaration>): boolean {
  return Array.isArray(needs) || typeof needs === 'function'
}
