import { createServer, request as forward, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/**
 * How a service fails: it breaks the connection off; it does what it is asked and answers later than anybody waits; it
 * refuses in its own words because it is asked too much; it does what it is asked and the reply to the first attempt is
 * lost.
 */
export type Failure = 'down' | 'slow' | 'throttled' | 'lossy'

/** Milliseconds until a slow answer: more than the 2 s that every call to AWS waits. */
export const SLOW = 2_300

/** Stands in front of a service's endpoint. */
export interface FaultyFront extends AsyncDisposable {
  readonly url: string
  /** How a request fails; none does before this is set. */
  failureOf: (request: IncomingMessage, body: Buffer) => Failure | undefined
}

/**
 * @param target the service's own endpoint
 * @param refusal what the service answers when it is asked too much
 */
export async function startFaultyFront(
  target: string,
  refusal: { readonly status: number; readonly body: unknown },
): Promise<FaultyFront> {
  const server = createServer(async (request, response) => {
    // Whole before anything else: dynalite does not survive a client that leaves in mid-request (PLATFORM 24).
    const body = Buffer.concat(await request.toArray())
    const failure = front.failureOf(request, body)
    if (failure === 'down') return void request.socket.destroy()
    if (failure === 'throttled')
      return void response
        .writeHead(refusal.status, { 'content-type': 'application/json' })
        .end(JSON.stringify(refusal.body))
    const { method, url = '/', headers } = request
    const forwarded = forward(new URL(url, target), { method, headers }, async (answer) => {
      const text = Buffer.concat(await answer.toArray())
      if (failure === 'slow') await sleep(SLOW)
      if (failure === 'lossy' && isFirstAttempt(request)) return void request.socket.destroy()
      response.writeHead(answer.statusCode ?? 502, answer.headers).end(text)
    })
    forwarded.on('error', () => request.socket.destroy()).end(body)
  })
  // A connection that waits is not closed under a client that reuses it.
  server.keepAliveTimeout = 0
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const front: FaultyFront = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    failureOf: () => undefined,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return front
}

/** The AWS SDK says which attempt it is. */
function isFirstAttempt({ headers }: IncomingMessage): boolean {
  return String(headers['amz-sdk-request']).startsWith('attempt=1')
}
