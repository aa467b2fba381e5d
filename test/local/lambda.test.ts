import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { PROJECT_ROOT } from '../../lib/project-root.ts'
import type { FunctionSettings } from '../../local/execution-environment.ts'
import type { Invocation } from '../../local/invocation.ts'
import { Lambda } from '../../local/lambda.ts'
import { prepareRuntime } from '../../local/runtime.ts'
import { makeCredentials } from '../../local/signature.ts'
import { temporaryDirectory } from './hand-made.ts'

const ARN = 'arn:aws:lambda:us-east-1:000000000000:function:tried'

/** A function with this code, on the real service; `invoke` calls it. */
function functionOf(code: string, settings: Partial<FunctionSettings> & { mayLeave?: boolean } = {}) {
  const directory = temporaryDirectory()
  const bundle = join(directory, 'bundle')
  mkdirSync(bundle)
  writeFileSync(join(bundle, 'index.mjs'), code)
  const tried: FunctionSettings = {
    name: 'tried',
    arn: ARN,
    code: bundle,
    handler: 'index.handler',
    memory: 128,
    timeout: 10_000,
    environment: { OWN: 'variable' },
    credentials: makeCredentials(),
    logGroup: '/aws/lambda/tried',
    log: 'tried.log',
    ...settings,
  }
  const lambda = new Lambda([tried], {
    logs: directory,
    runtime: prepareRuntime(directory),
    endpoints: { AWS_ENDPOINT_URL: 'http://127.0.0.1:9' },
    mayLeave: () => settings.mayLeave ?? false,
  })
  onTestFinished(() => lambda.stop())
  return {
    lambda,
    settings: tried,
    invoke: (event: unknown = {}) => lambda.invoke(ARN, event),
    log: () => readFileSync(join(directory, 'tried.log'), 'utf8'),
  }
}

const handler = (body: string) => `export const handler = async (event, context) => { ${body} }`
const streaming = (body: string) =>
  `export const handler = awslambda.streamifyResponse(async (event, stream, context) => { ${body} })`

async function textOf(invocation: Invocation): Promise<string> {
  if (invocation.kind !== 'streaming') throw new Error(`not streaming: ${JSON.stringify(invocation)}`)
  let text = ''
  for await (const chunk of invocation.body) text += Buffer.from(chunk).toString('latin1')
  return text
}

test('PLATFORM 28: a function has its own variables, what Lambda sets, and nothing of the runner', async () => {
  process.env.OF_THE_RUNNER = 'secret'
  onTestFinished(() => {
    delete process.env.OF_THE_RUNNER
  })
  const { invoke, settings } = functionOf(handler('return process.env'))
  expect(await invoke()).toMatchObject({
    payload: {
      OWN: 'variable',
      _HANDLER: 'index.handler',
      LAMBDA_TASK_ROOT: settings.code,
      AWS_LAMBDA_FUNCTION_NAME: 'tried',
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '128',
      AWS_LAMBDA_LOG_GROUP_NAME: '/aws/lambda/tried',
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: settings.credentials.accessKeyId,
      AWS_ENDPOINT_URL: 'http://127.0.0.1:9',
      TZ: ':UTC',
      _X_AMZN_TRACE_ID: expect.stringMatching(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24};Sampled=0$/),
    },
  })
  expect(JSON.stringify(await invoke())).not.toContain('OF_THE_RUNNER')
})

test('a function with layers finds packages by require, one without does not', async () => {
  const code = `import { createRequire } from 'node:module'
${handler("try { return createRequire(import.meta.url).resolve('zod/package.json') } catch (error) { return error.code }")}`
  expect(await functionOf(code, { hasLayers: true }).invoke()).toMatchObject({
    payload: join(PROJECT_ROOT, 'node_modules/zod/package.json'),
  })
  expect(await functionOf(code).invoke()).toMatchObject({ payload: 'MODULE_NOT_FOUND' })
})

test('the context has request id, deadline and names', async () => {
  const { invoke } = functionOf(
    handler('return { ...context, left: context.getRemainingTimeInMillis(), event, undefined }'),
    { timeout: 5000 },
  )
  const { payload } = (await invoke({ a: 1 })) as { payload: Record<string, number> }
  expect(payload).toMatchObject({
    event: { a: 1 },
    functionName: 'tried',
    invokedFunctionArn: ARN,
    memoryLimitInMB: '128',
    awsRequestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
  })
  expect(payload.left).toBeGreaterThan(0)
  expect(payload.left).toBeLessThanOrEqual(5000)
})

test('a process serves one invocation at a time, ten processes at most', async () => {
  const { invoke } = functionOf(
    `let running = 0;${handler('running++; await new Promise((go) => setTimeout(go, 30)); const together = running; running--; return { together, pid: process.pid }')}`,
  )
  const answers = (await Promise.all(Array.from({ length: 25 }, () => invoke()))) as unknown as {
    payload: { together: number; pid: number }
  }[]
  expect(answers.every(({ payload }) => payload.together === 1)).toBe(true)
  expect(new Set(answers.map(({ payload }) => payload.pid)).size).toBeLessThanOrEqual(10)
})

test('one invocation after another uses one process', async () => {
  const { invoke } = functionOf(handler('return process.pid'))
  const first = await invoke()
  for (let n = 0; n < 5; n++) expect(await invoke()).toEqual(first)
})

test('a process that is ended because it was idle is given nothing to do any more', async () => {
  const { invoke } = functionOf(handler('await new Promise((done) => setTimeout(done, 100)); return process.pid'))
  const timers = vi.spyOn(globalThis, 'setTimeout')
  onTestFinished(() => timers.mockRestore())
  await Promise.all([invoke(), invoke(), invoke()])
  const idleFor30s = () => timers.mock.calls.filter(([, delay]) => delay === 30_000)
  await expect.poll(() => idleFor30s().length).toBe(3)
  for (const [end] of idleFor30s()) (end as () => void)()
  for (const { kind } of await Promise.all([invoke(), invoke(), invoke()])) expect(kind).toBe('returned')
})

test('a handler that throws is unhandled, and its process lives on', async () => {
  const { invoke, log } = functionOf(
    handler("if (event.bad) throw new TypeError('what went wrong'); return process.pid"),
  )
  const { payload: before } = (await invoke()) as { payload: number }
  expect(await invoke({ bad: true })).toEqual({
    kind: 'failed',
    reason: 'unhandled',
    errorType: 'TypeError',
    errorMessage: 'what went wrong',
  })
  expect(await invoke()).toEqual({ kind: 'returned', payload: before })
  expect(log()).toContain('TypeError: what went wrong')
})

test('a process that exits has crashed, and the next invocation has a new one', async () => {
  const { invoke, log } = functionOf(handler('if (event.bad) process.exit(3); return 1'))
  expect(await invoke({ bad: true })).toMatchObject({
    kind: 'failed',
    reason: 'crashed',
    errorType: 'Runtime.ExitError',
  })
  expect(await invoke()).toEqual({ kind: 'returned', payload: 1 })
  expect(log()).toContain('Runtime exited with error: exit status 3')
})

test('an exception outside the handler fails the invocation with its name', async () => {
  const { invoke } = functionOf(
    handler(
      "setTimeout(() => { throw new RangeError('late') }, 1); await new Promise(() => setTimeout(() => {}, 5000))",
    ),
  )
  expect(await invoke()).toMatchObject({ kind: 'failed', errorType: 'RangeError', errorMessage: 'late' })
})

test.each([
  ['throws while it loads', "throw new SyntaxError('half a bundle')", 'SyntaxError', 'half a bundle'],
  ['has no such handler', 'export const other = 1', 'Runtime.HandlerNotFound', 'index.handler is not a function'],
  [
    'wants a callback (PLATFORM 16)',
    'export const handler = (e, c, callback) => callback()',
    'Runtime.CallbackHandlerDeprecated',
    'callback',
  ],
])('a function that %s says so', async (_what, code, errorType, message) => {
  const { invoke } = functionOf(code)
  expect(await invoke()).toMatchObject({
    kind: 'failed',
    reason: 'crashed',
    errorType,
    errorMessage: expect.stringContaining(message),
  })
})

test('a function whose bundle is gone has crashed, and nothing else has', async () => {
  const { invoke } = functionOf(handler(''), { code: '/nowhere' })
  expect(await invoke()).toMatchObject({ kind: 'failed', reason: 'crashed' })
})

test('a timeout ends the process', async () => {
  const { invoke, log } = functionOf(
    handler('if (event.slow) await new Promise(() => setInterval(() => {}, 1000)); return 1'),
    {
      timeout: 700,
    },
  )
  expect(await invoke({ slow: true })).toMatchObject({
    kind: 'failed',
    reason: 'timeout',
    errorType: 'Sandbox.Timedout',
    errorMessage: expect.stringContaining('Task timed out after 0.70 seconds'),
  })
  expect(await invoke()).toEqual({ kind: 'returned', payload: 1 })
  expect(log()).toContain('Task timed out')
})

test('PLATFORM 7: 6 MB each way when buffered', async () => {
  const { invoke } = functionOf(handler("return 'x'.repeat(event.size ?? 0)"))
  const tooLarge = { kind: 'failed', reason: 'payload-too-large' }
  expect(await invoke({ text: 'x'.repeat(6 * 1024 * 1024) })).toMatchObject(tooLarge)
  expect(await invoke({ size: 6 * 1024 * 1024 + 99 })).toMatchObject({
    ...tooLarge,
    errorType: 'Function.ResponseSizeTooLarge',
  })
  expect(await invoke({ size: 6 * 1024 * 1024 })).toMatchObject({ kind: 'returned' })
})

test('PLATFORM 5: metadata, eight NUL bytes, payload', async () => {
  const { invoke } = functionOf(
    streaming(
      "const http = awslambda.HttpResponseStream.from(stream, { statusCode: 201, headers: { a: 'b' } }); http.write('one'); http.write('two'); http.end()",
    ),
  )
  const invocation = await invoke()
  expect(invocation).toMatchObject({ contentType: 'application/vnd.awslambda.http-integration-response' })
  expect(await textOf(invocation)).toBe(`{"statusCode":201,"headers":{"a":"b"}}${'\0'.repeat(8)}onetwo`)
})

test('PLATFORM 5: an empty body needs one empty write, or the metadata is never sent', async () => {
  const from = 'const http = awslambda.HttpResponseStream.from(stream, { statusCode: 202 });'
  const { invoke } = functionOf(streaming(`${from} if (event.write) http.write(''); http.end()`))
  expect(await textOf(await invoke({ write: true }))).toBe(`{"statusCode":202}${'\0'.repeat(8)}`)
  expect(await textOf(await invoke())).toBe('')
})

test('a stream arrives while the function still runs', async () => {
  const { invoke, settings } = functionOf(
    `import { existsSync } from 'node:fs'
${streaming("stream.write('early'); while (!existsSync('go-on')) await new Promise((go) => setTimeout(go, 5)); stream.write('late'); stream.end()")}`,
  )
  const invocation = await invoke()
  if (invocation.kind !== 'streaming') throw new Error('not streaming')
  const chunks = invocation.body[Symbol.asyncIterator]()
  expect(Buffer.from((await chunks.next()).value ?? '').toString()).toBe('early')
  writeFileSync(join(settings.code, 'go-on'), '')
  expect(Buffer.from((await chunks.next()).value ?? '').toString()).toBe('late')
})

test('a function that fails before its stream begins has failed; later, its stream ends with an error', async () => {
  const { invoke } = functionOf(
    streaming(
      "if (event.begin) { stream.write('half'); await new Promise((go) => setTimeout(go, 50)) } throw new TypeError('broken')",
    ),
  )
  expect(await invoke()).toMatchObject({
    kind: 'failed',
    reason: 'unhandled',
    errorType: 'TypeError',
    errorMessage: 'broken',
  })
  await expect(textOf(await invoke({ begin: true }))).rejects.toThrow('broken')
})

test('a stream is cut off by the timeout', async () => {
  const { invoke } = functionOf(
    streaming("stream.write('half'); await new Promise(() => setInterval(() => {}, 1000))"),
    {
      timeout: 700,
    },
  )
  await expect(textOf(await invoke())).rejects.toThrow()
})

test('PLATFORM 5: a reader that leaves does not stop the function', async () => {
  const { invoke, log } = functionOf(
    streaming(
      "for (let n = 0; n < 40; n++) if (!stream.write('x'.repeat(65536))) await new Promise((go) => stream.once('drain', go)); console.log('to the end'); stream.end()",
    ),
  )
  const invocation = await invoke()
  if (invocation.kind !== 'streaming') throw new Error('not streaming')
  for await (const _chunk of invocation.body) break
  await expect.poll(log).toContain('to the end')
  expect(await invoke()).toMatchObject({ kind: 'streaming' })
})

test("connections stay on this machine, but for a function that may leave it: nothing of the runner's network is refused", async () => {
  const code = `import { connect } from 'node:net'
import { connect as connectTls } from 'node:tls'
const outcome = (socket) => new Promise((tell) => socket.on('connect', () => tell('connected')).on('error', (error) => tell(error.code)))
export const handler = async ({ port }) => Promise.all([
  fetch('http://127.0.0.1:' + port).then(({ status }) => status),
  fetch('http://localhost:' + port).then(({ status }) => status),
  fetch('https://example.com/').then(() => 'connected', ({ cause }) => cause.code),
  fetch('http://169.254.169.254/').then(() => 'connected', ({ cause }) => cause.code),
  outcome(connect(80, '192.0.2.1')),
  outcome(connect({ port: 80, host: '2001:db8::1' })),
  outcome(connectTls({ port: 443, host: 'localhost.example.com' })),
])`
  const server = createServer((_request, response) => response.end())
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  onTestFinished(() => void server.close())
  const { port } = server.address() as AddressInfo
  const { payload } = (await functionOf(code).invoke({ port })) as { payload: unknown }
  expect(payload).toEqual([200, 200, ...Array(5).fill('ENETUNREACH')])

  const free = functionOf(handler("return process.execArgv.join(' ')"), { mayLeave: true })
  expect(JSON.stringify(await free.invoke())).not.toContain('loopback-only')
})

test('a role without the right to write its log leaves none', async () => {
  const { invoke, log, lambda } = functionOf(handler("console.log('hello')"), { log: undefined })
  await invoke()
  await lambda.stop()
  expect(log).toThrow('ENOENT')
})

test('stop ends every process', async () => {
  const { invoke, lambda } = functionOf(handler('return process.pid'))
  const { payload } = (await invoke()) as { payload: number }
  await lambda.stop()
  expect(() => process.kill(payload, 0)).toThrow('ESRCH')
})

test('a function that is not there is not found', async () => {
  const { lambda } = functionOf(handler(''))
  expect(await lambda.invoke(`${ARN}-2`, {})).toMatchObject({ kind: 'failed', errorType: 'ResourceNotFoundException' })
})
