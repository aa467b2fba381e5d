import type { Client } from '@modelcontextprotocol/client'
import type { Transcript } from './transcript.ts'

const PER_YEAR = `SELECT year(ordered_at) AS year, count(*) AS orders, sum(total) AS revenue
  FROM orders WHERE status <> 'cancelled' GROUP BY ALL ORDER BY year`
const BEST_SELLERS = `SELECT name, category, sum(quantity - returned_quantity) AS sold, sum(line_total) AS revenue
  FROM order_lines JOIN products USING (product_id) JOIN orders USING (order_id)
  WHERE year(ordered_at) = 2025 AND status <> 'cancelled' GROUP BY ALL ORDER BY revenue DESC LIMIT 5`
const PER_MONTH = `SELECT date_trunc('month', ordered_at)::DATE AS month, sum(total) AS revenue
  FROM orders WHERE status <> 'cancelled' GROUP BY ALL ORDER BY month`
const OF_A_FILE = "SELECT * FROM read_csv('/etc/passwd')"

/** Connects a sample person to the data server. */
interface Connect {
  readonly alice: () => Promise<Client>
  readonly tom: () => Promise<Client>
}

/** Two people of different tenants ask the sample data, which is there. */
export async function askData(connect: Connect, transcript: Transcript): Promise<void> {
  transcript.step('A client connects to the data server and asks real questions.')
  const alice = await connect.alice()
  const years = await ask(alice, PER_YEAR)
  transcript.say('How much did the shop take, year by year?')
  show(years.text, transcript)
  transcript.expect(years.rows.length === 3, 'three years of sample data')
  transcript.say('Which products brought most in 2025?')
  show((await ask(alice, BEST_SELLERS)).text, transcript)
  const refused = await ask(alice, OF_A_FILE)
  transcript.say(`${OF_A_FILE}: ${refused.text}`)
  transcript.expect(refused.isError, 'a file of the machine is not read')

  transcript.step('She has a report made of it.')
  const report = await alice.callTool({
    name: 'generate_report',
    arguments: {
      title: 'Three years of the shop',
      sections: [
        { heading: 'Revenue by month', sql: PER_MONTH, units: { revenue: 'EUR' } },
        { heading: 'What sold best in 2025', sql: BEST_SELLERS, units: { revenue: 'EUR' } },
      ],
    },
  })
  const { page } = (report.structuredContent ?? {}) as { page?: { url: string } }
  const charts = report.content.filter(({ type }) => type === 'image').length
  transcript.expect(charts === 2, 'the answer has two charts')
  const opened = await fetch(page?.url ?? '')
  transcript.say(`   GET  ${new URL(page?.url ?? '').origin}/… -> ${opened.status}`)
  transcript.expect(opened.headers.get('content-type')?.startsWith('text/html') ?? false, 'its link opens as a page')
  await alice.close()

  transcript.step('Somebody of another organisation asks the same.')
  const tom = await connect.tom()
  const theirs = await ask(tom, PER_YEAR)
  show(theirs.text, transcript)
  transcript.expect(theirs.text !== years.text, 'the same statement reads their own rows')
  await tom.close()
}

interface Answer {
  readonly text: string
  readonly rows: readonly unknown[]
  readonly isError: boolean
}

async function ask(client: Client, sql: string): Promise<Answer> {
  const {
    content,
    structuredContent,
    isError = false,
  } = await client.callTool({ name: 'run_query', arguments: { sql } })
  const [first] = content
  const { rows = [] } = (structuredContent ?? {}) as { rows?: unknown[] }
  return { text: first?.type === 'text' ? first.text : '', rows, isError }
}

/** The table of an answer. */
function show(text: string, transcript: Transcript): void {
  for (const line of text.split('\n')) if (line.startsWith('|')) transcript.say(`   ${line}`)
}
