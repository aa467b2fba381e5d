import type { Table } from '../table.ts'
import { csvOf } from './csv.ts'

/** The formats in which a whole result can be downloaded. */
export const RESULT_FILES = ['csv', 'parquet'] as const
export type ResultFileFormat = (typeof RESULT_FILES)[number]

export interface ResultFile {
  readonly name: string
  readonly mimeType: string
  readonly body: Uint8Array
}

/** A result as a file of this format. What writes Parquet is loaded with the first one. */
export async function resultFile(format: ResultFileFormat, table: Table): Promise<ResultFile> {
  if (format === 'csv')
    return { name: 'result.csv', mimeType: 'text/csv; charset=utf-8; header=present', body: Buffer.from(csvOf(table)) }
  const { parquetOf } = await import('./parquet.ts')
  return { name: 'result.parquet', mimeType: 'application/vnd.apache.parquet', body: parquetOf(table) }
}
