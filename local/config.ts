import { writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { loadConfig as loadFactoryConfig } from '../lib/load-config.ts'
import { ConfigError } from '../model/config-error.ts'
import type { FactoryConfig } from '../model/factory-config.ts'
import { StartError } from './start-error.ts'

/** Where the configuration is: `FACTORY_CONFIG`, or factory.config.ts. */
export function configPath(environment: Readonly<Record<string, string | undefined>>): string {
  return resolve(environment.FACTORY_CONFIG ?? join(import.meta.dirname, '..', 'factory.config.ts'))
}

/** @throws StartError with what is wrong in it */
export async function loadConfig(path: string): Promise<FactoryConfig> {
  try {
    return await loadFactoryConfig({ FACTORY_CONFIG: path })
  } catch (error) {
    throw error instanceof ConfigError ? new StartError(error.message) : error
  }
}

/**
 * A configuration that signs people in at the real Google without Cognito, which one machine does not have; all else
 * is the user's own.
 * @param target the file to write
 */
export function writeDirectConfig(config: FactoryConfig, path: string, target: string): void {
  if (config.connection.provider !== 'google')
    throw new StartError('--google: factory.config.ts has a connection to another provider')
  writeFileSync(
    target,
    `import config from ${JSON.stringify(pathToFileURL(path).href)}
export default { ...config, connection: { ...config.connection, via: 'direct' } }
`,
  )
}
