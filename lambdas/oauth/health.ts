import { errorChain } from '../shell/error-chain.ts'
import { signingKeyAt } from '../tokens/key-set.ts'
import type { AuthorizationServer } from './authorization-server.ts'

export interface Health {
  readonly status: 'ok' | 'degraded'
  /** What does not answer: `table`, `keys`, `upstream`. */
  readonly down: readonly string[]
}

/** Looks at each dependency; the log says why one is down, the answer only which. */
export async function checkHealth(server: AuthorizationServer): Promise<Health> {
  const probes: Readonly<Record<string, () => Promise<unknown>>> = {
    table: () => server.store.probe(),
    keys: async () => signingKeyAt(await server.keys.read(), server.now()),
    upstream: () => server.upstream.probe(),
  }
  const results = await Promise.all(
    Object.entries(probes).map(async ([name, probe]) => {
      try {
        await probe()
        return []
      } catch (error) {
        server.log.error('dependency down', { dependency: name, reason: errorChain(error) })
        return [name]
      }
    }),
  )
  const down = results.flat()
  return { status: down.length === 0 ? 'ok' : 'degraded', down }
}
