import { markdownTable } from '../reports/markdown.ts'
import type { Table } from '../table.ts'
import type { ResultPage } from './kept-results.ts'

/** What the text says of a page. */
type ShownPage = Pick<ResultPage, 'offset' | 'rowCount' | 'note'> & {
  readonly columns: readonly object[]
  readonly rows: readonly (readonly unknown[])[]
  readonly nextCursor?: string | undefined
  readonly file?: { readonly url: string } | undefined
}

/** A page for those who read text: which rows these are, a Markdown table, what is left out. */
export function pageText({ columns, rows, offset, rowCount, note, nextCursor, file }: ShownPage): string {
  const all = `${rowCount} ${rowCount === 1 ? 'row' : 'rows'}`
  // The output's schema does not say again what a value is.
  const shown = { columns, rows } as Table
  const parts = file
    ? [`${all}, as a file: ${file.url}`]
    : [
        rows.length === rowCount ? `${all}.` : `Rows ${offset + 1} to ${offset + rows.length} of ${rowCount}.`,
        markdownTable(shown, rows.length),
      ]
  if (note !== undefined) parts.push(note)
  if (nextCursor !== undefined) parts.push(`More rows: call run_query with cursor ${nextCursor}`)
  return parts.join('\n\n')
}
