import type { PostgresDataset } from '../../../../../lambdas/skillsets/data/options.ts'
import {
  SAMPLE_TABLES,
  type SampleColumn,
  type SampleTable,
  type SampleTableName,
} from '../../../../../lambdas/skillsets/data/sample/tables.ts'
import type { SampleRows } from '../../../../../local/sample-data/rows.ts'
import { documented } from '../../../../support/postgres.ts'
import { date, money } from './arithmetic.ts'

const TABLES = Object.entries<SampleTable>(SAMPLE_TABLES) as [SampleTableName, SampleTable][]

/** The sample's tables as data sets of the PostgreSQL engine. */
export const POSTGRES_DATASETS: Readonly<Record<string, PostgresDataset>> = Object.fromEntries(
  TABLES.map(([name, { title, description }]) => [
    name,
    { title, description, columns: {}, table: `sales.${name}`, tenantColumn: 'tenant' },
  ]),
)

/** SQL that makes the tables of the sample with their rows, and the roles and policies of docs/data-postgres.md. */
export function sampleInPostgres(rows: SampleRows): string {
  return [
    'CREATE SCHEMA sales;',
    ...TABLES.map(([name, { columns }]) => tableWithRows(name, columns, rows[name] as readonly object[])),
    'ANALYZE;',
    documented('once'),
    ...TABLES.map(([name]) => documented('table').replaceAll('sales.orders', `sales.${name}`)),
    documented('tenant'),
    documented('tenant').replaceAll('mcp_example', 'mcp_partner'),
  ].join('\n')
}

function tableWithRows(name: string, columns: Readonly<Record<string, SampleColumn>>, rows: readonly object[]): string {
  const definitions = Object.entries(columns).map(
    ([column, { type }]) => `${column} ${type === 'double' ? 'double precision' : type}`,
  )
  const values = rows.map((row) => {
    const fields = row as Readonly<Record<string, string | number | boolean | null>>
    return `(${Object.entries(columns).map(([column, { type }]) => literal(fields[column] ?? null, type))})`
  })
  return `CREATE TABLE sales.${name} (${definitions}); INSERT INTO sales.${name} VALUES ${values};`
}

function literal(field: string | number | boolean | null, type: SampleColumn['type']): string {
  if (typeof field === 'string') return `'${field.replaceAll("'", "''")}'`
  if (typeof field !== 'number') return String(field)
  switch (type) {
    case 'date':
      return `'${date(field)}'`
    case 'timestamp':
      return `'${new Date(field * 1000).toISOString().slice(0, 19)}'`
    case 'decimal(12,2)':
      return money(field)
    default:
      return String(field)
  }
}
