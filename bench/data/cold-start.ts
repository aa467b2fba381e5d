import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { FunctionSettings } from '../../local/execution-environment.ts'
import { eventOf, type FunctionStarter, invoke } from './function-processes.ts'
import { measureInTurns, printTimes } from './in-turns.ts'

const ROUNDS = 7
const EMPTY = 'empty handler'
const COUNT_ORDERS = eventOf('tools/call', { name: 'run_query', arguments: { sql: 'SELECT count(*) FROM orders' } })

/** An empty function, in all else like another. */
export async function emptyFunction(settings: FunctionSettings, directory: string): Promise<FunctionSettings> {
  await mkdir(directory, { recursive: true })
  await writeFile(join(directory, 'index.mjs'), 'export const handler = async () => ({ statusCode: 200 })')
  return { ...settings, code: directory }
}

/** From starting a process to its first answer, with the runner in Lambda's place. */
export async function benchColdStart(
  start: FunctionStarter,
  data: FunctionSettings,
  empty: FunctionSettings,
): Promise<void> {
  const startAndAsk = (settings: FunctionSettings, event: string, right: RegExp) => async () => {
    const started = performance.now()
    const process = start(settings)
    try {
      const answer = await invoke(process, event)
      const milliseconds = performance.now() - started
      if (!right.test(answer)) throw new Error(`found ${answer.slice(0, 500)}`)
      return milliseconds
    } finally {
      await process.kill()
    }
  }
  const timers = {
    [EMPTY]: startAndAsk(empty, '{}', /"statusCode":200/),
    'tools/list': startAndAsk(data, eventOf('tools/list', {}), /"name":"run_query"/),
    'run_query, its database made of Parquet files': startAndAsk(data, COUNT_ORDERS, /"rows":\[\[\d{5,}\]\]/),
  }
  const title = 'The data server’s function, from starting a process to its first answer'
  printTimes(title, await measureInTurns(timers, ROUNDS), EMPTY)
}
