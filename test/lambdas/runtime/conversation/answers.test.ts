import { expect, it } from 'vitest'
import { leaveAnswer, readAnswer, waitForAnswer } from '../../../../lambdas/runtime/conversation/answers.ts'
import { tenantKey } from '../../../../model/tenant-key.ts'
import { conversationOfFile } from '../support/conversation.ts'

const ID = '0123456789abcdef0123456789abcdef'
const QUARTER = 15 * 60_000
const now = Date.now()

let time = now
const conversation = await conversationOfFile(() => time)
const table = await conversation.table()

let grants = 0
async function asked() {
  const partition = tenantKey('example', `grant-${grants++}`)
  await waitForAnswer(table, partition, ID, now)
  return partition
}
const answer = (action: string) => ({ jsonrpc: '2.0', id: ID, result: { action } })

it('RS-07: the first answer counts, and no other', async () => {
  const partition = await asked()
  expect(await readAnswer(table, partition, ID)).toBeUndefined()
  const left = [answer('accept'), answer('decline')].map((each) => leaveAnswer(table, partition, each, now))
  expect((await Promise.all(left)).filter(Boolean)).toHaveLength(1)
  const kept = await readAnswer(table, partition, ID)
  expect(await leaveAnswer(table, partition, answer('cancel'), now)).toBe(false)
  expect(await readAnswer(table, partition, ID)).toEqual(kept)
})

it.each([
  ['of another id', { ...answer('accept'), id: ID.replace('0', '1') }],
  ['whose id is none of ours', { ...answer('accept'), id: 7 }],
  ['whose id is longer than a key of the table', { ...answer('accept'), id: ID.repeat(40) }],
  ['that is an error, and whose id is, too', { id: ID.repeat(40), error: { code: 1 } }],
  ['that is no object', { id: ID, result: 'yes' }],
])('one %s is not kept', async (_what, message) => {
  const partition = await asked()
  expect(await leaveAnswer(table, partition, message, now)).toBe(false)
  expect(await readAnswer(table, partition, ID)).toBeUndefined()
})

it('nothing is kept of it but the result', async () => {
  const partition = await asked()
  await leaveAnswer(table, partition, { ...answer('accept'), waiting: true, error: { code: 1 } }, now)
  expect(await readAnswer(table, partition, ID)).toEqual({ result: { action: 'accept' } })
})

it('one that the table cannot hold is told to whoever waits', async () => {
  const partition = await asked()
  expect(await leaveAnswer(table, partition, answer('x'.repeat(200_000)), now)).toBe(true)
  expect(await readAnswer(table, partition, ID)).toEqual({ error: { message: expect.stringMatching(/more than/) } })
})

it('nobody waits longer than a call can last', async () => {
  const partition = await asked()
  time = now + QUARTER
  expect(await leaveAnswer(table, partition, answer('accept'), time)).toBe(false)
  await expect(readAnswer(table, partition, ID)).rejects.toThrow('no longer in the table')
  time = now
})
