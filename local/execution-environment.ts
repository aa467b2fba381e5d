import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes, randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { PROJECT_ROOT } from '../lib/project-root.ts'
import { failed, type Invocation } from './invocation.ts'
import { REGION } from './resource-types.ts'
import type { Runtime } from './runtime.ts'
import { RuntimeApi } from './runtime-api.ts'
import type { Credentials } from './signature.ts'

/** A function as its template has it. */
export interface FunctionSettings {
  readonly name: string
  readonly arn: string
  /** The directory of its bundle. */
  readonly code: string
  readonly handler: string
  /** MB. */
  readonly memory: number
  /** Milliseconds. */
  readonly timeout: number
  readonly environment: Readonly<Record<string, string>>
  /** npm packages that are not in its bundle. */
  readonly hasLayers?: boolean
  readonly credentials: Credentials
  readonly logGroup: string
  /** The name of its log's file; undefined where its role may not write a log. */
  readonly log: string | undefined
}

interface Surroundings {
  readonly runtime: Runtime
  readonly endpoints: Readonly<Record<string, string>>
  readonly loopbackOnly: boolean
  log(text: string): void
  /** It waits for an invocation. */
  onReady(): void
  onExit(): void
}

/** One process of a function, with a Runtime API of its own: one invocation at a time. */
export class ExecutionEnvironment {
  readonly #settings: FunctionSettings
  readonly #surroundings: Surroundings
  readonly #started: Promise<{ api: RuntimeApi; child: ChildProcess }>
  #running: { readonly requestId: string; readonly timer: NodeJS.Timeout } | undefined
  #killed = false
  /** Its process and its Runtime API are gone. */
  readonly #ended = Promise.withResolvers<void>()
  #api: RuntimeApi | undefined

  constructor(settings: FunctionSettings, surroundings: Surroundings) {
    this.#settings = settings
    this.#surroundings = surroundings
    this.#started = this.#start()
  }

  /** It has answered and is about to ask for its next invocation. */
  get finishing(): boolean {
    return this.#api?.answered ?? false
  }

  async invoke(event: string): Promise<Invocation> {
    const { api } = await this.#started
    const { arn, timeout } = this.#settings
    const requestId = randomUUID()
    const timer = setTimeout(() => this.#timeOut(api, requestId), timeout)
    this.#running = { requestId, timer }
    const traceId = `Root=1-${Math.floor(Date.now() / 1000).toString(16)}-${randomBytes(12).toString('hex')};Sampled=0`
    return api.run({ requestId, functionArn: arn, event, deadline: Date.now() + timeout, traceId })
  }

  async kill(): Promise<void> {
    this.#killed = true
    const { child } = await this.#started
    child.kill('SIGKILL')
    await this.#ended.promise
  }

  async #start(): Promise<{ api: RuntimeApi; child: ChildProcess }> {
    const api = await RuntimeApi.start(() => this.#ready())
    this.#api = api
    const temporary = await mkdtemp(join(tmpdir(), 'function-'))
    const { code, memory } = this.#settings
    const { runtime, loopbackOnly } = this.#surroundings
    const guard = loopbackOnly ? ['--import', pathToFileURL(runtime.loopbackOnly).href] : []
    const child = spawn(process.execPath, [`--max-old-space-size=${memory}`, ...guard, runtime.bootstrap], {
      cwd: code,
      env: this.#environment(api.address, temporary),
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => this.#surroundings.log(text))
    // Its bundle was deleted, for one; 'close' follows.
    child.once('error', (error) => this.#surroundings.log(`${error.message}\n`))
    child.once('close', (exitCode, signal) => this.#exited(api, temporary, exitCode, signal))
    return { api, child }
  }

  /** PLATFORM 28: the function's own variables and what Lambda sets; nothing of the runner's environment. */
  #environment(runtimeApi: string, temporary: string): Record<string, string> {
    const { name, handler, code, memory, logGroup, credentials, environment, hasLayers } = this.#settings
    return {
      PATH: '/usr/local/bin:/usr/bin:/bin',
      LANG: 'en_US.UTF-8',
      TZ: ':UTC',
      // In place of Lambda's /tmp, which is each environment's own, too.
      TMPDIR: temporary,
      ...environment,
      // In place of /opt/nodejs/node_modules: what layers would bring for Lambda, npm has brought for this machine.
      ...(hasLayers && { NODE_PATH: join(PROJECT_ROOT, 'node_modules') }),
      ...this.#surroundings.endpoints,
      _HANDLER: handler,
      LAMBDA_TASK_ROOT: code,
      AWS_LAMBDA_RUNTIME_API: runtimeApi,
      AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
      AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
      AWS_LAMBDA_FUNCTION_NAME: name,
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memory),
      AWS_LAMBDA_LOG_GROUP_NAME: logGroup,
      AWS_LAMBDA_LOG_STREAM_NAME: 'local',
      AWS_REGION: REGION,
      AWS_DEFAULT_REGION: REGION,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      AWS_SESSION_TOKEN: credentials.sessionToken,
      AWS_EC2_METADATA_DISABLED: 'true',
    }
  }

  #ready(): void {
    this.#finish()
    this.#surroundings.onReady()
  }

  #finish(): void {
    clearTimeout(this.#running?.timer)
    this.#running = undefined
  }

  #timeOut(api: RuntimeApi, requestId: string): void {
    const errorMessage = `${requestId} Task timed out after ${(this.#settings.timeout / 1000).toFixed(2)} seconds`
    api.fail(failed('timeout', 'Sandbox.Timedout', errorMessage))
    this.#tell(errorMessage)
    this.kill()
  }

  #exited(api: RuntimeApi, temporary: string, exitCode: number | null, signal: string | null): void {
    const how = signal === null ? `exit status ${exitCode}` : `signal: ${signal}`
    const errorMessage = `RequestId: ${this.#running?.requestId} Error: Runtime exited with error: ${how}`
    if (!this.#killed) this.#tell(errorMessage)
    this.#finish()
    api.fail(failed('crashed', 'Runtime.ExitError', errorMessage))
    // A process that it started may be ending just now.
    const removed = rm(temporary, { recursive: true, force: true, maxRetries: 5 }).catch(() => undefined)
    Promise.all([api.close(), removed]).then(() => this.#ended.resolve())
    this.#surroundings.onExit()
  }

  /** Lambda's own lines; CloudWatch would have the time and the function beside them. */
  #tell(line: string): void {
    this.#surroundings.log(`${new Date().toISOString()} ${this.#settings.name} ${line}\n`)
  }
}
