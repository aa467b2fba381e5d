import type { RequestListener } from 'node:http'
import { readJsonFile, writeJsonFile } from './json-file.ts'
import { type LoopbackServer, listenOnLoopback } from './loopback-server.ts'
import { StartError } from './start-error.ts'

/** A server that listens before it is known what it serves: 503 until then. */
export interface Door {
  readonly port: number
  open(listener: RequestListener): void
  close(): Promise<void>
}

export async function listenEarly(port: number): Promise<Door> {
  let listener: RequestListener = (_request, response) => {
    response.writeHead(503, { 'content-type': 'text/plain', 'retry-after': '2' }).end('The factory is starting.\n')
  }
  const server: LoopbackServer = await listenOnLoopback((request, response) => listener(request, response), port)
  return {
    port: server.port,
    open: (ready) => {
      listener = ready
    },
    close: server.close,
  }
}

/** Ports that nobody chose, free at their first start and the same from then on: they are part of URLs. */
export class KeptPorts {
  readonly #path: string
  readonly #ports: Record<string, number>

  constructor(path: string) {
    this.#path = path
    this.#ports = readJsonFile(path, {})
  }

  async listen(name: string): Promise<Door> {
    const door = await listenEarly(this.#ports[name] ?? 0).catch((error: unknown) => {
      // Somebody else has it now: this URL changes.
      if (error instanceof StartError) return listenEarly(0)
      throw error
    })
    this.#ports[name] = door.port
    writeJsonFile(this.#path, this.#ports)
    return door
  }

  /** A port for a server that listens itself. */
  async choose(name: string): Promise<number> {
    const door = await this.listen(name)
    await door.close()
    return door.port
  }
}
