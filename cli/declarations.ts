import { configureServers } from '../lib/configure-servers.ts'
import { loadSkillsets } from '../lib/load-skillsets.ts'
import type { FactoryConfig } from '../model/factory-config.ts'
import type { ConfiguredSkillset } from '../model/skillset-declaration.ts'

/** What a server of the config is called, offers and needs. */
export interface ServerDeclaration extends ConfiguredSkillset {
  readonly server: string
}

/**
 * Every server of a config, skillset or proxy, with the title that people see.
 * @throws SkillsetError where a skillset is missing or cannot be read
 * @throws ConfigError for options that are wrong
 */
export async function declarationsOf({ servers }: Pick<FactoryConfig, 'servers'>): Promise<ServerDeclaration[]> {
  const configured = configureServers(servers, await loadSkillsets(servers))
  return configured.map(({ name, server, declaration }) => ({
    ...declaration,
    server: name,
    title: server.title ?? declaration.title,
  }))
}
