import type { Client } from '@modelcontextprotocol/client'

export type Rows = readonly (readonly unknown[])[]

/**
 * Rows of a statement, asked as a client asks.
 * @throws Error where the answer is an error
 */
export async function runQuery(client: Client, sql: string): Promise<Rows> {
  const { structuredContent, content, isError } = await client.callTool({ name: 'run_query', arguments: { sql } })
  if (isError) throw new Error(`run_query: found ${JSON.stringify(content)}`)
  return (structuredContent as { rows: Rows }).rows
}

/** The statement of a report's section, and its right number of rows. */
export const REVENUE_BY_MONTH = `SELECT date_trunc('month', ordered_at)::DATE AS month, sum(total) AS revenue
  FROM orders WHERE status <> 'cancelled' GROUP BY ALL ORDER BY month`
const MONTHS = 36

/** Has a report with one chart made. @throws Error where the answer is not that */
export async function makeReport(client: Client): Promise<void> {
  const { structuredContent, content } = await client.callTool({
    name: 'generate_report',
    arguments: { title: 'Bench', sections: [{ heading: 'Revenue by month', sql: REVENUE_BY_MONTH }] },
  })
  const { sections: [section] = [] } = (structuredContent ?? {}) as { sections?: { rowCount: number }[] }
  if (section?.rowCount !== MONTHS || !content.some(({ type }) => type === 'image'))
    throw new Error(`generate_report: found ${JSON.stringify(content).slice(0, 500)}`)
}
