import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Question } from './serve.ts'
import type { HeldCode } from './token-server.ts'

const SERVE = join(import.meta.dirname, 'serve.ts')
/** The servers' core and the load's: neither takes time from the other. */
const CORES = { servers: 0, load: 1 } as const

/** A server under test, in a process of its own. */
export interface ServerProcess {
  readonly tokenUrl: URL
  issueCodes(count: number): Promise<HeldCode[]>
  accepts(accessToken: string): Promise<boolean>
  /** Microseconds of processor time that it has used. */
  cpuTime(): Promise<number>
  stop(): Promise<void>
}

/** Puts this process on the core of the load. @returns whether this machine can (`taskset`, two cores) */
export function pinLoad(): boolean {
  const { status } = spawnSync('taskset', ['-a', '-c', '-p', String(CORES.load), String(process.pid)])
  return status === 0
}

/** @param pinned whether to put it on a core of its own */
export async function startServer(
  { module, variant }: { readonly module: string; readonly variant?: string },
  pinned: boolean,
): Promise<ServerProcess> {
  const path = pathToFileURL(join(import.meta.dirname, 'servers', module)).href
  const command = [process.execPath, SERVE, path, ...(variant === undefined ? [] : [variant])]
  const [executable = '', ...given] = pinned ? ['taskset', '-c', String(CORES.servers), ...command] : command
  // Its log is written, as it is wherever it runs, and kept nowhere.
  const child = spawn(executable, given, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  const { port, tokenPath } = (await message(child)) as { port: number; tokenPath: string }
  const ask = <Answer>(question: Question) => {
    const answer = message(child) as Promise<Answer>
    child.send(question)
    return answer
  }
  return {
    tokenUrl: new URL(tokenPath, `http://127.0.0.1:${port}`),
    issueCodes: (count) => ask({ ask: 'codes', count }),
    accepts: (accessToken) => ask({ ask: 'accepts', accessToken }),
    cpuTime: () => ask({ ask: 'cpu' }),
    async stop() {
      child.kill()
      await once(child, 'exit')
    },
  }
}

async function message(child: ChildProcess): Promise<unknown> {
  const gone = new AbortController()
  try {
    return await Promise.race([
      once(child, 'message', { signal: gone.signal }).then(([first]) => first),
      once(child, 'exit', { signal: gone.signal }).then(([code]) => {
        throw new Error(`a server under test has ended with ${code}`)
      }),
    ])
  } finally {
    gone.abort()
  }
}
