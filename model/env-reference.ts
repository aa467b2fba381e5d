import { ConfigError } from './config-error.ts'

/**
 * A value from the environment of whoever synthesizes, for `factory.config.ts`. Not for secrets: the config's values
 * end up in templates.
 * @param fallback used where the variable is not set or empty
 * @throws ConfigError naming the variable that is missing
 */
export function env(name: string, fallback?: string): string {
  const value = process.env[name]
  if (value !== undefined && value !== '') return value
  if (fallback !== undefined) return fallback
  throw new ConfigError([
    `environment variable ${name}: found nothing; allowed: a value (factory.config.ts refers to it)`,
  ])
}
