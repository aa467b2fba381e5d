import { mkdtempDisposable } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { processEntry } from '../../../../../lambdas/runtime/process-entry.ts'
import { createDuckDbEngine } from '../../../../../lambdas/skillsets/data/engines/duckdb/duckdb-engine.ts'
import type { Engine, QueryLimits } from '../../../../../lambdas/skillsets/data/engines/engine.ts'
import { createFolderSource } from '../../../../../lambdas/skillsets/data/engines/files/folder-source.ts'
import { createPostgresEngine } from '../../../../../lambdas/skillsets/data/engines/postgres/create-postgres-engine.ts'
import { SAMPLE_DATASETS } from '../../../../../lambdas/skillsets/data/sample/datasets.ts'
import type { ColumnKind, Value } from '../../../../../lambdas/skillsets/data/table.ts'
import { collectRows } from '../../../../../local/sample-data/generate.ts'
import { writeParquet } from '../../../../../local/sample-data/write-parquet.ts'
import { startPostgres } from '../../../../support/postgres.ts'
import { CUSTOMERS } from './customers.ts'
import { POSTGRES_DATASETS, sampleInPostgres } from './postgres-sample.ts'
import { PRODUCTS } from './products.ts'
import { type Cell, type Question, shopOf } from './question.ts'
import { SALES } from './sales.ts'
import { VISITS } from './visits.ts'

/** Of the full sample: some 25,000 rows. */
const SCALE = 0.025
const LIMITS: QueryLimits = { rows: 10_000, bytes: 10_000_000, milliseconds: 60_000 }
const { signal } = new AbortController()

const QUESTIONS: readonly Question[] = [...SALES, ...PRODUCTS, ...CUSTOMERS, ...VISITS]
const rows = collectRows(SCALE)
const shops = { example: shopOf(rows, 'example'), partner: shopOf(rows, 'partner') }

/** Floats are compared to 1e-9 of their size, everything else exactly. */
function expectRows(found: readonly (readonly Value[])[], kinds: readonly ColumnKind[], expected: Cell[][]): void {
  const isFloat = (column: number) => kinds[column] === 'float'
  const exact = (all: readonly (readonly Value[])[]) =>
    all.map((row) => row.map((value, column) => (isFloat(column) && value !== null ? 'a float' : value)))
  expect(exact(found)).toEqual(exact(expected))
  for (const [index, row] of expected.entries())
    for (const [column, value] of row.entries())
      if (isFloat(column) && value !== null) {
        const difference = Math.abs(Number(found[index]?.[column]) - Number(value))
        expect(difference, `row ${index}, column ${column}`).toBeLessThanOrEqual(
          1e-9 * Math.max(1, Math.abs(Number(value))),
        )
      }
}

function answersAll(name: 'duckdb' | 'postgres', start: () => Promise<{ engine: Engine; end(): Promise<void> }>): void {
  let started: Awaited<ReturnType<typeof start>>
  beforeAll(async () => {
    started = await start()
  })
  afterAll(() => started?.end())

  it.each(QUESTIONS)('$question', async ({ sql, expected }) => {
    const statement = typeof sql === 'string' ? sql : sql[name]
    for (const [tenant, shop] of Object.entries(shops)) {
      const { columns, rows, cutBy } = await started.engine.query({ tenant }, statement, LIMITS, signal)
      expect(cutBy).toBeUndefined()
      expectRows(
        rows,
        columns.map(({ kind }) => kind),
        expected(shop),
      )
    }
  })
}

describe('questions to DuckDB', () => {
  answersAll('duckdb', async () => {
    const [files, own] = await Promise.all(['files-', 'own-'].map((name) => mkdtempDisposable(join(tmpdir(), name))))
    if (!files || !own) throw new Error('no folders')
    await writeParquet(files.path, SCALE)
    const engine = createDuckDbEngine({
      datasets: SAMPLE_DATASETS,
      source: createFolderSource(files.path),
      memoryMegabytes: 512,
      threads: 2,
      processEntry: processEntry('data', 'duckdb'),
      nodePath: '',
      temporaryDirectory: own.path,
      tenantsAtOnce: 2,
      now: Date.now,
    })
    const end = async () => {
      await engine.end()
      await Promise.all([files.remove(), own.remove()])
    }
    return { engine, end }
  })
})

describe('questions to PostgreSQL', () => {
  answersAll('postgres', async () => {
    const postgres = await startPostgres(sampleInPostgres(rows))
    // A copy of the database is made for each role, which takes longer than the engine waits for a connection.
    for (const tenant of Object.keys(shops)) await postgres.asSuperuser(tenant, 'SELECT 1')
    const engine = createPostgresEngine(POSTGRES_DATASETS, async () => postgres.secret)
    const end = async () => {
      await engine.close()
      await postgres.close()
    }
    return { engine, end }
  })
})
