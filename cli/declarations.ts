import { join } from 'node:path'
import { loadSkillsets } from '../lib/load-skillsets.ts'
import type { FactoryConfig } from '../model/factory-config.ts'
import { proxyDeclaration } from '../model/proxy-declaration.ts'
import { type SkillsetDeclaration, SkillsetError } from '../model/skillset-declaration.ts'

const SKILLSETS = join(import.meta.dirname, '..', 'lambdas', 'skillsets')

/** What a server of the config is called, offers and needs. */
export interface ServerDeclaration extends SkillsetDeclaration {
  readonly server: string
}

/**
 * Every server of a config, skillset or proxy, with the title that people see.
 * @throws SkillsetError where a skillset is missing or cannot be read
 */
export async function declarationsOf({ servers }: Pick<FactoryConfig, 'servers'>): Promise<ServerDeclaration[]> {
  const skillsets = await loadSkillsets(servers, SKILLSETS)
  return Object.entries(servers).map(([server, configured]) => {
    const declaration = 'proxy' in configured ? proxyDeclaration(server, configured) : skillsets[configured.skillset]
    if (declaration === undefined) throw new SkillsetError(`server ${server}: its skillset was not loaded`)
    return { ...declaration, server, title: configured.title ?? declaration.title }
  })
}
