import { mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { samplePath } from '../../lambdas/skillsets/data/sample/datasets.ts'
import { SAMPLE_TABLES, type SampleTableName } from '../../lambdas/skillsets/data/sample/tables.ts'
import { generateRows } from './generate.ts'
import { ParquetTable } from './parquet-table.ts'
import { SHOPS } from './shops.ts'

/**
 * Makes the sample's rows and writes a Parquet file for each table and tenant below a folder. Takes some 400 MB: one
 * shop's rows as DuckDB keeps them.
 * @param scale see generateRows
 * @returns the files' paths below the folder, and how many rows are in them
 */
export async function writeParquet(folder: string, scale: number): Promise<{ paths: string[]; rows: number }> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' })
  try {
    const connection = await instance.connect()
    const paths: string[] = []
    let rows = 0
    for (const shop of SHOPS) {
      const names = Object.keys(SAMPLE_TABLES) as SampleTableName[]
      const tables = await Promise.all(names.map((name) => ParquetTable.create(connection, name)))
      for (const part of generateRows(shop, scale))
        for (const table of tables)
          for (const row of part[table.name]) {
            table.append(row)
            rows++
          }
      for (const table of tables) {
        const path = samplePath(table.name, shop.tenant)
        mkdirSync(dirname(join(folder, path)), { recursive: true })
        await table.write(join(folder, path))
        paths.push(path)
      }
    }
    return { paths, rows }
  } finally {
    instance.closeSync()
  }
}
