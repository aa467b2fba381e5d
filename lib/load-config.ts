import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { ConfigError } from '../model/config-error.ts'
import type { FactoryConfig } from '../model/factory-config.ts'
import { importDefault } from './import-default.ts'

const DEFAULT_FILE = join(import.meta.dirname, '..', 'factory.config.ts')

/**
 * Imports factory.config.ts, or the file that `FACTORY_CONFIG` names.
 * @throws ConfigError where there is no such file, or it exports no config by default, or the config is wrong or cannot be loaded
 */
export async function loadConfig(environment: NodeJS.ProcessEnv): Promise<FactoryConfig> {
  const named = environment.FACTORY_CONFIG
  const file = named ? resolve(named) : DEFAULT_FILE
  if (!existsSync(file)) throw new ConfigError([`FACTORY_CONFIG: found ${file}, which does not exist; allowed: a file`])
  try {
    const config = (await importDefault(file, (problem) => new ConfigError([problem]))) as FactoryConfig | undefined
    if (typeof config?.stage !== 'string' || typeof config.servers !== 'object')
      throw new ConfigError([`${file}: found no config; allowed: export default defineFactory({ … })`])
    return config
  } catch (error) {
    // A config does not know its own file.
    throw named && error instanceof ConfigError ? new ConfigError(error.problems, named) : error
  }
}
