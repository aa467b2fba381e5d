import { setTimeout as pause } from 'node:timers/promises'
import * as z from 'zod'

import type { Invocation } from '../invocation.ts'
import type { Answer } from './answer.ts'
import { within } from './deadline.ts'
import { answeredHeaders, type Malformed, malformed, streamMetadata } from './lambda-integration.ts'

/** PLATFORM 5 */
const CONTENT_TYPE = 'application/vnd.awslambda.http-integration-response'
const DELIMITER = Buffer.alloc(8)
const MAX_METADATA_BYTES = 16 * 1024
const IDLE_MILLISECONDS = 5 * 60_000
const UNTHROTTLED_BYTES = 10 * 1024 * 1024
const BYTES_PER_MILLISECOND = (2 * 1024 * 1024) / 1000

/**
 * Reads a streamed answer up to its delimiter; what follows is the body, still arriving. An error later breaks the
 * body's iteration.
 * @param endsAt milliseconds since the epoch: the integration's timeout
 */
export async function streamedAnswer(invocation: Invocation, endsAt: number): Promise<Answer | Malformed | 'late'> {
  if (invocation.kind !== 'streaming') return malformed(invocation)
  const chunks = invocation.body[Symbol.asyncIterator]()
  if (invocation.contentType !== CONTENT_TYPE) return abandon(chunks, `content type ${invocation.contentType}`)
  let head = Buffer.alloc(0)
  let end = -1
  while (end === -1) {
    const next = await within(endsAt - Date.now(), chunks.next()).catch((error: unknown) => ({ error }))
    if (next === 'late') {
      void drain(chunks)
      return 'late'
    }
    if ('error' in next) return { malformed: `stream broke before its delimiter: ${String(next.error)}` }
    if (next.done) return { malformed: 'stream ended before its delimiter' }
    head = Buffer.concat([head, next.value])
    end = head.indexOf(DELIMITER)
    if ((end === -1 ? head.length : end) > MAX_METADATA_BYTES) return abandon(chunks, 'no delimiter in the first 16 KB')
  }
  const parsed = streamMetadata.safeParse(json(head.subarray(0, end)))
  if (!parsed.success) return abandon(chunks, z.prettifyError(parsed.error))
  return {
    status: parsed.data.statusCode,
    headers: answeredHeaders(parsed.data, 'application/json'),
    body: paced(head.subarray(end + DELIMITER.length), chunks, endsAt),
  }
}

/** The payload, at API Gateway's pace and within its idle and total limits; throws past either. */
async function* paced(
  first: Uint8Array,
  chunks: AsyncIterator<Uint8Array>,
  endsAt: number,
): AsyncGenerator<Uint8Array> {
  let sent = first.length
  if (first.length > 0) yield first
  while (true) {
    const next = await within(Math.min(IDLE_MILLISECONDS, endsAt - Date.now()), chunks.next())
    if (next === 'late') {
      void drain(chunks)
      throw new Error('the stream was idle or open for too long')
    }
    if (next.done) return
    sent += next.value.length
    if (sent > UNTHROTTLED_BYTES) await pause(next.value.length / BYTES_PER_MILLISECOND)
    yield next.value
  }
}

function abandon(chunks: AsyncIterator<Uint8Array>, reason: string): Malformed {
  void drain(chunks)
  return { malformed: reason }
}

/** Takes what an invocation streams when nobody waits for it any more: the function runs on, as on AWS. */
export async function discard(invocation: Invocation): Promise<void> {
  if (invocation.kind === 'streaming') await drain(invocation.body[Symbol.asyncIterator]())
}

async function drain(chunks: AsyncIterator<Uint8Array>): Promise<void> {
  try {
    while (!(await chunks.next()).done);
  } catch {
    // It broke, and nobody was waiting.
  }
}

function json(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString())
  } catch {
    return undefined
  }
}
