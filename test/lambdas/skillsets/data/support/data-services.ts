import { Leases } from '../../../../../lambdas/skillsets/data/limits/leases.ts'
import { dataOptions } from '../../../../../lambdas/skillsets/data/options.ts'
import { SavedReports } from '../../../../../lambdas/skillsets/data/reports/saved-reports.ts'
import { KeptResults } from '../../../../../lambdas/skillsets/data/results/kept-results.ts'
import type { DataServices } from '../../../../../lambdas/skillsets/data/services.ts'
import { dataTable } from '../../../runtime/support/data-table.ts'
import { MemoryBucket } from './memory-bucket.ts'
import { MemoryEngine } from './memory-engine.ts'

/** The services of a data server: its real limits, results, reports and table; engine and bucket are in memory. */
export async function dataServices(limits: Readonly<Record<string, number>> = {}) {
  const now = () => Date.parse('2026-11-22T12:00:00Z')
  const options = dataOptions.parse({ engine: 'duckdb', source: { sample: true }, limits })
  const data = await dataTable(now)
  const bucket = new MemoryBucket()
  const engine = new MemoryEngine()
  const services: DataServices = {
    engine,
    leases: new Leases(data.table, options.limits, now),
    results: new KeptResults(bucket, options.limits, now),
    reports: new SavedReports(bucket, data.table, options.limits, now),
    limits: options.limits,
    now,
  }
  return { services, engine, bucket, close: data.close }
}
