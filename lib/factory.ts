import type { App } from 'aws-cdk-lib'
import { Architecture } from 'aws-cdk-lib/aws-lambda'
import type { RetentionDays } from 'aws-cdk-lib/aws-logs'
import { ConfigError } from '../model/config-error.ts'
import type { FactoryConfig } from '../model/factory-config.ts'
import { assertScopesUnique, type SkillsetDeclaration, scopesOf } from '../model/skillset-declaration.ts'
import { AuthorizationStack } from './authorization-stack.ts'
import { Bundles } from './bundles.ts'
import { configureServers } from './configure-servers.ts'
import type { FunctionSettings } from './function.ts'
import { HANDLERS, PROXY_HANDLER, skillsetHandlers } from './handlers.ts'
import { readOrigins } from './origins.ts'
import { ServerStack } from './server-stack.ts'

/** The stacks of a factory; servers by name. */
export interface Factory {
  readonly authorization: AuthorizationStack
  readonly servers: Readonly<Record<string, ServerStack>>
}

/**
 * Builds all stacks of a factory into the app. Reads the context values `origin`, `arch` and `tracing`
 * (docs/contracts.md).
 * @param skillsets the declarations that the config's servers name, by skillset
 * @throws ConfigError where config or context are wrong
 * @throws SkillsetError where declarations are missing or disagree
 */
export function buildFactory(
  app: App,
  config: FactoryConfig,
  skillsets: Readonly<Record<string, SkillsetDeclaration>>,
): Factory {
  const servers = configureServers(config.servers, skillsets)
  assertScopesUnique(
    servers.map(({ name, declaration }) => ({ name, skillset: declaration.name, scopes: scopesOf(declaration) })),
  )
  const origins = readOrigins(app.node.tryGetContext('origin'), config)
  const handlers = servers.flatMap(({ server, declaration }) =>
    'proxy' in server ? [PROXY_HANDLER] : skillsetHandlers(declaration),
  )
  const settings = readSettings(app, config, handlers, origins.local)
  const authorization = new AuthorizationStack(app, { config, origins, settings })
  const stacks = servers.map(({ name, server, declaration }) => {
    const stack = new ServerStack(app, { config, origins, settings, name, server, declaration })
    stack.addStackDependency(authorization, 'reads its outputs')
    return [name, stack] as const
  })
  return { authorization, servers: Object.fromEntries(stacks) }
}

function readSettings(app: App, config: FactoryConfig, handlers: readonly string[], local: boolean): FunctionSettings {
  const architectures: Readonly<Record<string, Architecture>> = {
    arm64: Architecture.ARM_64,
    x86_64: Architecture.X86_64,
  }
  const arch = app.node.tryGetContext('arch') ?? 'arm64'
  const architecture = architectures[arch]
  if (architecture === undefined)
    throw new ConfigError([
      `context arch: found ${JSON.stringify(arch)}; allowed: one of ${Object.keys(architectures)}`,
    ])
  const tracing = app.node.tryGetContext('tracing') ?? 'on'
  if (tracing !== 'on' && tracing !== 'off')
    throw new ConfigError([`context tracing: found ${JSON.stringify(tracing)}; allowed: one of on, off`])
  // The config allows exactly days that CloudWatch Logs knows.
  const logRetention: RetentionDays = config.logRetentionDays
  const bundles = new Bundles([...Object.values(HANDLERS), ...handlers])
  return { architecture, tracing: tracing === 'on', logRetention, bundles, local }
}
