import { afterAll } from 'vitest'
import { type Conversation, deriveKey } from '../../../../lambdas/runtime/conversation/conversation.ts'
import { Table } from '../../../../lambdas/runtime/table.ts'
import { startLocalTable } from '../../store/local-table.ts'

/** A conversation for tests that leave nothing for another instance: there is a key, and no table. */
export const KEY_ALONE: Conversation = {
  key: async () => deriveKey('secret of a test'),
  table: async () => {
    throw new Error('this test has no table for conversations')
  },
}

/** A conversation with a table of its own, of which the calls are counted, for the tests of a file. */
export async function conversationOfFile(now: () => number = Date.now) {
  const data = await startLocalTable({ maxAttempts: 1 }, 'conversation')
  afterAll(() => data.close())
  const table = new Table(data.client, 'conversation', now)
  return { ...KEY_ALONE, table: async () => table, data }
}
