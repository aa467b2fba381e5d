import type { ContentBlock } from '@modelcontextprotocol/server'
import * as z from 'zod'
import type { AbilityContext } from '../../../runtime/ability-context.ts'
import { defineAbility } from '../../../runtime/define-ability.ts'
import type { QueryResult } from '../engines/engine.ts'
import { ask, cutNote } from '../limits/ask.ts'
import { MOST_PAGE_ROWS } from '../options.ts'
import { pageText } from '../results/page-text.ts'
import { RESULT_FILES, type ResultFileFormat, resultFile } from '../results/result-file.ts'
import { columns, link, rows, sql } from '../schemas.ts'
import type { DataServices } from '../services.ts'

const output = z.object({
  columns,
  rows,
  offset: z.int().describe('Rows of the result before these'),
  rowCount: z.int().describe('Rows of the whole result'),
  note: z.string().optional().describe('What a limit left out, and how to narrow the query'),
  scannedBytes: z.number().optional().describe('What the engine read for it, where it says so'),
  nextCursor: z.string().optional().describe('Pass it as `cursor` for the rows after these'),
  file: link
    .extend({ name: z.string(), mimeType: z.string(), bytes: z.int() })
    .optional()
    .describe('The whole result; its link opens without signing in'),
})

export const runQuery = defineAbility({
  name: 'run_query',
  title: 'Run a query',
  description:
    'Answers one read-only SQL statement, as typed rows. More rows than one page has are behind nextCursor; with format ' +
    'csv or parquet the whole result comes as a file to download. Aggregate in SQL rather than read many rows.',
  scope: 'data:query',
  annotations: { readOnlyHint: true, openWorldHint: false },
  input: z
    .strictObject({
      sql: sql.optional(),
      cursor: z.string().max(200).optional().describe('nextCursor of the page before, in place of sql'),
      pageSize: z.int().min(1).max(MOST_PAGE_ROWS).optional().describe('Rows of one page'),
      format: z
        .enum(['rows', ...RESULT_FILES])
        .default('rows')
        .describe(
          'csv for spreadsheets (text that would be a formula there begins with an apostrophe), parquet for programs',
        ),
    })
    .refine(({ sql, cursor }) => (sql === undefined) !== (cursor === undefined), 'either sql or cursor')
    .refine(({ cursor, format }) => cursor === undefined || format === 'rows', 'the format rows with a cursor'),
  output,
  async run({ sql = '', cursor, pageSize, format }, context: AbilityContext<DataServices>) {
    const { person, services } = context
    const { results, limits } = services
    const size = pageSize ?? limits.pageRows
    if (cursor !== undefined) return await results.page(person, cursor, size)
    const result = await ask(context, sql, limits)
    const note = cutNote(result, limits)
    const answer =
      format === 'rows'
        ? await results.firstPage(person, result, note, size)
        : await fileOf(result, note, format, context)
    return { ...answer, scannedBytes: result.scannedBytes }
  },
  content(answer): ContentBlock[] {
    const { file } = answer
    const text = { type: 'text' as const, text: pageText(answer) }
    if (file === undefined) return [text]
    const { url: uri, name, mimeType, bytes: size, expiresAt } = file
    return [text, { type: 'resource_link', uri, name, mimeType, size, description: `Opens until ${expiresAt}` }]
  },
})

/** The whole result as a file, in place of its rows. */
async function fileOf(
  result: QueryResult,
  note: string | undefined,
  format: ResultFileFormat,
  { person, services }: AbilityContext<DataServices>,
): Promise<z.input<typeof output>> {
  const { name, mimeType, body } = await resultFile(format, result)
  const kept = await services.results.file(person, name, body, mimeType)
  return {
    columns: result.columns,
    rows: [],
    offset: 0,
    rowCount: result.rows.length,
    note,
    file: { ...kept, name, mimeType, bytes: body.byteLength },
  }
}
