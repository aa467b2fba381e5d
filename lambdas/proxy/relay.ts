import type { IncomingMessage } from 'node:http'
import { INTERNAL_ERROR, type Refusal, refusalBody } from '../runtime/refusal.ts'
import type { Id } from './judge-messages.ts'

export interface Relay {
  /** The chunks to pass on. */
  readonly chunks: AsyncIterable<Uint8Array>
  /** Of the request that is answered; without one nobody waits for an answer. */
  readonly id: Id
  readonly requestId: string
  readonly isEventStream: boolean
  /** Why the time is over, where it is. */
  readonly signal: AbortSignal
  /** Told why a stream breaks. */
  readonly onBreak: (error: unknown) => void
}

/**
 * A backend's body as it comes, at the pace at which it is taken. Where it breaks the client is told: an event stream
 * ends with an error that answers the request; JSON ends where it broke, which no parser takes for whole.
 */
export async function* relay(response: IncomingMessage, relayed: Relay): AsyncGenerator<Uint8Array> {
  const { chunks, id, requestId, isEventStream, signal, onBreak } = relayed
  const stop = () => response.destroy(new Error('the time for the call is over', { cause: signal.reason }))
  signal.addEventListener('abort', stop, { once: true })
  try {
    yield* chunks
  } catch (error) {
    onBreak(error)
    // The empty line ends the event that may have been cut.
    if (isEventStream && id !== undefined)
      yield Buffer.from(`\n\nevent: message\ndata: ${refusalBody({ ...brokenBy(signal), id }, requestId)}\n\n`)
  } finally {
    signal.removeEventListener('abort', stop)
    response.destroy()
  }
}

function brokenBy(signal: AbortSignal): Refusal {
  const { code, message } = signal.aborted
    ? (signal.reason as { code: string; message: string })
    : { code: 'backend_broke_off', message: 'The server behind this proxy broke off its answer.' }
  return { statusCode: 200, rpcCode: INTERNAL_ERROR, code, message }
}
