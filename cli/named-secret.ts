import type { FactoryConfig } from '../model/factory-config.ts'
import { connectionSecretName, serverSecretName } from '../model/names.ts'
import { CommandFailure, EXIT } from './command-failure.ts'
import type { ServerDeclaration } from './declarations.ts'

const PROVIDERS: readonly string[] = ['google', 'oidc']

/** A secret that somebody named, as Secrets Manager knows it. */
export interface NamedSecret {
  readonly kind: 'connection' | 'server'
  readonly physicalName: string
  readonly description: string
  /** What is strange about it, though it can be stored. */
  readonly warning?: string
}

/**
 * Finds the secret that is meant: a provider's, or one that a server needs, as `<server>/<name>` or by its name alone.
 * @throws CommandFailure saying which there are
 */
export function findSecret(
  wanted: string,
  server: string | undefined,
  { stage, organisation, connection }: Pick<FactoryConfig, 'stage' | 'organisation' | 'connection'>,
  declarations: readonly Pick<ServerDeclaration, 'server' | 'needs'>[],
): NamedSecret {
  if (server === undefined && PROVIDERS.includes(wanted))
    return {
      kind: 'connection',
      physicalName: connectionSecretName(stage, wanted),
      description: `${organisation}: credentials of the MCP factory's connection (${wanted})`,
      ...(connection.provider !== wanted && {
        warning: `factory.config.ts has connection.provider '${connection.provider}': what is stored for ${wanted} is not used.`,
      }),
    }
  const needed = declarations.flatMap(({ server, needs }) =>
    needs.flatMap((need) => (need.kind === 'secret' ? [{ server, name: need.name }] : [])),
  )
  const path = server === undefined ? wanted : `${server}/${wanted}`
  const found = needed.filter((need) => `${need.server}/${need.name}` === path || (!server && need.name === wanted))
  const [meant] = found
  if (meant === undefined || found.length > 1) {
    const all = meant ? found : needed
    const allowed = [...(meant ? [] : PROVIDERS), ...all.map((need) => `${need.server}/${need.name}`)]
    throw new CommandFailure(`name: found ${path}; allowed: ${allowed.join(', ')}`, EXIT.wrongUsage)
  }
  return {
    kind: 'server',
    physicalName: serverSecretName(stage, meant.server, meant.name),
    description: `${organisation}: ${meant.name} of the MCP server ${meant.server}`,
  }
}
