import { setTimeout as wait } from 'node:timers/promises'
import { LOOPBACK_HOSTS } from '../../model/loopback-hosts.ts'
import type { AnswerableEvent } from './custom-resource-event.ts'

/** What came of a request; CloudFormation shows `reason` to whoever deploys. */
export type Outcome =
  | { readonly status: 'SUCCESS'; readonly physicalId: string }
  | { readonly status: 'FAILED'; readonly physicalId: string; readonly reason: string }

/** CloudFormation takes 4,096 bytes in all. */
const LONGEST_REASON = 1024
const ATTEMPTS = 3
/** Milliseconds per attempt. */
const TIME_LIMIT = 5_000

/**
 * Answers CloudFormation by a PUT to the event's `ResponseURL`, a presigned URL that is itself a credential and is never
 * logged. https only; plain http to this machine, where a runner stands for CloudFormation.
 * @throws Error where the answer did not arrive; without one CloudFormation waits for the resource's whole timeout
 */
export async function answer(event: AnswerableEvent, outcome: Outcome): Promise<void> {
  const url = URL.parse(event.ResponseURL)
  const allowed = url?.protocol === 'https:' || (url?.protocol === 'http:' && LOOPBACK_HOSTS.includes(url.hostname))
  if (!url || !allowed) throw new Error('ResponseURL is neither https nor this machine')
  const body = Buffer.from(
    JSON.stringify({
      Status: outcome.status,
      ...(outcome.status === 'FAILED' && { Reason: outcome.reason.slice(0, LONGEST_REASON) }),
      PhysicalResourceId: outcome.physicalId,
      StackId: event.StackId,
      RequestId: event.RequestId,
      LogicalResourceId: event.LogicalResourceId,
    }),
  )
  for (let attempt = 1; ; attempt++) {
    const failure = await put(url, body)
    if (failure === undefined) return
    if (attempt === ATTEMPTS) throw new Error(`the answer did not arrive: ${failure}`)
    await wait(100 * 2 ** attempt)
  }
}

/** @returns what went wrong, without the URL */
async function put(url: URL, body: Buffer<ArrayBuffer>): Promise<string | undefined> {
  try {
    // Bytes, not a string: fetch would add a content type, which the presigned URL's signature does not cover.
    const response = await fetch(url, {
      method: 'PUT',
      body,
      redirect: 'error',
      signal: AbortSignal.timeout(TIME_LIMIT),
    })
    await response.body?.cancel()
    return response.ok ? undefined : `status ${response.status}`
  } catch (error) {
    return error instanceof Error ? error.name : 'no answer'
  }
}
