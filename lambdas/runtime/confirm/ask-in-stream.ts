import { setTimeout as sleep } from 'node:timers/promises'
import type { InputRequest, InputRequests, JSONRPCRequest } from '@modelcontextprotocol/server'
import type { TenantKey } from '../../../model/tenant-key.ts'
import { randomId } from '../../tokens/secrets.ts'
import { AbilityError } from '../ability-error.ts'
import { type PostedAnswer, readAnswer, waitForAnswer } from '../conversation/answers.ts'
import type { Table } from '../table.ts'

/** How an instance asks within the open stream of a call. */
export interface AskInStream {
  readonly table: Table
  readonly partition: TenantKey
  /** Writes a request of ours into the stream. */
  readonly send: (request: JSONRPCRequest) => Promise<void>
  readonly signal: AbortSignal
  /** Milliseconds since the epoch. */
  readonly now: () => number
}

/** Milliseconds between two looks at the table: whoever answers takes seconds. */
const POLL_INTERVAL = 500

/** Characters of a client's error in the log. */
const LONGEST_REASON = 500

/**
 * Asks a 2025-era client: a JSON-RPC request of ours in the stream of its call. The answer is a POST of its own, which
 * whichever instance receives leaves in the table (RS-06).
 * @throws AbilityError `client_refused` where the client answers with an error
 */
export async function askInStream(questions: InputRequests, how: AskInStream): Promise<Record<string, unknown>> {
  const answers = Object.entries(questions).map(async ([key, question]) => [key, await askOne(question, how)] as const)
  return Object.fromEntries(await Promise.all(answers))
}

async function askOne({ method, params }: InputRequest, { table, partition, send, signal, now }: AskInStream) {
  const id = randomId()
  await waitForAnswer(table, partition, id, now())
  await send({ jsonrpc: '2.0', id, method, ...(params && { params: params as NonNullable<JSONRPCRequest['params']> }) })
  let posted: PostedAnswer | undefined
  while (posted === undefined) {
    await sleep(POLL_INTERVAL, undefined, { signal })
    posted = await readAnswer(table, partition, id)
  }
  if ('result' in posted) return posted.result
  throw new AbilityError('client_refused', `The client refused ${method}.`, 'Call it again, or use another client.', {
    cause: JSON.stringify(posted.error).slice(0, LONGEST_REASON),
  })
}
