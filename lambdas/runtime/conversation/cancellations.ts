import * as z from 'zod'
import type { TenantKey } from '../../../model/tenant-key.ts'
import { argumentDigest } from '../argument-digest.ts'
import type { Table } from '../table.ts'

/** Seconds: no call lasts longer, so there is nothing left to cancel. */
const KEPT = 15 * 60

/** Milliseconds by which the clocks of two instances may differ. */
const CLOCK_SKEW = 1_000

/** One request of one session of one grant. Clients count their requests from 0, in every session. */
export interface RunningRequest {
  readonly partition: TenantKey
  /** Its `Mcp-Session-Id`. */
  readonly sessionId: string | undefined
  /** Its JSON-RPC id. */
  readonly id: string | number
}

const sortKey = ({ sessionId, id }: RunningRequest) => `CANCELLED#${argumentDigest([sessionId ?? '', id])}`

const notification = z.object({
  method: z.literal('notifications/cancelled'),
  params: z.object({ requestId: z.union([z.string(), z.number()]) }),
})

/** The JSON-RPC id of the request that a message cancels. */
export function cancelledRequest(message: unknown): string | number | undefined {
  return notification.safeParse(message).data?.params.requestId
}

/** Says in the table that a request is no longer wanted, for whichever instance runs it. */
export async function recordCancellation(table: Table, request: RunningRequest, now: number): Promise<void> {
  await table.put(request.partition, sortKey(request), { at: now }, { expiresAt: now / 1000 + KEPT })
}

/**
 * Whether a request was cancelled since it arrived: an older item is about another that had the same id.
 * @param arrivedAt milliseconds since the epoch
 */
export async function isCancelled(table: Table, request: RunningRequest, arrivedAt: number): Promise<boolean> {
  const cancelled = (await table.get(request.partition, sortKey(request))) as { readonly at: number } | undefined
  return cancelled !== undefined && cancelled.at >= arrivedAt - CLOCK_SKEW
}
