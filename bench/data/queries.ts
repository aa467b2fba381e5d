import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { startDatabaseProcess } from '../../lambdas/skillsets/data/engines/duckdb/database-process.ts'
import { THREADS } from '../../lambdas/skillsets/data/engines/open-engine.ts'
import { type DuckDbOptions, dataOptions } from '../../lambdas/skillsets/data/options.ts'
import { PROJECT_ROOT } from '../../lib/project-root.ts'
import type { FunctionSettings } from '../../local/execution-environment.ts'
import type { RunningFactory } from '../../local/factory.ts'
import { connectAs } from '../connect-as.ts'
import { type Rows, runQuery } from './ask.ts'
import { DirectProcess } from './direct-process.ts'
import { eventOf, type FunctionStarter, invoke } from './function-processes.ts'
import { measureInTurns, printTimes, type Timer, timed } from './in-turns.ts'

/** Milliseconds that the longer statement takes DuckDB, at least. */
const LONG = 100
const NEVER = new AbortController().signal

const DIRECT = 'DuckDB called directly'
const TRIVIAL = 'SELECT 1'
/** Revenue by year and category, computed so many times. */
const revenue = (times: number) => `
  SELECT year(ordered_at) AS year, category, count(*) AS lines, sum(line_total) AS revenue
  FROM order_lines JOIN orders USING (order_id) JOIN products USING (product_id), range(${times})
  WHERE status <> 'cancelled' GROUP BY ALL ORDER BY ALL`

interface Scene {
  readonly factory: RunningFactory
  readonly start: FunctionStarter
  readonly data: FunctionSettings
  readonly empty: FunctionSettings
  readonly directory: string
}

type Ask = (sql: string) => Promise<{ answer: Rows; milliseconds: number }>

/** `run_query` beside DuckDB called directly, on the same database file with the same limits, and what lies between. */
export async function benchQueries({ factory, start, data, empty, directory }: Scene): Promise<void> {
  await using closing = new AsyncDisposableStack()
  const temporary = join(directory, 'temporary')
  await mkdir(temporary)
  const server = start({ ...data, environment: { ...data.environment, TMPDIR: temporary } })
  closing.defer(() => server.kill())
  // It builds the database that the others open.
  await runInFunction(server, TRIVIAL)
  const { limits, memoryMegabytes } = dataOptions.parse(JSON.parse(data.environment.OPTIONS ?? '')) as DuckDbOptions
  const database = { path: await databaseIn(temporary), memoryMegabytes, threads: THREADS }

  const direct = new DirectProcess()
  closing.defer(() => direct.end())
  const tableName = data.environment.TABLE_NAME ?? ''
  await direct.ask({ open: database, table: { administrator: factory.administrator, tableName, limits } })
  const nodePath = join(PROJECT_ROOT, 'node_modules')
  const entry = join(data.code, 'processes', 'duckdb.mjs')
  const judging = startDatabaseProcess({ entry, nodePath, directory: temporary, memoryMegabytes })
  closing.defer(() => judging.end())
  await judging.ask({ kind: 'open', ...database }, NEVER)
  const most = { rows: limits.resultRows, bytes: limits.resultMegabytes * 1_000_000 }
  const url = factory.servers.find(({ name }) => name === 'data')?.url ?? ''
  const { client } = await connectAs('alice@example.com', url)
  closing.defer(() => client.close())

  const asks: Readonly<Record<string, Ask>> = {
    // The time is the process's own: nothing is sent for it.
    [DIRECT]: async (sql) => {
      const { rows, milliseconds } = await direct.ask({ sql })
      return { answer: rows, milliseconds }
    },
    'the tenant’s process, which judges the statement': (sql) =>
      timed(async () => (await judging.ask({ kind: 'query', sql, ...most }, NEVER)).rows),
    'the function, invoked by the runner': (sql) => timed(() => runInFunction(server, sql)),
    'the whole factory, asked by a client': (sql) => timed(() => runQuery(client, sql)),
  }
  const emptyProcess = start(empty)
  closing.defer(() => emptyProcess.kill())
  const between: Readonly<Record<string, Timer>> = {
    'an empty function, invoked by the runner': async () =>
      (await timed(() => invoke(emptyProcess, '{}'))).milliseconds,
    'places taken and given back in the table': async () => (await direct.ask({ places: true })).milliseconds,
    'list_datasets, by the function': async () => (await timed(() => listDatasets(server))).milliseconds,
  }

  const long = await longEnough(asks[DIRECT])
  printTimes(TRIVIAL, await measureInTurns({ ...(await timers(asks, TRIVIAL)), ...between }, 200), DIRECT)
  printTimes(`A statement of about ${LONG} ms`, await measureInTurns(await timers(asks, long), 30), DIRECT)
}

/** Each asker of a statement, after all have given the same rows. */
async function timers(asks: Readonly<Record<string, Ask>>, sql: string): Promise<Readonly<Record<string, Timer>>> {
  const right = sql === TRIVIAL ? '1' : await asks[DIRECT]?.(sql).then(({ answer }) => textOf(answer))
  const checked = Object.entries(asks).map(([name, ask]): [string, Timer] => [
    name,
    async () => {
      const { answer, milliseconds } = await ask(sql)
      if (textOf(answer) !== right) throw new Error(`${name}: found ${textOf(answer)}; right: ${right}`)
      return milliseconds
    },
  ])
  return Object.fromEntries(checked)
}

/** Numbers are texts or not, as each sees fit. */
const textOf = (rows: Rows) => rows.map((row) => row.join()).join('\n')

/** The statement, computed as often as it takes: what else the machine does makes none of a few calls quicker. */
async function longEnough(ask: Ask | undefined): Promise<string> {
  for (let times = 1; ask !== undefined; times = Math.ceil(times * 1.2)) {
    const sql = revenue(times)
    const taken: number[] = []
    for (let call = 0; call < 8; call++) taken.push((await ask(sql)).milliseconds)
    if (Math.min(...taken) >= LONG) return sql
  }
  throw new Error('nobody is asked')
}

async function runInFunction(process: Parameters<typeof invoke>[0], sql: string): Promise<Rows> {
  const text = await invoke(process, eventOf('tools/call', { name: 'run_query', arguments: { sql } }))
  const { result } = JSON.parse(text) as { result?: { structuredContent?: { rows: Rows } } }
  if (!result?.structuredContent) throw new Error(`run_query: found ${text.slice(0, 500)}`)
  return result.structuredContent.rows
}

async function listDatasets(process: Parameters<typeof invoke>[0]): Promise<void> {
  const text = await invoke(process, eventOf('tools/call', { name: 'list_datasets', arguments: {} }))
  if (!text.includes('order_lines')) throw new Error(`list_datasets: found ${text.slice(0, 500)}`)
}

async function databaseIn(temporary: string): Promise<string> {
  const files = await readdir(temporary, { recursive: true })
  const found = files.find((file) => file.endsWith('.duckdb'))
  if (found === undefined) throw new Error(`${temporary}: found no database`)
  return join(temporary, found)
}
