import { createServer, type RequestListener } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { ProbeHistory } from '../../../../../lambdas/skillsets/devops/backends/probe-history.ts'
import type { Service } from '../../../../../lambdas/skillsets/devops/backends/service-probe.ts'
import type { DevopsServices } from '../../../../../lambdas/skillsets/devops/services.ts'
import type { SelfSigned } from '../../../../support/certificates.ts'

/** A server that is probed, on a port of its own or the one it had before. */
export async function startService(listener: RequestListener, options: { port?: number; tls?: SelfSigned } = {}) {
  const server = options.tls ? createTlsServer(options.tls, listener) : createServer(listener)
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    port,
    url: `${options.tls ? 'https' : 'http'}://127.0.0.1:${port}`,
    /** At once, with whatever is connected. */
    async kill() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

export function serviceAt(url: string, changes: Partial<Service> = {}): Service {
  return { name: 'shop', url, expect: {}, timeoutMs: 2_000, ...changes }
}

export function devopsServices(services: readonly Service[], history: ProbeHistory, now: () => number): DevopsServices {
  return { services, history, now }
}
