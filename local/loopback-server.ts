import { once } from 'node:events'
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { StartError } from './start-error.ts'

/** An HTTP server that only this machine reaches. */
export interface LoopbackServer {
  readonly server: Server
  readonly port: number
  /** Ends open connections too. */
  close(): Promise<void>
}

/**
 * Listens on 127.0.0.1.
 * @param port 0 for one that is free
 * @throws StartError when the port is taken
 */
export async function listenOnLoopback(listener: RequestListener, port = 0): Promise<LoopbackServer> {
  // A stream may last as long as a function may run (15 minutes): no limit of our own.
  const server = createServer({ requestTimeout: 0, keepAliveTimeout: 60_000 }, listener)
  server.listen(port, '127.0.0.1')
  try {
    await once(server, 'listening')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code !== 'EADDRINUSE' && code !== 'EACCES') throw error
    const why = code === 'EACCES' ? 'may not be used:' : 'is taken: stop what listens there, or'
    throw new StartError(`port ${port} ${why} choose another with FACTORY_PORT, such as FACTORY_PORT=4200 npm start`)
  }
  return {
    server,
    port: (server.address() as AddressInfo).port,
    async close() {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}

/** The whole body of a request; undefined where it is longer than the limit, in bytes. */
export async function readBody(request: IncomingMessage, limit: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length <= limit) chunks.push(chunk)
  }
  return length > limit ? undefined : Buffer.concat(chunks)
}
