import * as z from 'zod'
import { refused } from '../refused.ts'

/** What Athena answers to `EXPLAIN (TYPE IO, FORMAT JSON)`: every table that the planned statement reads, and any it writes. */
const plan = z.object({
  inputTableColumnInfos: z.array(
    z.object({
      table: z.object({ catalog: z.string(), schemaTable: z.object({ schema: z.string(), table: z.string() }) }),
    }),
  ),
  outputTable: z.unknown().optional(),
})

/** Has Athena plan a statement, which it does without reading a row. The statement begins at line 2. */
export const explainReads = (statement: string) => `EXPLAIN (TYPE IO, FORMAT JSON)\n${statement}`
export const explainPlan = (statement: string) => `EXPLAIN\n${statement}`

/**
 * Refuses a plan that reads anything but these tables of this database: other databases and catalogs, `information_schema`.
 * @throws AbilityError `query_refused`
 * @throws Error for an answer that is no such plan
 */
export function assertReadsOnly(answer: string, database: string, tables: readonly string[]): void {
  const { inputTableColumnInfos, outputTable } = plan.parse(JSON.parse(answer))
  if (outputTable !== undefined) throw refused('it writes', 'Send a statement that only reads.')
  const isOwn = ({ catalog, schemaTable }: (typeof inputTableColumnInfos)[number]['table']) =>
    catalog.toLowerCase() === 'awsdatacatalog' && schemaTable.schema === database && tables.includes(schemaTable.table)
  if (!inputTableColumnInfos.every(({ table }) => isOwn(table)))
    throw refused('it reads something that is not one of your data sets', 'Read the data sets of list_datasets alone.')
}
