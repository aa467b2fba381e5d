import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestFactory, type TestFactory } from '../support/factory.ts'
import { receiveTokens } from '../support/journeys.ts'

/** Orders of both tenants in one file, and a file of each tenant's own. */
const ORDERS = ['tenant,id,total,secret', 'example,1,10.50,alpha', 'example,2,20.25,beta', 'partner,7,777.00,omega']
const DATASETS = {
  orders: {
    title: 'Orders',
    description: 'One row per order.',
    files: 'orders/*.csv',
    tenantColumn: 'tenant',
    columns: { total: { unit: 'EUR', comment: 'With tax' } },
  },
  notes: { title: 'Notes', description: 'Notes about orders.', files: 'notes/{tenant}.csv' },
}
/** Longer than any statement may take here. */
const ENDLESS = 'SELECT count(*) AS n FROM range(10000000000) AS a, range(1000) AS b'

let folder: string
let factory: TestFactory
const clients: Client[] = []
let alice: Client
let tom: Client
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'data-e2e-'))
  await mkdir(join(folder, 'orders'))
  await mkdir(join(folder, 'notes'))
  await writeFile(join(folder, 'orders/all.csv'), ORDERS.join('\n'))
  for (const tenant of ['example', 'partner'])
    await writeFile(join(folder, `notes/${tenant}.csv`), `order_id,note\n1,note of ${tenant}\n`)
  factory = await startTestFactory({
    config: {
      servers: {
        data: {
          skillset: 'data',
          options: {
            engine: 'duckdb',
            source: { folder },
            datasets: DATASETS,
            limits: { seconds: 40, resultRows: 5_000, queriesPerPerson: 1 },
          },
        },
      },
    },
  })
  ;[alice, tom] = [await connectAs('alice@example.com'), await connectAs('tom@partner.test')]
})
afterAll(async () => {
  for (const client of clients) await client.close()
  await factory?.remove()
  await rm(folder, { recursive: true, force: true })
})

const serverUrl = () => factory.url('data')

/** @param mode `legacy` speaks 2025-11-25, whose clients cancel by a notification */
async function connectAs(email: string, mode: 'auto' | 'legacy' = 'auto'): Promise<Client> {
  const { accessToken } = await receiveTokens(factory.issuer, serverUrl(), { email })
  const client = new Client({ name: 'Data client', version: '1.0.0' }, { versionNegotiation: { mode } })
  const requestInit = { headers: { authorization: `Bearer ${accessToken}` } }
  await client.connect(new StreamableHTTPClientTransport(new URL(serverUrl()), { requestInit }))
  clients.push(client)
  return client
}

interface Structured {
  readonly rows: unknown[][]
  readonly rowCount: number
  readonly note?: string
  readonly nextCursor?: string
  readonly file?: { readonly url: string }
  readonly page: { readonly url: string }
}

async function call(client: Client, name: string, input: Record<string, unknown>) {
  const { structuredContent, content, isError } = await client.callTool({ name, arguments: input })
  const text = content.flatMap((part) => (part.type === 'text' ? part.text : [])).join('\n')
  const { error } = (isError ? JSON.parse(text) : {}) as { error?: { code: string; message: string; hint: string } }
  return { structured: structuredContent as unknown as Structured, content, text, error }
}
const run = (client: Client, sql: string, options: object = {}) => call(client, 'run_query', { sql, ...options })
const rowsOf = async (client: Client, sql: string) => {
  const { structured, text, error } = await run(client, sql)
  expect(error, text).toBeUndefined()
  return structured.rows
}

describe('two tenants', () => {
  it.each([
    ['SELECT id FROM orders ORDER BY id', [[1], [2]], [[7]]],
    [
      'SELECT o.id, n.note FROM orders o LEFT JOIN notes n ON n.order_id = 1 ORDER BY 1 DESC LIMIT 1',
      [[2, 'note of example']],
      [[7, 'note of partner']],
    ],
    [
      "WITH everything AS (SELECT * FROM orders) SELECT count(*) AS n FROM everything WHERE tenant <> 'nobody'",
      [[2]],
      [[1]],
    ],
  ])('get their own rows of the same statement: %s', async (sql, ofAlice, ofTom) => {
    expect(await rowsOf(alice, sql)).toEqual(ofAlice)
    expect(await rowsOf(tom, sql)).toEqual(ofTom)
  })

  it('are told of their own data alone', async () => {
    const { structured, text } = await call(alice, 'describe_dataset', { dataset: 'orders' })
    expect(structured).toMatchObject({
      rowCount: 2,
      columns: expect.arrayContaining([expect.objectContaining({ name: 'total', unit: 'EUR', comment: 'With tax' })]),
    })
    expect(text).not.toContain('omega')
    const { contents } = await tom.readResource({ uri: 'data://datasets/orders' })
    expect(JSON.stringify(contents)).toContain('omega')
    expect(JSON.stringify(contents)).not.toContain('alpha')
  })

  it.each([
    "SELECT * FROM read_csv('FOLDER/orders/all.csv')",
    "SELECT * FROM 'FOLDER/notes/partner.csv'",
    "SELECT * FROM glob('FOLDER/**')",
    "COPY orders TO 'FOLDER/out.csv'",
    "ATTACH 'FOLDER/other.db'",
    'DELETE FROM orders',
    'SELECT 1; SELECT 2',
    "SELECT getenv('AWS_SECRET_ACCESS_KEY')",
    'PRAGMA database_list',
    'SET enable_external_access = true',
    "SELECT * FROM query('SELECT 1')",
    'SELECT * FROM duckdb_settings()',
    'SELECT CAST(secret AS INTEGER) FROM orders',
  ])('cannot get out: %s', async (sql) => {
    const { error, text } = await run(alice, sql.replace('FOLDER', folder))
    expect(['query_refused', 'query_failed']).toContain(error?.code)
    expect(text).not.toMatch(/omega|partner,7|note of partner/)
  })

  it('may look at the catalogue, which knows their tables alone', async () => {
    const names = await rowsOf(alice, 'SELECT DISTINCT table_name FROM information_schema.tables ORDER BY 1')
    expect(names).toEqual([['notes'], ['orders']])
  })
})

describe('results', () => {
  it('come by pages, and as a file whose link opens until it is tampered with', async () => {
    const first = await run(alice, 'SELECT range AS n FROM range(250) ORDER BY n')
    const { nextCursor = '' } = first.structured
    const second = await call(alice, 'run_query', { cursor: nextCursor, pageSize: 150 })
    expect([...first.structured.rows, ...second.structured.rows].flat()).toEqual(
      Array.from({ length: 250 }, (_, n) => n),
    )
    expect((await call(tom, 'run_query', { cursor: nextCursor })).error?.code).toBe('invalid_cursor')

    const { structured } = await run(alice, 'SELECT id, total FROM orders ORDER BY id', { format: 'csv' })
    const url = new URL(structured.file?.url ?? '')
    const opened = await fetch(url)
    expect(opened.headers.get('content-disposition')).toContain('result.csv')
    expect(await opened.text()).toBe('id,total\r\n1,10.5\r\n2,20.25\r\n')
    url.searchParams.set('X-Amz-Expires', '9999')
    expect((await fetch(url)).status).toBe(403)
    url.search = ''
    expect((await fetch(url)).status).toBe(403)
  })

  it('are cut at the limits, which says how to narrow', async () => {
    const { structured } = await run(alice, 'SELECT * FROM range(6000)')
    expect(structured.rowCount).toBe(5_000)
    expect(structured.note).toContain('WHERE')
  })
})

describe('reports', () => {
  const SECTIONS = [
    { heading: 'Totals', sql: 'SELECT id::VARCHAR AS id, total FROM orders', units: { total: 'EUR' } },
    { heading: 'Broken', sql: 'SELECT nothing FROM orders' },
  ]

  it('open by their link as a page that needs nothing else, and are listed for their tenant alone', async () => {
    const { structured, content } = await call(alice, 'generate_report', { title: 'Orders', sections: SECTIONS })
    expect(content.map(({ type }) => type)).toContain('image')
    const opened = await fetch(structured.page.url)
    expect(opened.headers.get('content-type')).toBe('text/html; charset=utf-8')
    const html = await opened.text()
    expect(html).toContain('<svg')
    expect(html).toContain('Broken')
    expect(html).not.toMatch(/(?:src|href)="https?:/)
    const listed = async (client: Client) => {
      const { contents } = await client.readResource({ uri: 'report://reports' })
      return JSON.parse((contents[0] as { text: string }).text).reports as { uri: string }[]
    }
    const [report] = await listed(alice)
    expect(await listed(tom)).toEqual([])
    await expect(tom.readResource({ uri: report?.uri ?? '' })).rejects.toThrow('no report of this id')
  })
})

describe('a client that cancels', () => {
  it('ends the statement in the engine, so that its place is free', async () => {
    const client = await connectAs('alice@example.com', 'legacy')
    const cancelled = new AbortController()
    const running = client.callTool({ name: 'run_query', arguments: { sql: ENDLESS } }, { signal: cancelled.signal })
    running.catch(() => undefined)
    await expect
      .poll(async () => (await run(alice, 'SELECT 1')).error?.code, { timeout: 20_000 })
      .toBe('too_many_queries')
    cancelled.abort()
    // Sooner than the statement's own time is over.
    await expect.poll(async () => (await run(alice, 'SELECT 1')).error, { timeout: 20_000 }).toBeUndefined()
    await expect(running).rejects.toThrow()
  })
})
