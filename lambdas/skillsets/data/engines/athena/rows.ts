import type { ColumnInfo, ResultSet, Row } from '@aws-sdk/client-athena'
import type { Value } from '../../table.ts'
import type { QueryLimits, QueryResult } from '../engine.ts'
import { RowCount } from '../row-limits.ts'
import { parseValue, resultColumn } from './values.ts'

/** Rows of pages until a limit is reached. The first row of a query's first page has the names of its columns. */
export async function readRows(
  pages: AsyncIterable<ResultSet>,
  limits: Pick<QueryLimits, 'rows' | 'bytes'>,
): Promise<Omit<QueryResult, 'scannedBytes'>> {
  let columns: readonly ColumnInfo[] | undefined
  const rows: (readonly Value[])[] = []
  const count = new RowCount(limits)
  const table = (cutBy?: 'rows' | 'bytes') => ({
    columns: (columns ?? []).map(resultColumn),
    rows,
    ...(cutBy && { cutBy }),
  })
  for await (const { Rows = [], ResultSetMetadata } of pages) {
    const isFirst = columns === undefined
    columns ??= ResultSetMetadata?.ColumnInfo ?? []
    for (const row of isFirst ? Rows.slice(1) : Rows) {
      const values = valuesOf(row, columns)
      const cutBy = count.add(JSON.stringify(values))
      if (cutBy !== undefined) return table(cutBy)
      rows.push(values)
    }
  }
  return table()
}

const valuesOf = ({ Data = [] }: Row, columns: readonly ColumnInfo[]) =>
  columns.map((column, index) => parseValue(Data[index]?.VarCharValue, column))

/** What EXPLAIN says: below the name of its one column a row for each line. */
export async function readLines(pages: AsyncIterable<ResultSet>): Promise<string> {
  const lines: string[] = []
  for await (const { Rows = [] } of pages) lines.push(...Rows.map(({ Data }) => Data?.[0]?.VarCharValue ?? ''))
  return lines.slice(1).join('\n').trimEnd()
}
