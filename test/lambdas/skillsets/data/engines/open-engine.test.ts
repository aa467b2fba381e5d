import { expect, it } from 'vitest'
import { engineNeeds, openEngine } from '../../../../../lambdas/skillsets/data/engines/open-engine.ts'
import { dataOptions } from '../../../../../lambdas/skillsets/data/options.ts'

const DESCRIBED = { title: 'Orders', description: 'One row per order.' }
const OPTIONS = {
  duckdb: { engine: 'duckdb', source: { sample: true }, memoryMegabytes: 1_000, storageMegabytes: 4_096 },
  postgres: { engine: 'postgres', datasets: { orders: { ...DESCRIBED, table: 'orders', tenantColumn: 'tenant' } } },
  athena: {
    engine: 'athena',
    source: { bucket: 'example-data' },
    datasets: { orders: { ...DESCRIBED, folder: '{tenant}/orders', types: { id: 'int' } } },
    scanMegabytes: 50,
  },
}

it('each engine has what it needs, and nothing of the others', () => {
  const needs = (options: object) => engineNeeds(dataOptions.parse(options))
  expect(needs(OPTIONS.duckdb)).toEqual([
    { kind: 'files', source: { sample: true } },
    { kind: 'layer', name: 'duckdb' },
    { kind: 'size', memoryMegabytes: 2_768, ephemeralMegabytes: 4_096 },
  ])
  expect(needs(OPTIONS.postgres)).toEqual([
    { kind: 'secret', name: 'database', optional: false },
    { kind: 'layer', name: 'postgres-parser' },
  ])
  expect(needs(OPTIONS.athena)).toMatchObject([
    { kind: 'athena', scanMegabytes: 50, tables: { orders: { folder: '{tenant}/orders' } } },
  ])
})

it.each([
  'duckdb',
  'postgres',
  'athena',
] as const)('%s lists what a tenant may read before anything is asked of it', async (engine) => {
  const access = { example: { role: 'arn:aws:iam::123456789012:role/example', workgroup: 'w', database: 'd' } }
  const tools = { files: { folder: import.meta.dirname }, athena: access, secret: async () => undefined }
  const opened = await openEngine(dataOptions.parse(OPTIONS[engine]), tools)
  const datasets = await opened.datasets({ tenant: 'example' }, new AbortController().signal)
  expect(datasets).toContainEqual(expect.objectContaining({ name: 'orders', title: 'Orders' }))
})

it.each(['duckdb', 'athena'] as const)('%s does not open without what it needs', async (engine) => {
  await expect(openEngine(dataOptions.parse(OPTIONS[engine]), { secret: async () => undefined })).rejects.toThrow(
    'was not given',
  )
})
