import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { failed, type Invocation } from './invocation.ts'
import { type LoopbackServer, listenOnLoopback, readBody } from './loopback-server.ts'

/** PLATFORM 7: what a buffered response may have; AWS allows itself 100 bytes more than 6 MB. */
const LARGEST_RESPONSE = 6 * 1024 * 1024 + 100

const PREFIX = '/2018-06-01/runtime/'
const ERROR_TYPE_TRAILER = 'lambda-runtime-function-error-type'
const ERROR_BODY_TRAILER = 'lambda-runtime-function-error-body'

/** An invocation on its way to a process. */
export interface RuntimeRequest {
  readonly requestId: string
  readonly functionArn: string
  /** JSON. */
  readonly event: string
  /** Milliseconds since the epoch. */
  readonly deadline: number
  readonly traceId: string
}

/** AWS's Lambda Runtime API, 2018-06-01, for one process: one invocation at a time. */
export class RuntimeApi {
  /** `host:port`, for AWS_LAMBDA_RUNTIME_API. */
  readonly address: string
  readonly #server: LoopbackServer
  readonly #onReady: () => void
  /** The process asks for its next invocation. */
  #asking: ServerResponse | undefined
  #pending: RuntimeRequest | undefined
  #resolve: ((invocation: Invocation) => void) | undefined
  #initError: Invocation | undefined
  #current: RuntimeRequest | undefined
  /** The process has answered its invocation and not yet asked for the next. */
  answered = false

  static async start(onReady: () => void): Promise<RuntimeApi> {
    let api: RuntimeApi | undefined
    const server = await listenOnLoopback((request, response) => {
      api?.serve(request, response).catch(() => response.destroy())
    })
    api = new RuntimeApi(server, onReady)
    return api
  }

  private constructor(server: LoopbackServer, onReady: () => void) {
    this.#server = server
    this.#onReady = onReady
    this.address = `127.0.0.1:${server.port}`
  }

  /** Hands an invocation to the process, as soon as it asks. */
  run(request: RuntimeRequest): Promise<Invocation> {
    const { promise, resolve } = Promise.withResolvers<Invocation>()
    this.#pending = request
    this.#resolve = resolve
    this.#deliver()
    return promise
  }

  /** Ends the invocation without the process: it died, or its time is over. What it said itself comes first. */
  fail(invocation: Invocation): void {
    this.#settle(this.#initError ?? invocation)
  }

  close(): Promise<void> {
    return this.#server.close()
  }

  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? '').slice(PREFIX.length)
    const [, requestId, verb] = /^invocation\/([^/]+)\/(response|error)$/.exec(path) ?? []
    if (request.method === 'GET' && path === 'invocation/next') {
      this.answered = false
      this.#asking = response
      this.#pending === undefined ? this.#onReady() : this.#deliver()
    } else if (path === 'init/error') {
      this.#initError = failure('crashed', await readJson(request))
      answer(response, 202)
    } else if (requestId === undefined || requestId !== this.#current?.requestId) {
      answer(response, 400, { errorType: 'InvalidRequestID', errorMessage: 'Invalid request ID' })
    } else if (verb === 'error') {
      const fault = await readJson(request)
      this.answered = true
      this.#settle(failure('unhandled', fault))
      answer(response, 202)
    } else if (request.headers['lambda-runtime-function-response-mode'] === 'streaming') {
      await this.#stream(request)
      this.answered = true
      answer(response, 202)
    } else await this.#buffer(request, response)
  }

  #deliver(): void {
    if (this.#asking === undefined || this.#pending === undefined) return
    const { requestId, functionArn, event, deadline, traceId } = this.#pending
    this.#asking.writeHead(200, {
      'content-type': 'application/json',
      'lambda-runtime-aws-request-id': requestId,
      'lambda-runtime-deadline-ms': String(deadline),
      'lambda-runtime-invoked-function-arn': functionArn,
      'lambda-runtime-trace-id': traceId,
    })
    this.#asking.end(event)
    this.#current = this.#pending
    this.#asking = undefined
    this.#pending = undefined
  }

  #settle(invocation: Invocation): void {
    this.#resolve?.(invocation)
    this.#resolve = undefined
  }

  async #buffer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(request, LARGEST_RESPONSE)
    this.answered = true
    if (body === undefined) {
      const errorMessage = `Response payload size exceeded maximum allowed payload size (${LARGEST_RESPONSE} bytes).`
      const errorType = 'Function.ResponseSizeTooLarge'
      this.#settle(failed('payload-too-large', errorType, errorMessage))
      answer(response, 413, { errorType, errorMessage })
      return
    }
    this.#settle({ kind: 'returned', payload: body.length === 0 ? null : JSON.parse(body.toString()) })
    answer(response, 202)
  }

  /**
   * Gives the response on as it comes, and ends when the function has ended it: whoever reads it may leave, the
   * function is not told (PLATFORM 5).
   */
  async #stream(request: IncomingMessage): Promise<void> {
    const ended = Promise.withResolvers<void>()
    const chunks = request.iterator({ destroyOnReturn: false })
    let first: IteratorResult<Uint8Array>
    try {
      first = await chunks.next()
    } catch {
      // The process died; its exit says why.
      return
    }
    const fault = first.done ? trailingError(request) : undefined
    if (fault) {
      this.#settle(failure('unhandled', fault))
      return
    }
    async function* body(): AsyncGenerator<Uint8Array> {
      try {
        for (let next = first; !next.done; next = await chunks.next()) yield next.value
        const late = trailingError(request)
        if (late) throw new Error(`the function failed in the middle of its response: ${late.errorMessage}`)
      } finally {
        request.resume()
        ended.resolve()
      }
    }
    const contentType = request.headers['content-type'] ?? 'application/octet-stream'
    this.#settle({ kind: 'streaming', contentType, body: body() })
    await ended.promise
    if (!request.readableEnded && !request.destroyed) await once(request, 'close')
  }
}

interface Fault {
  readonly errorType: string
  readonly errorMessage: string
}

/** An error after the response began travels in trailers, its body base64. */
function trailingError({ trailers }: IncomingMessage): Fault | undefined {
  const errorType = trailers[ERROR_TYPE_TRAILER]
  if (errorType === undefined) return undefined
  const body = Buffer.from(String(trailers[ERROR_BODY_TRAILER] ?? ''), 'base64').toString('utf8')
  return { errorType: String(errorType), errorMessage: (JSON.parse(body || '{}') as Fault).errorMessage ?? '' }
}

function failure(reason: 'unhandled' | 'crashed', { errorType = 'Error', errorMessage = '' }: Partial<Fault>) {
  return failed(reason, errorType, errorMessage)
}

async function readJson(request: IncomingMessage): Promise<Partial<Fault>> {
  const body = await readBody(request, LARGEST_RESPONSE)
  return JSON.parse(body?.toString() || '{}') as Partial<Fault>
}

function answer(response: ServerResponse, status: number, body: object = { status: 'OK' }): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}
