import { PassThrough } from 'node:stream'
import type { APIGatewayProxyEvent, Context } from 'aws-lambda'

/**
 * Stands in for what Lambda's Node runtime puts into a function's process: `awslambda.streamifyResponse` and
 * `HttpResponseStream.from`, with Amazon's wire format (PLATFORM 5): metadata JSON, 8 NUL bytes, payload; the prelude
 * leaves with the first write, so a response without one never begins.
 */
type StreamingHandler = (event: APIGatewayProxyEvent, stream: ResponseStream, context: Context) => Promise<void>

class ResponseStream extends PassThrough {
  contentType: string | undefined
  prelude: string | undefined

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    if (this.prelude !== undefined) this.push(Buffer.concat([Buffer.from(this.prelude), Buffer.alloc(8)]))
    this.prelude = undefined
    this.push(chunk)
    done()
  }
}

const HTTP_RESPONSE = 'application/vnd.awslambda.http-integration-response'

Object.assign(globalThis, {
  awslambda: {
    streamifyResponse: (handler: StreamingHandler) => handler,
    HttpResponseStream: {
      from(stream: ResponseStream, metadata: unknown) {
        stream.contentType = HTTP_RESPONSE
        stream.prelude = JSON.stringify(metadata)
        return stream
      },
    },
  },
})

export interface InvokedResponse {
  readonly statusCode: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: AsyncIterable<Buffer>
}

/** Invokes a streaming handler; resolves with the response's head as soon as it has left the function. */
export async function invoke(
  handler: unknown,
  event: APIGatewayProxyEvent,
  remainingMs = 30_000,
): Promise<InvokedResponse> {
  const deadline = Date.now() + remainingMs
  const context = { awsRequestId: 'invocation', getRemainingTimeInMillis: () => deadline - Date.now() } as Context
  const stream = new ResponseStream()
  ;(handler as StreamingHandler)(event, stream, context).catch((error: Error) => stream.destroy(error))
  const chunks = stream[Symbol.asyncIterator]() as AsyncIterableIterator<Buffer>
  let head = Buffer.alloc(0)
  while (!head.includes(Buffer.alloc(8))) {
    const { value, done } = await chunks.next()
    if (done) throw new Error('the function ended its stream without a response')
    head = Buffer.concat([head, value])
  }
  if (stream.contentType !== HTTP_RESPONSE) throw new Error('not an HTTP response')
  const end = head.indexOf(Buffer.alloc(8))
  const { statusCode, headers } = JSON.parse(head.subarray(0, end).toString())
  const first = head.subarray(end + 8)
  return { statusCode, headers, body: rest(first, chunks) }
}

async function* rest(first: Buffer, chunks: AsyncIterable<Buffer>) {
  if (first.length > 0) yield first
  yield* chunks
}

export async function textOf({ body }: InvokedResponse): Promise<string> {
  let text = ''
  for await (const chunk of body) text += chunk
  return text
}
