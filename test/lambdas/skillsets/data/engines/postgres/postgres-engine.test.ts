import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { createPostgresEngine } from '../../../../../../lambdas/skillsets/data/engines/postgres/create-postgres-engine.ts'
import type { PostgresDataset } from '../../../../../../lambdas/skillsets/data/options.ts'
import { selfSigned } from '../../../../../support/certificates.ts'
import {
  documented,
  FOR_EVER,
  startPostgres,
  type TestPostgres,
  UNTIL_CANCELLED,
} from '../../../../../support/postgres.ts'
import { OTHER_TENANT, TENANT } from '../../escapes/scene.ts'
import { byTenant, DATASETS, LIMITS, NEVER, SCENE, STARTING_MS } from './support.ts'

const reader = { tenant: TENANT }
const HOUR_MS = 3_600_000
let postgres: TestPostgres

beforeAll(async () => {
  const tls = selfSigned('127.0.0.1', new Date(Math.ceil(Date.now() / 1_000) * 1_000 + HOUR_MS))
  postgres = await startPostgres(
    `${SCENE}
     CREATE TABLE sales.open (tenant text);
     GRANT SELECT ON sales.open TO mcp_reader;
     CREATE VIEW sales.careless AS SELECT * FROM sales.orders;
     CREATE VIEW sales.careful WITH (security_invoker = true) AS SELECT * FROM sales.orders;
     GRANT SELECT ON sales.careless, sales.careful TO mcp_reader;
     CREATE FUNCTION public.leak(text) RETURNS text SECURITY DEFINER LANGUAGE sql AS 'SELECT max(item) FROM sales.orders';
     CREATE ROLE mcp_greedy LOGIN CREATEROLE IN ROLE mcp_reader, pg_read_all_data;
     GRANT INSERT (id) ON sales.orders TO mcp_greedy;
     GRANT DELETE ON sales.customers TO mcp_greedy;
     GRANT USAGE ON SEQUENCE order_numbers TO mcp_greedy;
     GRANT CREATE ON SCHEMA sales TO mcp_greedy;
     GRANT TEMPORARY ON DATABASE postgres TO mcp_greedy`,
    { tenants: [TENANT, OTHER_TENANT, 'greedy'], tls },
  )
}, STARTING_MS)
afterAll(() => postgres.close())

function open(datasets: Readonly<Record<string, PostgresDataset>> = DATASETS, secret = () => postgres.secret) {
  const engine = createPostgresEngine(datasets, async () => secret())
  onTestFinished(() => engine.close())
  return engine
}

describe('data sets', () => {
  it('are described: columns with comments and units, the tenant’s rows counted, a sample in order', async () => {
    const orders = { ...byTenant('sales.orders'), columns: { amount: { unit: 'EUR', comment: 'net' } } }
    expect(await open({ orders }).describe(reader, 'orders', NEVER)).toEqual({
      name: 'orders',
      title: 'sales.orders',
      description: 'The table sales.orders.',
      columns: [
        { name: 'id', type: 'integer', kind: 'integer' },
        { name: 'item', type: 'text', kind: 'text', comment: 'what was bought' },
        { name: 'amount', type: 'numeric(12,2)', kind: 'decimal', unit: 'EUR', comment: 'net' },
        { name: 'tenant', type: 'text', kind: 'text' },
      ],
      rowCount: 2,
      sample: {
        columns: expect.any(Array),
        rows: [
          [1, 'spade', '12.50', TENANT],
          [2, 'rake', '8.25', TENANT],
        ],
      },
    })
  })

  it('are called by their names, whatever their tables are called', async () => {
    const engine = open({ sold: byTenant('sales.orders'), people: byTenant('sales.careful') })
    const sql = 'SELECT count(*), count(DISTINCT sold.tenant) FROM sold JOIN people USING (id)'
    expect((await engine.query(reader, sql, LIMITS, NEVER)).rows).toEqual([[2, 1]])
  })

  it('of another tenant are not there', async () => {
    const engine = open({
      ...DATASETS,
      theirs: { ...byTenant('partner.orders'), tenantColumn: undefined, tenant: OTHER_TENANT },
    })
    expect((await engine.datasets(reader, NEVER)).map(({ name }) => name)).toEqual(['orders', 'customers'])
    await expect(engine.columns(reader, 'theirs', NEVER)).rejects.toMatchObject({ code: 'unknown_dataset' })
    await expect(engine.query(reader, 'TABLE theirs', LIMITS, NEVER)).rejects.toMatchObject({ code: 'query_refused' })
  })
})

describe('limits', () => {
  it('rows', async () => {
    const sql = 'SELECT * FROM generate_series(1, 5000)'
    const { rows, cutBy } = await open().query(reader, sql, { ...LIMITS, rows: 4_321 }, NEVER)
    expect([rows.length, rows.at(-1), cutBy]).toEqual([4_321, [4_321], 'rows'])
    expect(await open().query(reader, sql, { ...LIMITS, rows: 5_000 }, NEVER)).not.toHaveProperty('cutBy')
  })

  it('bytes, which leave whole rows', async () => {
    const { rows, cutBy } = await open().query(
      reader,
      "SELECT repeat('x', 95) FROM generate_series(1, 50)",
      { ...LIMITS, bytes: 1_050 },
      NEVER,
    )
    expect([rows.length, cutBy]).toEqual([10, 'bytes'])
  })

  // The second is beyond what is read from the wire.
  it.each([2_000, 5_000_000])('a single row of %i bytes', async (length) => {
    const asked = open().query(reader, `SELECT repeat('x', ${length})`, { ...LIMITS, bytes: 1_000 }, NEVER)
    await expect(asked).rejects.toMatchObject({ code: 'too_much_data' })
  })

  it.each([
    ['is cancelled', UNTIL_CANCELLED],
    ['is given up where the server does not cancel it', FOR_EVER],
  ])('an aborted query throws the reason, and %s', async (_, endless) => {
    const engine = open()
    await engine.query(reader, 'SELECT 1', LIMITS, NEVER)
    const before = postgres.cancelled.length
    const abort = new AbortController()
    const asked = engine.query(reader, `SELECT 1 ${endless}`, LIMITS, abort.signal)
    setTimeout(() => abort.abort(new Error('gone')), 300)
    await expect(asked).rejects.toThrow('gone')
    expect(postgres.cancelled.length).toBe(before + 1)
    expect((await engine.query(reader, 'SELECT 2', LIMITS, NEVER)).rows).toEqual([[2]])
  })

  it('milliseconds', async () => {
    const engine = open()
    await engine.query(reader, 'SELECT 1', LIMITS, NEVER)
    const asked = engine.query(reader, `SELECT 1 ${UNTIL_CANCELLED}`, { ...LIMITS, milliseconds: 500 }, NEVER)
    await expect(asked).rejects.toMatchObject({ code: 'query_timeout', message: expect.stringContaining('0.5 s') })
  })
})

describe('connections', () => {
  it('are those of the tenant’s role, kept for the next call, and made anew where the server has closed them', async () => {
    const engine = open()
    const before = postgres.connected.length
    await engine.query(reader, 'TABLE orders', LIMITS, NEVER)
    await engine.query({ tenant: OTHER_TENANT }, 'TABLE orders', LIMITS, NEVER)
    await engine.query(reader, 'TABLE orders', LIMITS, NEVER)
    expect(postgres.connected.slice(before)).toEqual(['mcp_example', 'mcp_partner'])
    postgres.dropConnections()
    expect((await engine.query(reader, 'TABLE orders', LIMITS, NEVER)).rows).toHaveLength(2)
    expect(postgres.connected.slice(before)).toEqual(['mcp_example', 'mcp_partner', 'mcp_example'])
  })

  it('need a certificate that can be verified', async () => {
    const { ca, ...untrusting } = JSON.parse(postgres.secret)
    const other = selfSigned('127.0.0.1', new Date(Math.ceil(Date.now() / 1_000) * 1_000 + HOUR_MS))
    const engine = open(DATASETS, () => JSON.stringify({ ...untrusting, ca: other.cert }))
    const failure = await engine.query(reader, 'SELECT 1', LIMITS, NEVER).catch((error: Error) => error)
    expect(failure).toMatchObject({
      code: 'engine_unavailable',
      cause: { code: expect.stringMatching(/CERT|SIGNATURE/) },
    })
  })

  it.each([
    ['was never set', undefined, undefined],
    ['is no JSON, which is not shown', 'hunter2', /not JSON/],
    ['names a wrong field', '{"host":"a","database":"b","passwords":{"a":""}}', /passwords.a/],
  ])('the secret %s', async (_, secret, message) => {
    const engine = createPostgresEngine(DATASETS, async () => secret)
    const failure = await engine.query(reader, 'SELECT 1', LIMITS, NEVER).catch((error: Error) => error)
    expect(failure).toMatchObject({
      code: 'engine_unavailable',
      cause: { message: expect.stringMatching(message ?? /never set/) },
    })
    expect(String(failure) + String((failure as Error).cause)).not.toContain('hunter2')
  })

  it('a tenant without a password has no access', async () => {
    const asked = open().query({ tenant: 'stranger' }, 'SELECT 1', LIMITS, NEVER)
    await expect(asked).rejects.toMatchObject({
      code: 'engine_unavailable',
      message: expect.stringContaining('organisation'),
    })
  })
})

describe('a role that may do more is not worked with', () => {
  const shared = { ...byTenant('sales.open'), tenantColumn: undefined, shared: true as const }
  it.each<[string, string, Readonly<Record<string, PostgresDataset>>, RegExp]>([
    ['one that may create roles', 'greedy', DATASETS, /superuser, may bypass row-level security, create roles/],
    ['one of another role', 'greedy', DATASETS, /belongs to pg_read_all_data/],
    ['one that may delete', 'greedy', DATASETS, /may write to sales\.customers/],
    ['one that may write a column', 'greedy', DATASETS, /may write to sales\.orders/],
    ['one that may use a sequence', 'greedy', DATASETS, /may write to order_numbers/],
    ['one that may create tables', 'greedy', DATASETS, /may create in the schema sales/],
    ['one that may create temporary tables', 'greedy', DATASETS, /may create schemas or temporary tables/],
    ['a table without row-level security', TENANT, { open: byTenant('sales.open') }, /sales\.open without row-level/],
    [
      'a view that reads as its owner',
      TENANT,
      { careless: byTenant('sales.careless') },
      /sales\.careless without row-level/,
    ],
    [
      'another tenant’s table that can be read',
      TENANT,
      { open: { ...shared, shared: undefined, tenant: OTHER_TENANT } },
      /sales\.open, which is another/,
    ],
  ])('%s', async (_, tenant, datasets, words) => {
    const failure = await open(datasets)
      .query({ tenant }, 'SELECT 1', LIMITS, NEVER)
      .catch((error: Error) => error)
    expect(failure).toMatchObject({ code: 'engine_unavailable', cause: { message: expect.stringMatching(words) } })
    expect(String(failure)).not.toMatch(/sales|pg_/)
  })

  it('a shared table needs no row-level security', async () => {
    expect((await open({ open: shared }).query(reader, 'TABLE open', LIMITS, NEVER)).rows).toEqual([])
  })
})

it('a plan has no numbers that are made of other tenants’ rows', async () => {
  const plan = await open().explain(reader, "SELECT * FROM orders WHERE item = 'spade'", NEVER)
  expect(plan).toContain('Scan on orders')
  expect(plan).not.toMatch(/rows=|cost=/)
})

it('an error gives PostgreSQL’s words without what it adds about rows', async () => {
  const failed = open().query(reader, 'SELECT item::integer FROM orders', LIMITS, NEVER)
  await expect(failed).rejects.toMatchObject({
    code: 'query_failed',
    message: expect.stringMatching(/^invalid input syntax for type integer: "(spade|rake)"\.$/),
  })
})

describe('the session', () => {
  it('finds no function of somebody’s, not even one that is written as a field', async () => {
    const asked = open().query(reader, "SELECT ('x'::text).leak", LIMITS, NEVER)
    await expect(asked).rejects.toMatchObject({ code: 'query_failed', message: expect.stringContaining('leak') })
  })

  it('reads strings as the parser did, and writes values as they are read, whatever the database’s settings are', async () => {
    const settings = {
      standard_conforming_strings: 'off',
      DateStyle: 'German',
      TimeZone: 'Asia/Tokyo',
      IntervalStyle: 'postgres',
      bytea_output: 'escape',
    }
    for (const [name, value] of Object.entries(settings)) await postgres.asSuperuser(TENANT, `SET ${name} = '${value}'`)
    const sql =
      "SELECT 'a\\', date '2026-01-31', timestamptz '2026-01-31 09:30+00', interval '1 day', decode('00ff', 'hex')"
    const { rows } = await open().query(reader, sql, LIMITS, NEVER)
    await postgres.asSuperuser(TENANT, 'RESET ALL')
    expect(rows).toEqual([['a\\', '2026-01-31', '2026-01-31T09:30:00Z', 'P1D', 'AP8=']])
  })
})

it('the checks of docs/data-postgres.md show to the tenant’s role what is said there', async () => {
  const { host, port, database, ca } = JSON.parse(postgres.secret)
  const client = new Client({ host, port, database, user: `mcp_${TENANT}`, password: 'none', ssl: { ca } })
  await client.connect()
  const shown: unknown[] = []
  for (const sql of documented('check').trim().split(';\n')) shown.push((await client.query(sql)).rows)
  await client.end()
  expect(shown).toEqual([
    [{ current_user: `mcp_${TENANT}`, rolsuper: false, rolbypassrls: false }],
    [{ tenant: TENANT }],
    [{ relname: 'orders', relrowsecurity: true, relforcerowsecurity: true }],
    ['orders', 'customers'].map(() => expect.objectContaining({ policyname: 'mcp_tenant', cmd: 'SELECT' })),
    [{ has_table_privilege: false }],
    [{ has_database_privilege: false }],
  ])
})
