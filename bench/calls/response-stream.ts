import { Writable } from 'node:stream'
import type { APIGatewayProxyEvent, Context } from 'aws-lambda'

/** Milliseconds. */
const TIMEOUT = 30_000

/** Keeps what is written into it. */
class ResponseStream extends Writable {
  head = ''
  text = ''

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.text += chunk
    done()
  }
}

type StreamingHandler = (event: APIGatewayProxyEvent, stream: ResponseStream, context: Context) => Promise<void>

/**
 * What Lambda's Node runtime has of its own, in the least that it can be: a stream that keeps what it is given. What
 * Lambda does with that is no handler's doing.
 */
export const lambdaRuntime = {
  streamifyResponse: (handler: StreamingHandler) => handler,
  HttpResponseStream: {
    from(stream: ResponseStream, metadata: object): ResponseStream {
      stream.head = JSON.stringify(metadata)
      return stream
    },
  },
}

// Where the runtime looks for it.
Object.assign(globalThis, { awslambda: lambdaRuntime })

/** Invokes a streaming handler. Returns the body of its response. */
export async function invoke(handler: unknown, event: APIGatewayProxyEvent): Promise<string> {
  const deadline = Date.now() + TIMEOUT
  const context = { awsRequestId: 'invocation', getRemainingTimeInMillis: () => deadline - Date.now() } as Context
  const stream = new ResponseStream()
  await (handler as StreamingHandler)(event, stream, context)
  return stream.text
}
