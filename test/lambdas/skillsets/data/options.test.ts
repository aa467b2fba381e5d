import { expect, it } from 'vitest'
import { dataOptions } from '../../../../lambdas/skillsets/data/options.ts'
import { describeIssues, SAYING_WHAT_IS_ALLOWED } from '../../../../model/describe-issues.ts'

const ORDERS = { title: 'Orders', description: 'One row per order.', files: 'orders/*.parquet' }
const FOLDER = { engine: 'duckdb', source: { folder: './data' } }

/** What synth says of options, one line per wrong value. */
function said(options: object): string[] {
  const { error } = dataOptions.safeParse(options, SAYING_WHAT_IS_ALLOWED)
  return describeIssues(error?.issues ?? [], () => 'it').map(({ path, text }) => `${path}: ${text}`)
}

it.each([
  ['the sample', { engine: 'duckdb', source: { sample: true } }],
  ['files of a folder', { ...FOLDER, datasets: { orders: { ...ORDERS, shared: true } } }],
  ['{tenant} in a path', { ...FOLDER, datasets: { orders: { ...ORDERS, files: '{tenant}/orders.csv' } } }],
  [
    'a table',
    { engine: 'postgres', datasets: { orders: { title: 'O', description: 'O', table: 'o', tenantColumn: 't' } } },
  ],
])('%s is enough', (_what, options) => {
  expect(said(options)).toEqual([])
})

it('what the options are made of can be read again: they travel as JSON', () => {
  const options = dataOptions.parse({ ...FOLDER, datasets: { orders: { ...ORDERS, shared: true } } })
  expect(dataOptions.parse(JSON.parse(JSON.stringify(options)))).toEqual(options)
})

it.each([
  [{ engine: 'mysql' }, 'engine: found it; allowed: one of "duckdb", "athena", "postgres"'],
  [{ ...FOLDER }, 'datasets: found it; allowed: the data sets, by name'],
  [{ ...FOLDER, datasets: {} }, 'datasets: found it; allowed: one data set at least'],
  [
    { engine: 'duckdb', source: { sample: true }, datasets: { orders: { ...ORDERS, shared: true } } },
    'datasets: found it; allowed: nothing: the sample has its own',
  ],
  [
    { ...FOLDER, datasets: { orders: ORDERS } },
    'datasets.orders: found it; allowed: exactly one of tenant, tenantColumn, shared: true and {tenant} in its path (0 are given)',
  ],
  [
    { ...FOLDER, datasets: { orders: { ...ORDERS, shared: true, tenant: 'example' } } },
    'datasets.orders: found it; allowed: exactly one of tenant, tenantColumn, shared: true and {tenant} in its path (2 are given)',
  ],
  [
    { ...FOLDER, datasets: { orders: { ...ORDERS, files: '../secrets.csv', shared: true } } },
    'datasets.orders.files: found it; allowed: a path such as orders/*.parquet, ending in .parquet, .csv, .json or .ndjson',
  ],
  [
    { ...FOLDER, datasets: { orders: { ...ORDERS, files: 'orders/{tenant}-*.csv' } } },
    'datasets.orders.files: found it; allowed: {tenant} and * in different parts of the path, such as {tenant}/*.csv: acme would read acme-eu-1.csv by {tenant}-*.csv',
  ],
  [
    { engine: 'duckdb', source: { sample: true }, limits: { queriesPerPerson: 0 } },
    'limits.queriesPerPerson: found it; allowed: at least 1',
  ],
])('a wrong value stops synth: %j', (options, expected) => {
  expect(said(options)).toEqual([expected])
})
