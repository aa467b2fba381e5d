import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { StartError } from './start-error.ts'

/** What the runner keeps; nothing else in the directory is ever removed. */
const KEPT = {
  assembly: 'cdk.out',
  dynamodb: 'dynamodb',
  s3: 's3',
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

/** Where `npm start` keeps its state, below the working directory. */
export const STATE_DIRECTORY = '.factory'

/** The file that says where a running factory is: its issuer, its people, its AWS endpoints. */
export function endpointsFile(directory: string): string {
  return join(directory, KEPT.endpoints)
}

/** The runner's state on disk: paths of what it keeps, held by one process at a time. */
export type StateDirectory = Readonly<Record<keyof typeof KEPT, string>> & {
  /** Gives the directory up. */
  release(): void
}

/**
 * Takes the directory for this process, which only a living process can hold: a killed one's lock is taken over.
 * @param fresh removes what an earlier start kept
 * @throws StartError when another process holds it, or it cannot be written
 */
export function openStateDirectory(path: string, fresh: boolean): StateDirectory {
  const lock = join(path, LOCK)
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 })
    takeLock(lock)
  } catch (error) {
    if (error instanceof StartError) throw error
    throw new StartError(
      `state cannot be kept in ${path} (${(error as Error).message}): choose another folder with FACTORY_DIRECTORY`,
    )
  }
  const paths = Object.fromEntries(Object.entries(KEPT).map(([key, name]) => [key, join(path, name)])) as Record<
    keyof typeof KEPT,
    string
  >
  if (fresh) for (const kept of Object.values(paths)) rmSync(kept, { recursive: true, force: true })
  for (const directory of [paths.dynamodb, paths.s3, paths.logs, paths.runtime, paths.signIn])
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
        `A factory runs here already: process ${holder} holds ${dirname(lock)}. Stop it with Ctrl+C in its terminal, or
start a second one beside it: FACTORY_DIRECTORY=.factory-2 FACTORY_PORT=0 npm start
(If process ${holder} is no factory, delete ${lock}.)`,
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
