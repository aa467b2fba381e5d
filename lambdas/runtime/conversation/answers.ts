import * as z from 'zod'
import type { TenantKey } from '../../../model/tenant-key.ts'
import type { Table } from '../table.ts'

/** What a client answered to a request of ours. */
export type PostedAnswer = { readonly result: unknown } | { readonly error: unknown }

/** Seconds: no call lasts longer, so nobody waits any more. */
const WAITED_FOR = 15 * 60

const WAITING = { waiting: true }

/** Characters of JSON: an item of DynamoDB holds 400 KB, and a character takes at most three bytes. */
const LONGEST_ANSWER = 130_000
const TOO_LONG: PostedAnswer = { error: { message: `the answer has more than ${LONGEST_ANSWER} characters` } }

const sortKey = (id: string) => `ANSWER#${id}`

const expiry = (now: number) => now / 1000 + WAITED_FOR

/** Says in the table that an answer is awaited: none is kept that nobody asked for. */
export async function waitForAnswer(table: Table, partition: TenantKey, id: string, now: number): Promise<void> {
  await table.put(partition, sortKey(id), WAITING, { expiresAt: expiry(now) })
}

/** The answer, once it is there. */
export async function readAnswer(table: Table, partition: TenantKey, id: string): Promise<PostedAnswer | undefined> {
  const document = await table.get(partition, sortKey(id))
  if (document === undefined) throw new Error('the question is no longer in the table')
  return 'waiting' in (document as object) ? undefined : (document as PostedAnswer)
}

/** A JSON-RPC response whose id is one of ours (`randomId`). */
const response = z.union([
  z.object({ id: z.string().regex(/^[0-9a-f]{32}$/), result: z.looseObject({}) }),
  z.object({ id: z.string().regex(/^[0-9a-f]{32}$/), error: z.looseObject({}) }),
])

/**
 * Leaves an answer for the instance that waits for it; only the first, and only where this very grant was asked.
 * @returns whether somebody waited for it
 */
export async function leaveAnswer(table: Table, partition: TenantKey, message: unknown, now: number): Promise<boolean> {
  const { data } = response.safeParse(message)
  if (data === undefined) return false
  const { id, ...answer } = data
  const kept = JSON.stringify(answer).length > LONGEST_ANSWER ? TOO_LONG : answer
  return await table.replace(partition, sortKey(id), WAITING, kept, { expiresAt: expiry(now) })
}

/** Whether a message is a JSON-RPC response: to a request of ours, which this instance did not make. */
export function isResponse(message: unknown): boolean {
  if (typeof message !== 'object' || message === null || 'method' in message) return false
  return 'result' in message || 'error' in message
}
