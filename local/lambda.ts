import { createWriteStream, type WriteStream } from 'node:fs'
import { join } from 'node:path'
import { finished } from 'node:stream/promises'
import * as z from 'zod'
import type { Callers } from './aws-endpoint.ts'
import type { SynthesizedStack } from './cloud-assembly.ts'
import { ExecutionEnvironment, type FunctionSettings } from './execution-environment.ts'
import { assumeRole, type Role } from './iam.ts'
import { failed, type Invocation, type LambdaService } from './invocation.ts'
import { ignored, parsedResources } from './resource-properties.ts'
import { ACCOUNT, functionArn, REGION } from './resource-types.ts'
import type { Runtime } from './runtime.ts'
import { makeCredentials } from './signature.ts'
import { type Stack, UnsupportedError } from './stack.ts'

/** More invocations than this wait, each function's for itself. */
const MOST_PROCESSES = 10
/** An idle process beyond a function's first is ended after this; milliseconds. */
const IDLE = 30_000
const LARGEST_EVENT = 6 * 1024 * 1024

const lambdaFunction = z.strictObject({
  FunctionName: z.string().optional(),
  Code: z.strictObject({ S3Bucket: z.string(), S3Key: z.string() }),
  Handler: z.string(),
  Runtime: z.literal('nodejs24.x'),
  Role: z.string(),
  MemorySize: z.int().default(128),
  /** Seconds. */
  Timeout: z.int().default(3),
  Environment: z.strictObject({ Variables: z.record(z.string(), z.string()) }).optional(),
  LoggingConfig: z.strictObject({ LogGroup: z.string() }),
  Layers: z.array(z.string()).default([]),
  // As much as the disk has.
  EphemeralStorage: ignored,
  // Everything here is on loopback.
  VpcConfig: ignored,
  Architectures: ignored,
  TracingConfig: z.strictObject({ Mode: z.literal('PassThrough') }).optional(),
  ReservedConcurrentExecutions: ignored,
  Description: ignored,
  Tags: ignored,
})

/** How the rest of the runner wants functions to be started. */
export interface LambdaOptions {
  readonly runtime: Runtime
  readonly logs: string
  /** Added to every function's environment: where the AWS services are. */
  readonly endpoints: Readonly<Record<string, string>>
  /** Functions whose connections may leave the machine, by the variables they have. */
  mayLeave(environment: Readonly<Record<string, string>>): boolean
}

/** Functions of the templates, each with a key pair of its own, before anything runs. */
export interface FunctionDefinitions {
  readonly settings: readonly FunctionSettings[]
  readonly callers: Callers
}

/**
 * Reads the functions of all stacks.
 * @throws UnsupportedError for a property that the runner does not stand for, or a role that Lambda may not assume
 */
export function defineFunctions(
  stacks: readonly Stack[],
  synthesized: readonly SynthesizedStack[],
  roles: ReadonlyMap<string, Role>,
): FunctionDefinitions {
  const callers = new Map()
  const settings = stacks.flatMap((stack) =>
    parsedResources([stack], 'AWS::Lambda::Function', lambdaFunction).map(
      ({ resource, properties }): FunctionSettings => {
        const code = synthesized.find(({ name }) => name === stack.name)?.assets.get(properties.Code.S3Key)
        if (code === undefined) throw new UnsupportedError(`${resource.logicalId}: no asset ${properties.Code.S3Key}`)
        const role = roles.get(properties.Role)
        if (!role?.trusted.includes('lambda.amazonaws.com'))
          throw new UnsupportedError(`${resource.logicalId}: its role cannot be assumed by Lambda`)
        const principal = assumeRole(role, resource.physicalId)
        const credentials = makeCredentials()
        callers.set(credentials.accessKeyId, { credentials, principal })
        const logGroup = properties.LoggingConfig.LogGroup
        const stream = `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:${logGroup}:log-stream:local`
        // Without both, CloudWatch would have nothing of what it says.
        const maySendLogs = ['logs:CreateLogStream', 'logs:PutLogEvents'].every(
          (action) => principal.decide(action, stream) === 'allowed',
        )
        return {
          name: resource.physicalId,
          arn: functionArn(resource.physicalId),
          code,
          handler: properties.Handler,
          memory: properties.MemorySize,
          timeout: properties.Timeout * 1000,
          environment: properties.Environment?.Variables ?? {},
          hasLayers: properties.Layers.length > 0,
          credentials,
          logGroup,
          log: maySendLogs ? logFile(stack.name, resource.logicalId) : undefined,
        }
      },
    ),
  )
  return { settings, callers }
}

/** The name of a function's log: its server, or `authorization`, and what it is in the template, without CDK's hash. */
export function logFile(stack: string, logicalId: string): string {
  return `${stack.replace(/^\w+-mcp-(server-)?/, '')}-${logicalId.replace(/(Handler)?Function[0-9A-F]{8}$/, '')}.log`
}

/** The Lambda service of this machine: a pool of processes per function, started when they are needed. */
export class Lambda implements LambdaService {
  readonly #pools: ReadonlyMap<string, Pool>

  constructor(functions: readonly FunctionSettings[], options: LambdaOptions) {
    this.#pools = new Map(functions.map((settings) => [settings.arn, new Pool(settings, options)]))
  }

  async invoke(functionArn: string, event: unknown): Promise<Invocation> {
    const pool = this.#pools.get(functionArn)
    if (pool === undefined) return failed('crashed', 'ResourceNotFoundException', `Function not found: ${functionArn}`)
    const payload = JSON.stringify(event)
    if (Buffer.byteLength(payload) > LARGEST_EVENT)
      return failed(
        'payload-too-large',
        'RequestEntityTooLargeException',
        `The event is larger than ${LARGEST_EVENT} bytes`,
      )
    return pool.invoke(payload)
  }

  /**
   * Gives functions whose bundle has changed new processes. The old ones finish what they serve.
   * @param code the bundle's directory
   */
  renew(code: string): void {
    for (const pool of this.#pools.values()) pool.renew(code)
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#pools.values()].map((pool) => pool.stop()))
  }
}

/** The processes of one function. */
class Pool {
  readonly #settings: FunctionSettings
  readonly #options: LambdaOptions
  readonly #log: WriteStream | undefined
  readonly #all = new Set<ExecutionEnvironment>()
  /** The most recently used last. */
  readonly #idle: ExecutionEnvironment[] = []
  readonly #waiting: ((environment: ExecutionEnvironment) => void)[] = []
  /** Started with a bundle that has changed since. */
  readonly #outdated = new WeakSet<ExecutionEnvironment>()

  constructor(settings: FunctionSettings, options: LambdaOptions) {
    this.#settings = settings
    this.#options = options
    if (settings.log) this.#log = createWriteStream(join(options.logs, settings.log), { flags: 'a', mode: 0o600 })
  }

  async invoke(event: string): Promise<Invocation> {
    const environment = await this.#take()
    return environment.invoke(event)
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#all].map((environment) => environment.kill()))
    if (this.#log) await finished(this.#log.end())
  }

  renew(code: string): void {
    if (code !== this.#settings.code) return
    for (const environment of this.#all) this.#outdated.add(environment)
    for (const environment of this.#idle.splice(0)) environment.kill()
  }

  async #take(): Promise<ExecutionEnvironment> {
    const idle = this.#idle.pop()
    if (idle) return idle
    const finishing = [...this.#all].filter((environment) => environment.finishing).length
    if (this.#all.size >= MOST_PROCESSES || this.#waiting.length < finishing)
      return new Promise((resolve) => this.#waiting.push(resolve))
    return this.#add()
  }

  #add(): ExecutionEnvironment {
    const environment = new ExecutionEnvironment(this.#settings, {
      runtime: this.#options.runtime,
      endpoints: this.#options.endpoints,
      loopbackOnly: !this.#options.mayLeave(this.#settings.environment),
      log: (text) => this.#log?.write(text),
      onReady: () => this.#release(environment),
      onExit: () => this.#remove(environment),
    })
    this.#all.add(environment)
    return environment
  }

  #release(environment: ExecutionEnvironment): void {
    if (this.#outdated.has(environment)) {
      environment.kill()
      return
    }
    const next = this.#waiting.shift()
    if (next) {
      next(environment)
      return
    }
    this.#idle.push(environment)
    setTimeout(() => {
      const at = this.#idle.indexOf(environment)
      if (at <= 0) return
      // Before it has ended: an invocation must not find it here meanwhile.
      this.#idle.splice(at, 1)
      environment.kill()
    }, IDLE).unref()
  }

  #remove(environment: ExecutionEnvironment): void {
    this.#all.delete(environment)
    const at = this.#idle.indexOf(environment)
    if (at !== -1) this.#idle.splice(at, 1)
    const next = this.#waiting.shift()
    if (next) next(this.#add())
  }
}
