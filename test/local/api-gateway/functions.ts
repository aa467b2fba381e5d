import type { Invocation, LambdaService } from '../../../local/invocation.ts'

// biome-ignore lint/suspicious/noExplicitAny: an event is what the test says it is
export type Handler = (event: any) => unknown

/** What a handler returns to stream: the Runtime API's content type and the raw bytes, prelude included. */
export class Streamed {
  readonly body: AsyncIterable<Uint8Array>
  readonly contentType: string

  constructor(body: AsyncIterable<Uint8Array>, contentType = 'application/vnd.awslambda.http-integration-response') {
    this.body = body
    this.contentType = contentType
  }
}

/** The prelude of `HttpResponseStream.from`, then the payload. */
export function streamed(metadata: object, payload: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Streamed {
  return new Streamed(
    (async function* () {
      yield Buffer.concat([Buffer.from(JSON.stringify(metadata)), Buffer.alloc(8)])
      yield* payload
    })(),
  )
}

export function functionArn(name: string): string {
  return `arn:aws:lambda:us-east-1:000000000000:function:${name}`
}

/** A Lambda service whose functions are handlers of this process. */
export function inProcess(handlers: Readonly<Record<string, Handler>>): LambdaService {
  return {
    async invoke(arn, event): Promise<Invocation> {
      try {
        const handler = handlers[arn.slice(functionArn('').length)]
        if (!handler) throw new Error(`no function ${arn}`)
        const result = await handler(JSON.parse(JSON.stringify(event)))
        if (result instanceof Streamed) return { kind: 'streaming', contentType: result.contentType, body: result.body }
        return { kind: 'returned', payload: JSON.parse(JSON.stringify(result ?? null)) }
      } catch (error) {
        const { name, message } = error instanceof Error ? error : new Error(String(error))
        return { kind: 'failed', reason: 'unhandled', errorType: name, errorMessage: message }
      }
    },
  }
}
