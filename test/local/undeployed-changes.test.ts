import { expect, onTestFinished, test } from 'vitest'
import { readDeclarations, UndeployedChanges } from '../../local/undeployed-changes.ts'

const PATIENCE = { timeout: 10_000, interval: 20 }

/** The second reading, and all after it, is what `read` gives. */
function undeployedChanges(read: (stop: AbortSignal) => Promise<string[]>) {
  const said: string[] = []
  let isFirst = true
  const declarations = async (stop: AbortSignal) => {
    if (!isFirst) return read(stop)
    isFirst = false
    return ['one']
  }
  const changes = new UndeployedChanges({ declarations, say: (message) => said.push(message) })
  onTestFinished(() => changes.stop())
  return { changes, said }
}

test('what cannot be read is said with its reason', async () => {
  const { changes, said } = undeployedChanges(() => Promise.reject(new Error('servers.notes: found nothing')))
  changes.tell()
  await expect.poll(() => said, PATIENCE).toEqual(['This cannot be deployed:\nservers.notes: found nothing'])
})

test('an end in the middle of reading says nothing', async () => {
  const began = Promise.withResolvers<void>()
  const { changes, said } = undeployedChanges(async (stop) => {
    const ended = Promise.withResolvers<string[]>()
    stop.addEventListener('abort', () => ended.reject(new Error('')))
    began.resolve()
    return ended.promise
  })
  changes.tell()
  await began.promise
  changes.stop()
  changes.tell()
  await new Promise(setImmediate)
  expect(said).toEqual([])
})

test('a process that is ended before it has read has a reason, and its process is gone', async () => {
  const stopping = new AbortController()
  const reading = readDeclarations({}, stopping.signal)
  stopping.abort()
  await expect(reading).rejects.toThrow(/abort/)
  await expect(readDeclarations({ NODE_OPTIONS: '--no-such-option' }, new AbortController().signal)).rejects.toThrow(
    '--no-such-option',
  )
})
