import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Need } from '../../../../model/skillset-declaration.ts'
import type { Athena, Files } from '../../../runtime/define-skillset.ts'
import { athena, files, layer, secret, size } from '../../../runtime/needs.ts'
import { processEntry } from '../../../runtime/process-entry.ts'
import type { AthenaOptions, DataOptions, DuckDbOptions, PostgresOptions } from '../options.ts'
import { completeSample } from '../sample/complete-sample.ts'
import { SAMPLE_DATASETS } from '../sample/datasets.ts'
import type { Engine } from './engine.ts'
import type { FileSource } from './files/file-source.ts'

/** Megabytes of the function beside the engine's: Node, a result on its way, a chart. */
const OWN_MEGABYTES = 768

/** DuckDB's threads: a function of this memory has two processors at the most. */
export const THREADS = 2
/** Tenants whose rows one instance holds: each takes memory and storage, and a change of tenants takes seconds. */
const TENANTS_AT_ONCE = 2

/** What the engine that the options name needs. */
export function engineNeeds(options: DataOptions): readonly Need[] {
  switch (options.engine) {
    case 'duckdb':
      return [
        files(options.source),
        layer('duckdb'),
        size({
          memory: TENANTS_AT_ONCE * options.memoryMegabytes + OWN_MEGABYTES,
          ephemeral: options.storageMegabytes,
        }),
      ]
    case 'postgres':
      return [secret('database'), layer('postgres-parser')]
    case 'athena':
      return [athena({ source: options.source, tables: options.datasets, scanMegabytes: options.scanMegabytes })]
  }
}

/** What the needs of an engine give, as far as it has them. */
interface EngineTools {
  readonly files?: Files
  readonly athena?: Athena
  readonly secret: (name: 'database') => Promise<string | undefined>
}

/** Opens the engine that the options name. Its driver is loaded here, and no other. */
export async function openEngine(options: DataOptions, tools: EngineTools): Promise<Engine> {
  switch (options.engine) {
    case 'duckdb':
      return await openDuckDb(options, tools)
    case 'postgres':
      return await openPostgres(options, tools)
    case 'athena':
      return await openAthena(options, tools)
  }
}

async function openDuckDb(options: DuckDbOptions, { files }: EngineTools): Promise<Engine> {
  const { createDuckDbEngine } = await import('./duckdb/duckdb-engine.ts')
  const source = await openFiles(files)
  const { memoryMegabytes } = options
  const temporaryDirectory = join(tmpdir(), 'duckdb')
  // Of a process that ended here before this one.
  await rm(temporaryDirectory, { recursive: true, force: true })
  return createDuckDbEngine({
    ...('sample' in options.source
      ? { datasets: SAMPLE_DATASETS, source: completeSample(source) }
      : { datasets: options.datasets ?? {}, source }),
    memoryMegabytes,
    threads: THREADS,
    tenantsAtOnce: TENANTS_AT_ONCE,
    processEntry: processEntry('data', 'duckdb'),
    nodePath: process.env.NODE_PATH ?? '',
    temporaryDirectory,
    now: Date.now,
  })
}

async function openFiles(files: Files | undefined): Promise<FileSource> {
  if (files === undefined) throw new Error('the need files was not given')
  if ('folder' in files) {
    const { createFolderSource } = await import('./files/folder-source.ts')
    return createFolderSource(files.folder)
  }
  const [{ createS3Source }, { openS3 }] = await Promise.all([
    import('./files/s3-source.ts'),
    import('../../../runtime/open-bucket.ts'),
  ])
  return createS3Source({ client: await openS3(), ...files })
}

async function openPostgres({ datasets }: PostgresOptions, { secret }: EngineTools): Promise<Engine> {
  const { createPostgresEngine } = await import('./postgres/create-postgres-engine.ts')
  return createPostgresEngine(datasets, () => secret('database'))
}

async function openAthena(options: AthenaOptions, { athena }: EngineTools): Promise<Engine> {
  if (athena === undefined) throw new Error('the need athena was not given')
  const { openAthenaEngine } = await import('./athena/open-athena-engine.ts')
  return openAthenaEngine(options, athena)
}
