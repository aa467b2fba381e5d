import type { FileDataset } from '../options.ts'
import { SAMPLE_TABLES, type SampleTable } from './tables.ts'

/** Where a table's rows of one tenant are, below the source. */
export const samplePath = (table: string, tenant: string): string => `${table}/${tenant}/${table}.parquet`

/** What the config need not declare where its source is the sample. */
export const SAMPLE_DATASETS: Readonly<Record<string, FileDataset>> = Object.fromEntries(
  Object.entries<SampleTable>(SAMPLE_TABLES).map(([name, { title, description, columns }]) => [
    name,
    {
      title,
      description,
      columns: Object.fromEntries(
        Object.entries(columns).map(([column, { comment, unit }]) => [
          column,
          { ...(comment && { comment }), ...(unit && { unit }) },
        ]),
      ),
      tenantColumn: 'tenant',
      files: samplePath(name, '*'),
    },
  ]),
)
