import type { ServerDocument } from '../model/documents.ts'
import type { FactoryConfig, ServerConfig } from '../model/factory-config.ts'
import { carryOptions } from './carry-options.ts'
import { PROXY_HANDLER, skillsetHandler } from './handlers.ts'

/** In what a skillset's function and a proxy's differ. */
export interface ServerKind {
  /** Of the construct. */
  readonly id: string
  readonly entry: string
  /** Beside what every server's function is told. */
  readonly environment: Readonly<Record<string, string>>
  /** Beside its bundle, by name. */
  readonly files: Readonly<Record<string, string>>
}

export function serverKind(
  { connection }: FactoryConfig,
  server: ServerConfig,
  { abilities }: ServerDocument,
  skillset: string,
): ServerKind {
  if (!('proxy' in server))
    return {
      id: 'Skillset',
      entry: skillsetHandler(skillset),
      ...carryOptions(server.options),
    }
  const { url, headers, timeout, health } = server.proxy
  return {
    id: 'Proxy',
    entry: PROXY_HANDLER,
    files: {},
    environment: {
      BACKEND: JSON.stringify({ url, headers, timeout, health }),
      // The very map that the gate decides by; without one the server is public.
      ...(!server.proxy.public && { ABILITIES: JSON.stringify(abilities) }),
      PROVIDER: connection.provider,
    },
  }
}
