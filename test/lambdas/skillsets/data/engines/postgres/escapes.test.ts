import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createPostgresEngine } from '../../../../../../lambdas/skillsets/data/engines/postgres/create-postgres-engine.ts'
import {
  SERVER_FUNCTIONS,
  type ServerFunction,
  type ServerFunctions,
} from '../../../../../../lambdas/skillsets/data/engines/postgres/guard/functions.ts'
import { guardStatement } from '../../../../../../lambdas/skillsets/data/engines/postgres/guard/guard-statement.ts'
import { readQuery } from '../../../../../../lambdas/skillsets/data/engines/postgres/session/read-query.ts'
import {
  beginReading,
  END_READING,
} from '../../../../../../lambdas/skillsets/data/engines/postgres/session/transaction.ts'
import { startPostgres, type TestPostgres } from '../../../../../support/postgres.ts'
import { type AttemptKind, attemptedSql } from '../../escapes/attempt.ts'
import { attemptsFor } from '../../escapes/corpus.ts'
import { FILE_SECRET, OTHER_TENANT, PARTNER_SECRET, TENANT } from '../../escapes/scene.ts'
import { DATASETS, LIMITS, NEVER, SCENE, STARTING_MS } from './support.ts'

const TENANTS = [TENANT, 'superuser']
const FILE = '/tmp/secret.txt'
const attempts = attemptsFor('postgres').map((attempt) => ({
  ...attempt,
  sql: attemptedSql(attempt, { file: FILE, folder: '/tmp', other: OTHER_TENANT }),
}))
const of = (...kinds: readonly AttemptKind[]) => attempts.filter(({ kind }) => kinds.includes(kind))

let postgres: TestPostgres
let functions: ServerFunctions
/** By tenant: what has to stay as it is. */
const atFirst = new Map<string, unknown>()

beforeAll(async () => {
  postgres = await startPostgres(
    `${SCENE}; CREATE ROLE mcp_superuser SUPERUSER LOGIN; COPY (SELECT '${FILE_SECRET}') TO '${FILE}'`,
    { tenants: TENANTS },
  )
  const rows = await postgres.asSuperuser<{ proname: string; json_build_object: ServerFunction }>(
    TENANT,
    SERVER_FUNCTIONS,
  )
  functions = new Map(rows.map(({ proname, json_build_object }) => [proname, json_build_object]))
  for (const tenant of TENANTS) atFirst.set(tenant, await everything(tenant))
}, STARTING_MS)
afterAll(() => postgres.close())

/** Everything that an attempt might have changed. */
function everything(tenant: string): Promise<unknown> {
  return postgres.asSuperuser(
    tenant,
    `SELECT (SELECT json_agg(o ORDER BY id) FROM sales.orders o) AS orders,
      (SELECT json_agg(c ORDER BY id) FROM sales.customers c) AS customers,
      (SELECT last_value FROM order_numbers) AS sequence,
      (SELECT string_agg(relname || relkind::text || coalesce(relacl::text, '') || coalesce(obj_description(oid), ''), ' ' ORDER BY oid)
       FROM pg_class WHERE relnamespace <> 'pg_catalog'::regnamespace AND relpersistence <> 't') AS relations,
      (SELECT count(*) FROM pg_proc) AS functions, (SELECT count(*) FROM pg_type) AS types,
      (SELECT count(*) FROM pg_largeobject_metadata) AS large_objects, (SELECT count(*) FROM pg_namespace) AS schemas`,
  )
}

async function connected(user: string): Promise<Client> {
  const client = new Client({
    host: '127.0.0.1',
    port: postgres.port,
    user,
    database: 'postgres',
    password: 'none',
    types: { getTypeParser: () => (text: string) => text },
  })
  // PGlite ends a connection at a broken message.
  client.on('error', () => undefined)
  await client.connect()
  return client
}

/** What came back, or the whole error. */
const outcome = (promise: Promise<unknown>) =>
  promise.then(
    (value) => JSON.stringify(value) ?? '',
    (error: Error) => JSON.stringify({ ...error, message: error.message }),
  )

it('the corpus has at least 80 attempts for PostgreSQL', () => {
  expect(attempts.length).toBeGreaterThanOrEqual(80)
})

describe('the parser alone', () => {
  it.each(attempts.filter(({ harmless }) => !harmless))('refuses $kind: $name', async ({ sql }) => {
    const judged = guardStatement(sql, { datasets: new Set(Object.keys(DATASETS)), functions })
    await expect(judged).rejects.toMatchObject({ code: expect.stringMatching(/^query_(refused|failed)$/) })
  })
})

describe('protocol and transaction alone, as superuser', () => {
  it.each(of('write', 'several'))('keep from $kind: $name', async ({ sql }) => {
    const client = await connected('mcp_superuser')
    await client.query(beginReading(LIMITS.milliseconds))
    await client.query('SET LOCAL search_path = sales, public')
    await outcome(readQuery(client, sql, LIMITS))
    await client.query(END_READING)
    await client.end()
    expect(await everything('superuser')).toEqual(atFirst.get('superuser'))
  })

  it('leave nothing of what a statement set for its session', async () => {
    const client = await connected('mcp_superuser')
    await client.query(beginReading(LIMITS.milliseconds))
    await readQuery(client, "SELECT set_config('app.left', 'behind', false), pg_advisory_lock(1)", LIMITS)
    await client.query(END_READING)
    const { rows } = await client.query(
      "SELECT current_setting('app.left', true) AS left, (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory') AS locks",
    )
    expect(rows).toEqual([{ left: expect.not.stringContaining('behind'), locks: '0' }])
    await client.end()
  })
})

describe('the role alone, outside of any transaction', () => {
  it.each(of('write', 'several', 'outside', 'tenants'))('keeps from $kind: $name', async ({ sql }) => {
    const client = await connected(`mcp_${TENANT}`)
    await client.query('SET search_path = sales, public')
    const shown = await outcome(client.query(sql))
    await client.query('ROLLBACK; RESET ALL')
    await client.end()
    expect(shown.includes(PARTNER_SECRET) && !sql.includes(PARTNER_SECRET)).toBe(false)
    expect(shown).not.toContain(FILE_SECRET)
    expect(await everything(TENANT)).toEqual(atFirst.get(TENANT))
  })

  it.each(['sales.orders', 'sales.customers'])('sees of %s the rows of its tenant', async (table) => {
    const client = await connected(`mcp_${OTHER_TENANT}`)
    const { rows } = await client.query(`SELECT DISTINCT tenant FROM ${table}`)
    expect(rows).toEqual([{ tenant: OTHER_TENANT }])
    await client.end()
  })
})

it('all together: nothing comes back that is not the tenant’s own, and nothing changes', async () => {
  const engine = createPostgresEngine(DATASETS, async () => postgres.secret)
  for (const { sql, harmless } of attempts) {
    const shown = await outcome(engine.query({ tenant: TENANT }, sql, LIMITS, NEVER))
    if (!harmless) expect(shown).toMatch(/"code":"query_(refused|failed)"/)
    expect(shown.includes(PARTNER_SECRET) && !sql.includes(PARTNER_SECRET)).toBe(false)
  }
  expect(await everything(TENANT)).toEqual(atFirst.get(TENANT))
  await engine.close()
})
