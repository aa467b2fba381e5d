import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { AbilityError } from '../../../../runtime/ability-error.ts'
import { untilAborted } from '../../../../runtime/until-aborted.ts'
import type { FileSource } from '../files/file-source.ts'
import { DATABASE } from './allowed-functions.ts'
import { type DatabaseProcess, startDatabaseProcess } from './database-process.ts'
import type { DatabaseSize } from './messages.ts'
import {
  type DatasetFiles,
  deleteMixedFiles,
  digestOf,
  type FileDatasets,
  fetchTenantFiles,
  listTenantFiles,
} from './tenant-files.ts'

/** Milliseconds for which the files of a source count as unchanged. */
const FRESH = 60_000

export interface TenantDatabasesOptions extends DatabaseSize {
  readonly datasets: FileDatasets
  readonly source: FileSource
  /** processes/duckdb.ts, or the bundle of it. */
  readonly processEntry: string
  /** NODE_PATH of that process. */
  readonly nodePath: string
  /** Files and databases lie here; it is this engine's own. */
  readonly temporaryDirectory: string
  /** Tenants whose databases are there at once: each takes memory and disk. */
  readonly tenantsAtOnce: number
  /** Milliseconds since the epoch. */
  readonly now: () => number
}

interface TenantDatabase {
  readonly directory: string
  readonly digest: string
  process: DatabaseProcess
  checkedAt: number
  usedAt: number
  /** Calls that use it. */
  users: number
  /** Its files are gone; its process goes with the last call. */
  retired: boolean
}

export interface TenantDatabases {
  /** Lends a tenant's database, which is built anew where files changed. */
  use<Result>(tenant: string, signal: AbortSignal, use: (database: DatabaseProcess) => Promise<Result>): Promise<Result>
  /** Ends all processes and deletes their databases. */
  end(): Promise<void>
}

/** Keeps a process and a database for each of the tenants that asked last. */
export function createTenantDatabases(options: TenantDatabasesOptions): TenantDatabases {
  const { datasets, source, temporaryDirectory, tenantsAtOnce, memoryMegabytes, threads, now } = options
  const size = { memoryMegabytes, threads }
  const filesFolder = join(temporaryDirectory, 'files')
  const databases = new Map<string, TenantDatabase>()
  let built = 0
  let turn: Promise<unknown> = Promise.resolve()

  /** One after the other: whoever comes second finds what the first has built. */
  const inTurn = <Result>(work: () => Promise<Result>): Promise<Result> => {
    const result = turn.then(work)
    turn = result.catch(() => undefined)
    return result
  }

  const find = async (tenant: string): Promise<TenantDatabase> => {
    const found = databases.get(tenant)
    await found?.process.settled()
    if (found?.process.alive && now() - found.checkedAt < FRESH) return found
    const listed = await listTenantFiles(source, datasets, tenant)
    const digest = digestOf(listed)
    if (found?.digest === digest) {
      if (!found.process.alive) found.process = await open(start(found.directory), found.directory)
      found.checkedAt = now()
      return found
    }
    if (!found) await makeRoom()
    const { directory, process } = await build(tenant, listed)
    const database = { directory, digest, process, checkedAt: now(), usedAt: now(), users: 0, retired: false }
    databases.set(tenant, database)
    if (found) await retire(found)
    return database
  }

  /** The process that answers is another one than that which sees the files; it starts meanwhile. */
  const build = async (tenant: string, listed: readonly DatasetFiles[]) => {
    const directory = join(temporaryDirectory, `database-${++built}`)
    await rm(directory, { recursive: true, force: true })
    await mkdir(directory, { recursive: true })
    const [builder, process] = [start(directory), start(directory)]
    try {
      const tables = await fetchTenantFiles(source, listed, tenant, filesFolder)
      await builder.ask({ kind: 'build', path: pathIn(directory), tables, ...size }, NEVER)
      await builder.end()
      await deleteMixedFiles(listed, filesFolder)
      await open(process, directory)
      return { directory, process }
    } catch (error) {
      await Promise.all([builder.end(), process.end()])
      await rm(directory, { recursive: true, force: true })
      throw error
    }
  }

  const open = async (process: DatabaseProcess, directory: string): Promise<DatabaseProcess> => {
    await process.ask({ kind: 'open', path: pathIn(directory), ...size }, NEVER)
    return process
  }

  const start = (directory: string) =>
    startDatabaseProcess({ entry: options.processEntry, nodePath: options.nodePath, directory, memoryMegabytes })

  /** Gives up the database that nobody has used for the longest time. */
  const makeRoom = async () => {
    if (databases.size < tenantsAtOnce) return
    const idle = [...databases].filter(([, { users }]) => users === 0)
    const [oldest] = idle.toSorted(([, one], [, other]) => one.usedAt - other.usedAt)
    if (!oldest) throw tooBusy()
    databases.delete(oldest[0])
    await retire(oldest[1])
  }

  const retire = async (database: TenantDatabase) => {
    database.retired = true
    await rm(database.directory, { recursive: true, force: true })
    if (database.users === 0) await database.process.end()
  }

  const release = async (database: TenantDatabase) => {
    database.users--
    database.usedAt = now()
    if (database.retired && database.users === 0) await database.process.end()
  }

  const lend = async (tenant: string): Promise<TenantDatabase> => {
    const database = await find(tenant).catch(unavailable)
    database.users++
    return database
  }

  return {
    async use(tenant, signal, use) {
      const lent = inTurn(() => lend(tenant))
      const database = await untilAborted(lent, signal).catch((reason) => {
        lent.then(release, () => undefined)
        throw reason
      })
      try {
        return await use(database.process)
      } finally {
        await release(database)
      }
    },
    end: () =>
      inTurn(async () => {
        for (const database of databases.values()) await retire(database)
        databases.clear()
      }),
  }
}

/** What others wait for, too, goes on when one of them leaves. */
const NEVER = new AbortController().signal

const pathIn = (directory: string) => join(directory, `${DATABASE}.duckdb`)

function unavailable(cause: unknown): never {
  if (cause instanceof AbilityError && cause.code === 'engine_unavailable') throw cause
  throw new AbilityError(
    'engine_unavailable',
    'The files of the data sets cannot be read at the moment.',
    'Try again; if it stays so, tell those who run this server.',
    { cause },
  )
}

function tooBusy(): AbilityError {
  return new AbilityError(
    'engine_unavailable',
    'The databases of other organisations are in use.',
    'Try again in a minute.',
  )
}
