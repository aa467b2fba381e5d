import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { testAbility } from '../test-ability.ts'

/** Milliseconds between two messages, as the suite has them. */
const PAUSE = 50

/** What a tool says while it runs, and how it fails. */
export const notifications = [
  testAbility('test_tool_with_logging', async ({ log }) => {
    log.info('Tool execution started')
    await sleep(PAUSE)
    log.info('Tool processing data')
    await sleep(PAUSE)
    log.info('Tool execution completed')
    return 'logged'
  }),
  testAbility('test_logging_tool', async ({ log }) => {
    log.info('Nobody asked for this')
    return 'logged'
  }),
  testAbility('test_tool_with_progress', async ({ progress }) => {
    for (const done of [0, 50, 100]) {
      await progress({ done, total: 100 })
      await sleep(PAUSE)
    }
    return 'progressed'
  }),
  testAbility('test_progress_until_stopped', async ({ progress, signal }) => {
    await progress({ done: 1 })
    await once(signal, 'abort')
    return 'stopped'
  }),
  testAbility('test_error_handling', async () => {
    throw new Error('This tool intentionally returns an error for testing')
  }),
]
