import { once } from 'node:events'
import { Readable, type Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

/** A response whose body is whole or comes bit by bit. */
export interface StreamedResponse {
  readonly statusCode: number
  readonly headers: Record<string, string>
  readonly body: string | Readable
}

/**
 * Writes a response into the stream that Lambda gave for it (PLATFORM 5). Its head leaves with the first write, an empty
 * one, too. A text is one write: through a pipeline a call takes about a sixth more of the processor.
 */
export async function writeResponse({ body, ...head }: StreamedResponse, stream: Writable): Promise<void> {
  const response = awslambda.HttpResponseStream.from(stream, head)
  const isWhole = typeof body === 'string'
  response.write(isWhole ? body : '')
  if (!isWhole) return pipeline(body, response)
  response.end()
  await once(response, 'finish')
}

/** What is made into a stream: a Response of the SDK's, or of a backend. */
export interface StreamableResponse {
  readonly status: number
  readonly headers: Headers
  readonly body: AsyncIterable<Uint8Array> | string
}

/** Only these headers are passed on: no cookie, no hop-by-hop header, nothing of a page. */
const PASSED_ON = ['content-type', 'allow', 'mcp-protocol-version', 'mcp-session-id', 'retry-after']

/**
 * A response as a stream.
 * @param ours headers of every response; they win
 * @param end called once the body is over, however that comes about
 */
export function streamResponse(
  { status, headers, body }: StreamableResponse,
  ours: Readonly<Record<string, string>>,
  end: () => void,
): StreamedResponse {
  const passedOn = PASSED_ON.flatMap((name) => {
    const value = headers.get(name)
    return value === null ? [] : [[name, value] as const]
  })
  const isWhole = typeof body === 'string'
  if (isWhole) end()
  return {
    statusCode: status,
    headers: { ...Object.fromEntries(passedOn), ...ours, ...(isEventStream(headers) && { 'X-Accel-Buffering': 'no' }) },
    body: isWhole ? body : Readable.from(untilOver(body, end)),
  }
}

export function isEventStream(headers: Headers): boolean {
  return headers.get('content-type')?.startsWith('text/event-stream') ?? false
}

async function* untilOver(body: AsyncIterable<Uint8Array>, end: () => void): AsyncGenerator<Uint8Array> {
  try {
    yield* body
  } finally {
    end()
  }
}
