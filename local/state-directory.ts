import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { StartError } from './start-error.ts'

/** What the runner keeps; nothing else in the directory is ever removed. */
const KEPT = {
  assembly: 'cdk.out',
  dynamodb: 'dynamodb',
  logs: 'logs',
  runtime: 'runtime',
  signIn: 'sign-in',
  secrets: 'secrets.json',
  customResources: 'custom-resources.json',
  ports: 'ports.json',
  endpoints: 'endpoints.json',
  config: 'google.config.ts',
} as const

const LOCK = 'lock'

/** The runner's state on disk: paths of what it keeps, held by one process at a time. */
export type StateDirectory = Readonly<Record<keyof typeof KEPT, string>> & {
  /** Gives the directory up. */
  release(): void
}

/**
 * Takes the directory for this process, which only a living process can hold: a killed one's lock is taken over.
 * @param fresh removes what an earlier start kept
 * @throws StartError when another process holds it
 */
export function openStateDirectory(path: string, fresh: boolean): StateDirectory {
  mkdirSync(path, { recursive: true, mode: 0o700 })
  const lock = join(path, LOCK)
  takeLock(lock)
  const paths = Object.fromEntries(Object.entries(KEPT).map(([key, name]) => [key, join(path, name)])) as Record<
    keyof typeof KEPT,
    string
  >
  if (fresh) for (const kept of Object.values(paths)) rmSync(kept, { recursive: true, force: true })
  for (const directory of [paths.dynamodb, paths.logs, paths.runtime, paths.signIn])
    mkdirSync(directory, { recursive: true, mode: 0o700 })
  return { ...paths, release: () => rmSync(lock, { force: true }) }
}

function takeLock(lock: string): void {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx', mode: 0o600 })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    const holder = Number(readFileSync(lock, 'utf8'))
    if (isAlive(holder))
      throw new StartError(
        `another factory (process ${holder}) uses this state directory: stop it, or delete ${lock} if it is none`,
      )
    rmSync(lock)
    takeLock(lock)
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
