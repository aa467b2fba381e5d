import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { onTestFinished } from 'vitest'
import { processEntry } from '../../../../../../lambdas/runtime/process-entry.ts'
import {
  createDuckDbEngine,
  type DuckDbEngine,
} from '../../../../../../lambdas/skillsets/data/engines/duckdb/duckdb-engine.ts'
import type { TenantDatabasesOptions } from '../../../../../../lambdas/skillsets/data/engines/duckdb/tenant-databases.ts'
import type { FileDatasets } from '../../../../../../lambdas/skillsets/data/engines/duckdb/tenant-files.ts'
import type { QueryLimits } from '../../../../../../lambdas/skillsets/data/engines/engine.ts'
import { createFolderSource } from '../../../../../../lambdas/skillsets/data/engines/files/folder-source.ts'
import { CUSTOMERS, ORDERS } from '../../escapes/scene.ts'

export const LIMITS: QueryLimits = { rows: 1_000, bytes: 1_000_000, milliseconds: 20_000 }
export const NEVER = new AbortController().signal

/** A folder that is gone after the test, or with `remove`. */
export function temporaryFolder(): string {
  return realpathSync(mkdtempSync(join(tmpdir(), 'duckdb-engine-')))
}

export function write(path: string, content: string): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, content)
}

/** The scene's tables as CSV, all tenants in one file each. */
export function writeScene(folder: string): void {
  write(join(folder, 'orders.csv'), csv(ORDERS))
  write(join(folder, 'customers.csv'), csv(CUSTOMERS))
}

function csv(rows: readonly Readonly<Record<string, string | number>>[]): string {
  const lines = [Object.keys(rows[0] ?? {}), ...rows.map((row) => Object.values(row))]
  return lines.map((line) => `${line.join()}\n`).join('')
}

export const DESCRIBED = { title: 'A title', description: 'What it is.', columns: {} }

export const SCENE_DATASETS: FileDatasets = {
  orders: { ...DESCRIBED, files: 'orders.csv', tenantColumn: 'tenant' },
  customers: { ...DESCRIBED, files: 'customers.csv', tenantColumn: 'tenant' },
}

/** A folder with files, an engine over it, and the folder that is the engine's own. */
export interface Scene {
  readonly engine: DuckDbEngine
  readonly folder: string
  readonly temporary: string
  remove(): Promise<void>
}

/** Starts an engine over a folder that the scene was written to. */
export function openScene(options: Partial<TenantDatabasesOptions> = {}): Scene {
  const home = temporaryFolder()
  const [folder, temporary] = [join(home, 'source'), join(home, 'temporary')]
  writeScene(folder)
  mkdirSync(temporary)
  const engine = createDuckDbEngine({
    datasets: SCENE_DATASETS,
    source: createFolderSource(folder),
    memoryMegabytes: 128,
    threads: 2,
    processEntry: processEntry('data', 'duckdb'),
    nodePath: '',
    temporaryDirectory: temporary,
    tenantsAtOnce: 1,
    now: Date.now,
    ...options,
  })
  const remove = async () => {
    await engine.end()
    rmSync(home, { recursive: true })
  }
  return { engine, folder, temporary, remove }
}

/** {@link openScene} for one test. */
export function sceneForTest(options: Partial<TenantDatabasesOptions> = {}): Scene {
  const scene = openScene(options)
  onTestFinished(scene.remove)
  return scene
}

/** Makes a database file of the scene's rows for one tenant, without any engine. */
export async function buildScene(path: string, tenant: string): Promise<void> {
  const instance = await DuckDBInstance.create(path)
  const connection = await instance.connect()
  const values = (rows: readonly Readonly<Record<string, string | number>>[]) =>
    rows
      .filter((row) => row.tenant === tenant)
      .map((row) => `(${Object.values(row).map((value) => `'${value}'`)})`)
      .join()
  await connection.run(`CREATE TABLE orders (id INTEGER, item VARCHAR, amount DECIMAL(12, 2), tenant VARCHAR);
    INSERT INTO orders VALUES ${values(ORDERS)};
    CREATE TABLE customers (id INTEGER, name VARCHAR, tenant VARCHAR);
    INSERT INTO customers VALUES ${values(CUSTOMERS)};
    CREATE SEQUENCE order_numbers`)
  connection.closeSync()
  instance.closeSync()
}
