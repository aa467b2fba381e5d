import { beforeEach } from 'vitest'
import { askingServer } from './asking-skillset.ts'
import { conversationOfFile } from './conversation.ts'

/** A server whose abilities ask, anew for each test of a file, and the time, which stands still until a test moves it. */
export async function askingServerOfFile() {
  const now = () => asking.time
  const conversation = await conversationOfFile(now)
  const asking = { time: Date.now(), conversation, server: askingServer({ conversation, now }) }
  beforeEach(() => {
    asking.time = Date.now()
    asking.server = askingServer({ conversation, now })
  })
  return asking
}
