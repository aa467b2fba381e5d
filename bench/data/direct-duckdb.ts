import type { DuckDBConnection } from '@duckdb/node-api'
import type { OpenQuestion } from '../../lambdas/skillsets/data/engines/duckdb/messages.ts'
import { openReadOnly } from '../../lambdas/skillsets/data/engines/duckdb/open-read-only.ts'
import { placesInTable, type TableAccess } from './places.ts'

/** What the process of DuckDB called directly is asked; `places`: what a function does beside, see {@link placesInTable}. */
export type DirectQuestion =
  | { readonly open: Omit<OpenQuestion, 'kind'>; readonly table: TableAccess }
  | { readonly sql: string }
  | { readonly places: true }

/** Rows as DuckDB's own JSON has them, and how long they took in this process; milliseconds. */
export interface DirectAnswer {
  readonly rows: readonly (readonly unknown[])[]
  readonly milliseconds: number
}

let connection: DuckDBConnection | undefined
let takePlaces: (() => Promise<void>) | undefined

process.on('message', async (question: DirectQuestion) => {
  const started = performance.now()
  const rows = await answer(question)
  process.send?.({ rows, milliseconds: performance.now() - started } satisfies DirectAnswer)
})

async function answer(question: DirectQuestion): Promise<DirectAnswer['rows']> {
  if ('open' in question) {
    const instance = await openReadOnly(question.open)
    connection = await instance.connect()
    takePlaces = placesInTable(question.table)
    return []
  }
  if (!connection || !takePlaces) throw new Error('asked before a database was opened')
  if ('sql' in question) return (await connection.runAndReadAll(question.sql)).getRowsJson()
  await takePlaces()
  return []
}
