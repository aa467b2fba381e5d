import { once } from 'node:events'
import { type ServerResponse, validateHeaderName, validateHeaderValue } from 'node:http'

import type { HeaderList } from './headers.ts'

/** What an API answers: a body that is known, or one that is still being made. */
export interface Answer {
  readonly status: number
  readonly headers: HeaderList
  readonly body: Buffer | AsyncIterable<Uint8Array>
}

/**
 * Sends an answer, at the pace the client reads. A client that leaves does not stop the function (PLATFORM 5): its
 * stream is read to the end. A stream that breaks cuts the connection, for its headers are gone.
 * @returns the bytes of the body that were written
 */
export async function send(response: ServerResponse, { status, headers, body }: Answer): Promise<number> {
  if (Buffer.isBuffer(body)) {
    const bodiless = status === 204 || status === 304
    writeHead(response, status, bodiless ? headers : [...headers, ['Content-Length', String(body.length)]])
    response.end(body)
    return body.length
  }
  writeHead(response, status, headers)
  response.flushHeaders()
  let sent = 0
  try {
    for await (const chunk of body) {
      if (response.destroyed) continue
      sent += chunk.length
      if (!response.write(chunk)) await drained(response)
    }
    response.end()
  } catch {
    response.destroy()
  }
  return sent
}

/** A header that HTTP cannot carry, a line break in it say, is left out rather than split. */
function writeHead(response: ServerResponse, status: number, headers: HeaderList): void {
  response.writeHead(status, headers.filter(([name, value]) => isHeader(name, value)).flat())
}

function isHeader(name: string, value: string): boolean {
  try {
    validateHeaderName(name)
    validateHeaderValue(name, value)
    return true
  } catch {
    return false
  }
}

async function drained(response: ServerResponse): Promise<void> {
  const settled = new AbortController()
  const { signal } = settled
  await Promise.race([once(response, 'drain', { signal }), once(response, 'close', { signal })]).catch(() => undefined)
  settled.abort()
}
