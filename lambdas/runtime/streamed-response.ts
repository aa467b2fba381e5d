import { Readable } from 'node:stream'

/** A response as middy hands it to `HttpResponseStream.from` (PLATFORM 5): an empty body becomes one empty write. */
export interface StreamedResponse {
  readonly statusCode: number
  readonly headers: Record<string, string>
  readonly body: string | Readable
}

/** What is made into a stream: a Response of the SDK's, or of a backend. */
export interface StreamableResponse {
  readonly status: number
  readonly headers: Headers
  readonly body: AsyncIterable<Uint8Array> | null
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
  const isEventStream = headers.get('content-type')?.startsWith('text/event-stream') ?? false
  if (body === null) end()
  return {
    statusCode: status,
    headers: { ...Object.fromEntries(passedOn), ...ours, ...(isEventStream && { 'X-Accel-Buffering': 'no' }) },
    body: body === null ? '' : Readable.from(untilOver(body, end)),
  }
}

async function* untilOver(body: AsyncIterable<Uint8Array>, end: () => void): AsyncGenerator<Uint8Array> {
  try {
    yield* body
  } finally {
    end()
  }
}
