import { existsSync } from 'node:fs'
import { Agent, type ClientRequest, request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

/**
 * The runtime of a function's process, as `nodejs24.x` has it: loads the handler, then asks the Runtime API for one
 * invocation after another. Handlers are async functions; callbacks are gone (PLATFORM 16).
 */
const API = process.env.AWS_LAMBDA_RUNTIME_API ?? ''
const PREFIX = '/2018-06-01/runtime/'
const HTTP_INTEGRATION = 'application/vnd.awslambda.http-integration-response'
const STREAMING = Symbol.for('aws.lambda.runtime.handler.streaming')

interface Context {
  readonly awsRequestId: string
  readonly [name: string]: unknown
}
type Handler = ((event: unknown, context: Context) => unknown) &
  ((event: unknown, stream: ResponseStream, context: Context) => unknown) & { [STREAMING]?: string }
type ResponseStream = ClientRequest & {
  setContentType(contentType: string): void
  _onBeforeFirstWrite?: (write: (chunk: string | Uint8Array) => void) => void
}

const agent = new Agent({ keepAlive: true, maxSockets: 1 })

Object.assign(globalThis, {
  awslambda: {
    streamifyResponse: (handler: Handler) => Object.assign(handler, { [STREAMING]: 'response' }),
    HttpResponseStream: {
      /** PLATFORM 5: metadata as JSON, eight NUL bytes, then the payload; nothing before the first write. */
      from(stream: ResponseStream, prelude: unknown): ResponseStream {
        stream.setContentType(HTTP_INTEGRATION)
        stream._onBeforeFirstWrite = (write) => {
          write(JSON.stringify(prelude))
          write(new Uint8Array(8))
        }
        return stream
      },
    },
  },
})

let running: string | undefined
for (const event of ['uncaughtException', 'unhandledRejection'] as const)
  process.on(event, async (error: unknown) => {
    const told = describe(error)
    // In one line, as Lambda writes it.
    const { errorType, errorMessage, stackTrace: stack } = told
    const line = JSON.stringify({ errorType, errorMessage, stack })
    console.error(`${new Date().toISOString()}\t${running}\tERROR\tUncaught Exception \t${line}`)
    await post(running === undefined ? 'init/error' : `invocation/${running}/error`, told)
    process.exit(1)
  })

const handler = await loadHandler()
for (;;) await serveOne(handler)

async function loadHandler(): Promise<Handler> {
  const [file = '', name = ''] = (process.env._HANDLER ?? '').split('.')
  const path = ['.mjs', '.js', '.cjs']
    .map((extension) => join(process.env.LAMBDA_TASK_ROOT ?? '', file + extension))
    .find((candidate) => existsSync(candidate))
  if (path === undefined)
    throw Object.assign(new Error(`Cannot find module '${file}'`), { name: 'Runtime.ImportModuleError' })
  const module = (await import(pathToFileURL(path).href)) as Record<string, unknown>
  const found = module[name]
  if (typeof found !== 'function')
    throw Object.assign(new Error(`${process.env._HANDLER} is not a function`), { name: 'Runtime.HandlerNotFound' })
  if (found.length > (STREAMING in found ? 3 : 2))
    throw Object.assign(new Error('callback-based handlers are not supported'), {
      name: 'Runtime.CallbackHandlerDeprecated',
    })
  return found as Handler
}

async function serveOne(handle: Handler): Promise<void> {
  const { response, body } = await call('GET', 'invocation/next')
  const header = (name: string) => String(response.headers[`lambda-runtime-${name}`])
  const requestId = header('aws-request-id')
  const deadline = Number(header('deadline-ms'))
  running = requestId
  process.env._X_AMZN_TRACE_ID = header('trace-id')
  const context: Context = {
    awsRequestId: requestId,
    callbackWaitsForEmptyEventLoop: true,
    functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: process.env.AWS_LAMBDA_FUNCTION_VERSION,
    invokedFunctionArn: header('invoked-function-arn'),
    logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
    memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    getRemainingTimeInMillis: () => deadline - Date.now(),
  }
  const event: unknown = JSON.parse(body)
  if (handle[STREAMING]) await stream(handle, event, context)
  else
    try {
      const result = await handle(event, context)
      await post(`invocation/${requestId}/response`, result ?? null)
    } catch (error) {
      console.error('Invoke Error', error)
      await post(`invocation/${requestId}/error`, describe(error))
    }
}

/** The stream that a handler writes to is the request to the Runtime API itself; an error ends it with trailers. */
async function stream(handle: Handler, event: unknown, context: Context): Promise<void> {
  const { outgoing, answered } = openRequest('POST', `invocation/${context.awsRequestId}/response`, {
    'content-type': 'application/octet-stream',
    'lambda-runtime-function-response-mode': 'streaming',
    trailer: 'Lambda-Runtime-Function-Error-Type, Lambda-Runtime-Function-Error-Body',
  })
  const responseStream = outgoing as ResponseStream
  const write = outgoing.write.bind(outgoing)
  let begun = false
  responseStream.setContentType = (contentType) => outgoing.setHeader('content-type', contentType)
  responseStream.write = ((chunk: unknown, ...rest: []) => {
    if (!begun) responseStream._onBeforeFirstWrite?.((first) => write(first))
    begun = true
    return write(typeof chunk === 'string' || chunk instanceof Uint8Array ? chunk : JSON.stringify(chunk), ...rest)
  }) as ClientRequest['write']
  // As in the cloud, what is given to end() alone is written without the metadata.
  try {
    await handle(event, responseStream, context)
  } catch (error) {
    console.error('Invoke Error', error)
    const described = describe(error)
    outgoing.addTrailers({
      'Lambda-Runtime-Function-Error-Type': described.errorType,
      'Lambda-Runtime-Function-Error-Body': Buffer.from(JSON.stringify(described)).toString('base64'),
    })
    outgoing.end()
  }
  await answered
}

function describe(error: unknown): { errorType: string; errorMessage: string; stackTrace: string[] } {
  if (!(error instanceof Error)) return { errorType: typeof error, errorMessage: String(error), stackTrace: [] }
  return { errorType: error.name, errorMessage: error.message, stackTrace: (error.stack ?? '').split('\n') }
}

async function post(path: string, body: unknown): Promise<void> {
  await call('POST', path, JSON.stringify(body))
}

function call(method: string, path: string, body = ''): Promise<{ response: IncomingMessage; body: string }> {
  const { outgoing, answered } = openRequest(method, path, { 'content-type': 'application/json' })
  outgoing.end(body)
  return answered
}

function openRequest(method: string, path: string, headers: RequestOptions['headers']) {
  const [hostname, port] = API.split(':')
  const { promise: answered, resolve } = Promise.withResolvers<{ response: IncomingMessage; body: string }>()
  const outgoing = httpRequest({ agent, hostname, port, method, path: PREFIX + path, headers }, async (response) => {
    const chunks: Uint8Array[] = []
    for await (const chunk of response as AsyncIterable<Uint8Array>) chunks.push(chunk)
    resolve({ response, body: Buffer.concat(chunks).toString('utf8') })
  })
  // The runner is gone: a process without its Runtime API has nothing left to do.
  outgoing.on('error', () => process.exit(1))
  return { outgoing, answered }
}
