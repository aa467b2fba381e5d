import { createHash } from 'node:crypto'
import { mkdir, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { FileDataset } from '../../options.ts'
import { visibleTo } from '../declared-datasets.ts'
import { listFiles } from '../files/file-pattern.ts'
import type { FileSource, SourceFile } from '../files/file-source.ts'
import type { TableFiles } from './messages.ts'

export type FileDatasets = Readonly<Record<string, FileDataset>>

/** Files that are fetched at a time. */
const FETCHED_AT_ONCE = 8

/** The files of one data set, as they were listed for a tenant. */
export interface DatasetFiles {
  readonly name: string
  readonly dataset: FileDataset
  readonly files: readonly SourceFile[]
}

/** Lists the files of all data sets that the tenant has a part in; those without a file are left out. */
export async function listTenantFiles(
  source: FileSource,
  datasets: FileDatasets,
  tenant: string,
): Promise<readonly DatasetFiles[]> {
  const listed = await Promise.all(
    Object.entries(visibleTo(tenant, datasets)).map(async ([name, dataset]) => ({
      name,
      dataset,
      files: await listFiles(source, dataset.files, tenant),
    })),
  )
  return listed.filter(({ files }) => files.length > 0)
}

/** Another one whenever a file came, went or changed. */
export function digestOf(listed: readonly DatasetFiles[]): string {
  return createHash('sha256')
    .update(JSON.stringify(listed.map(({ name, files }) => [name, files.map(({ key, etag }) => [key, etag])])))
    .digest('hex')
}

/**
 * Brings the files into a folder, where those of the same ETag stay from last time, and everything that is not among them
 * is deleted first.
 * @returns the tables to build of them
 */
export async function fetchTenantFiles(
  source: FileSource,
  listed: readonly DatasetFiles[],
  tenant: string,
  folder: string,
): Promise<readonly TableFiles[]> {
  const wanted = new Map(listed.flatMap(({ files }) => files.map((file) => [nameOf(file), file] as const)))
  await mkdir(folder, { recursive: true })
  const there = new Set(await readdir(folder))
  for (const name of there) if (!wanted.has(name)) await rm(join(folder, name), { recursive: true })
  const missing = wanted.entries().filter(([name]) => !there.has(name))
  const fetchNext = async () => {
    for (const [name, file] of missing) await fetchWhole(source, file, join(folder, name))
  }
  const ended = await Promise.allSettled(Array.from({ length: FETCHED_AT_ONCE }, fetchNext))
  for (const end of ended) if (end.status === 'rejected') throw end.reason
  return listed.map(({ name, dataset, files }) => ({
    name,
    format: formatOf(dataset.files),
    paths: files.map((file) => join(folder, nameOf(file), ...partsOf(file))),
    only: dataset.tenantColumn === undefined ? undefined : { column: dataset.tenantColumn, value: tenant },
  }))
}

/** Deletes those that hold other tenants' rows beside the tenant's: no process is to be started while they are there. */
export async function deleteMixedFiles(listed: readonly DatasetFiles[], folder: string): Promise<void> {
  const mixed = listed.filter(({ dataset }) => dataset.tenantColumn !== undefined)
  for (const file of mixed.flatMap(({ files }) => files))
    await rm(join(folder, nameOf(file)), { recursive: true, force: true })
}

/** A fetch that failed half way leaves nothing that looks whole. */
async function fetchWhole(source: FileSource, file: SourceFile, folder: string): Promise<void> {
  const partial = `${folder}.partial`
  const path = join(partial, ...partsOf(file))
  await rm(partial, { recursive: true, force: true })
  await mkdir(join(path, '..'), { recursive: true })
  await source.fetch(file, path)
  await rename(partial, folder)
}

const nameOf = ({ key, etag }: SourceFile) =>
  createHash('sha256')
    .update(JSON.stringify([key, etag]))
    .digest('hex')

/** The key's parts, so that `country=de/` still makes a column, without the characters that DuckDB takes for a pattern. */
const partsOf = ({ key }: SourceFile) => key.split('/').map((part) => part.replace(/[^A-Za-z0-9_=.-]/g, '_'))

function formatOf(path: string): TableFiles['format'] {
  if (path.endsWith('.parquet')) return 'parquet'
  return path.endsWith('.csv') ? 'csv' : 'json'
}
