import type { DuckDBConnection } from '@duckdb/node-api'
import { RowCount } from '../row-limits.ts'
import { readColumns } from './columns.ts'
import type { Answer, QueryQuestion } from './messages.ts'
import { readValue } from './values.ts'

/** Characters of rows that are sent at once. */
const BATCH = 500_000

/**
 * Runs a statement and sends its rows as they come, until there are no more or a limit is reached: what lies beyond is
 * never computed. The statement has been judged.
 * @param send gets the JSON text of an array of rows, and resolves when there is room for more
 */
export async function answerQuery(
  connection: DuckDBConnection,
  { sql, ...limits }: Omit<QueryQuestion, 'kind'>,
  send: (rows: string) => Promise<void>,
): Promise<Answer> {
  const statement = await connection.prepare(sql)
  const result = await statement.stream()
  const columns = readColumns(result)
  let batch: string[] = []
  let batchLength = 0
  const count = new RowCount(limits)
  const end = (cutBy?: 'rows' | 'bytes'): Answer => ({
    columns,
    lastRows: `[${batch.join()}]`,
    ...(cutBy && { cutBy }),
  })
  for await (const chunk of result) {
    // Row by row: a whole chunk of long values could be more than there is memory.
    for (let index = 0; index < chunk.rowCount; index++) {
      const row = JSON.stringify(chunk.convertRowValues(index, readValue))
      const cutBy = count.add(row)
      if (cutBy !== undefined) return end(cutBy)
      batch.push(row)
      batchLength += row.length
    }
    if (batchLength < BATCH) continue
    await send(`[${batch.join()}]`)
    batch = []
    batchLength = 0
  }
  return end()
}
