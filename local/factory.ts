import { appendFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { PROJECT_ROOT } from '../lib/project-root.ts'
import { KEYS_SECRET_OUTPUT, OUTPUTS } from '../model/names.ts'
import { createApis } from './api-gateway/index.ts'
import { boardHandler } from './board/handler.ts'
import { readCloudAssembly, type SynthesizedStack, type Template } from './cloud-assembly.ts'
import { configPath, loadConfig, writeDirectConfig } from './config.ts'
import { deployCustomResources } from './custom-resource.ts'
import { EventBridge } from './event-bridge.ts'
import { boardAlone, customDomain, executeApi } from './front.ts'
import { startHotReload } from './hot-reload.ts'
import type { LambdaService } from './invocation.ts'
import { writeJsonFile } from './json-file.ts'
import { type Door, KeptPorts, listenEarly } from './origins.ts'
import { resourcesOfType } from './resource-properties.ts'
import { rotateWhatIsDue } from './rotation.ts'
import { provideSampleData } from './sample-data/provide.ts'
import { SecretStore } from './secret-store.ts'
import { type Administrator, startServices } from './services.ts'
import { type SamplePerson, samplePeople, startSignIn } from './sign-in.ts'
import { outputOf, type Stack } from './stack.ts'
import { StartError } from './start-error.ts'
import { openStateDirectory } from './state-directory.ts'
import { synthesize } from './synthesize.ts'
import { resolveTemplates } from './template.ts'
import { readDeclarations } from './undeployed-changes.ts'
import { type ConfidentialClient, provideCredentials, upstreamEnvironments } from './upstream.ts'

export interface FactoryOptions {
  /** Where state is kept. */
  readonly directory: string
  /** The front's, or with `domain: false` the board's; 0 for one that is free. */
  readonly port: number
  /** One origin, as with a custom domain; else each API on a port of its own, as execute-api has it. */
  readonly domain: boolean
  readonly fresh: boolean
  /** No function's connection leaves this machine. */
  readonly offline: boolean
  /** Announced in place of the front's: a tunnel's https URL. */
  readonly origin?: string
  /** Sign in at the real Google, with a client of one's own. */
  readonly google?: ConfidentialClient
  /** Added to the environment of the synthesis: `FACTORY_CONFIG`. */
  readonly environment?: Readonly<Record<string, string>>
  /** Sources are reloaded when they change, and this is told of it; absent: they are not. */
  readonly hotReload?: (message: string) => void
  /** Told of sample data that is being made in the background. */
  readonly sampleData?: (message: string) => void
  /** Changes templates after the synthesis, for tests of what each part of them is good for. */
  transformTemplate?(stackName: string, template: Template): Template
}

export interface RunningFactory {
  readonly issuer: string
  /** The board's: with one origin the front's, unless a tunnel leads there. */
  readonly port: number
  readonly servers: readonly { readonly name: string; readonly url: string }[]
  /** Absent where people sign in at the real Google. */
  readonly signIn?: { readonly issuer: string; readonly people: readonly SamplePerson[] }
  /** Functions' and API Gateway's logs. */
  readonly logs: string
  /** Functions whose connections may leave the machine. */
  readonly unconfined: readonly string[]
  readonly stacks: readonly Stack[]
  readonly lambda: LambdaService
  /** The AWS services, for whoever may do everything. */
  readonly administrator: Administrator
  /** When buckets for sample data have it, or it is told why one has not. */
  readonly sampleData: Promise<void>
  /** Ends every process and port; what is kept stays. */
  stop(): Promise<void>
}

/**
 * Synthesizes the factory and runs its templates and bundles on this machine.
 * @throws StartError, UnsupportedError; nothing is left running
 */
export async function startFactory(options: FactoryOptions): Promise<RunningFactory> {
  await using starting = new AsyncDisposableStack()
  const state = openStateDirectory(resolve(options.directory), options.fresh)
  starting.defer(() => state.release())
  const ports = new KeptPorts(state.ports)
  const front = await listenEarly(options.port)
  starting.defer(() => front.close())

  const environment = { ...options.environment }
  const config = await loadConfig(configPath({ ...process.env, ...environment }))
  if (options.google) {
    writeDirectConfig(config, configPath({ ...process.env, ...environment }), state.config)
    environment.FACTORY_CONFIG = state.config
  }

  // A tunnel leads to the front, and need not add anything that tells its requests from this machine's.
  const boardDoor = options.origin === undefined ? undefined : await ports.listen('board')
  if (boardDoor) starting.defer(() => boardDoor.close())
  const doors = new Map<string, Door>()
  if (!options.domain)
    for (const name of ['authorization', ...Object.keys(config.servers)]) {
      const door = await ports.listen(name)
      starting.defer(() => door.close())
      doors.set(name, door)
    }
  const url = (name: string) => `http://localhost:${doors.get(name)?.port}`
  const origin = options.domain
    ? (options.origin ?? new URL(`http://localhost:${front.port}`).origin)
    : JSON.stringify({
        authorization: url('authorization'),
        servers: Object.fromEntries(Object.keys(config.servers).map((name) => [name, url(name)])),
      })
  const arch = process.arch === 'arm64' ? 'arm64' : 'x86_64'
  await synthesize(state.assembly, { origin, arch, tracing: 'off' }, environment)

  const signInPort = await ports.choose('sign-in')
  const signInIssuer = `http://127.0.0.1:${signInPort}`
  const synthesized = readCloudAssembly(state.assembly).map((stack) => transformed(stack, options))
  const stacks = resolveTemplates(synthesized, {
    attributes: { 'AWS::Cognito::UserPool.ProviderURL': signInIssuer },
  })
  for (const variables of upstreamEnvironments(stacks)) {
    if (!options.google) variables.UPSTREAM_ISSUER = signInIssuer
    // Documents that clients keep elsewhere cannot be fetched: it is not said that they can.
    if (options.offline) variables.CLIENT_ID_METADATA_DOCUMENTS = 'off'
  }

  const issuer = outputOf(stacks, OUTPUTS.issuer)
  if (issuer === undefined) throw new StartError(`no stack has the output ${OUTPUTS.issuer}`)
  const store = new SecretStore(state.secrets)
  const credentials = provideCredentials(stacks, store, options.google)
  const people = samplePeople(config)
  const [client] = resourcesOfType(stacks, 'AWS::Cognito::UserPoolClient')
  if (!options.google) {
    const signIn = await startSignIn({
      port: signInPort,
      people,
      callbacks: (client?.properties.CallbackURLs as string[] | undefined) ?? [`${issuer}/callback`],
      signedOut: (client?.properties.LogoutURLs as string[] | undefined) ?? [],
      publicClientId: client?.physicalId ?? 'behind-no-user-pool',
      ...(credentials && { confidentialClient: credentials }),
      stateDirectory: state.signIn,
    })
    starting.defer(() => signIn.stop())
  }

  const services = await startServices(stacks, synthesized, store, state, options.offline)
  starting.use(services)
  const { lambda, administrator } = services
  await rotateWhatIsDue(stacks, store, lambda, Date.now())
  await deployCustomResources(stacks, lambda, state.customResources)

  const logTo = (name: string) => (line: object) =>
    appendFileSync(join(state.logs, name), `${JSON.stringify(line)}\n`, { mode: 0o600 })
  const apis = createApis(stacks, lambda, { log: logTo('api-gateway.log') })
  const eventBridge = new EventBridge(stacks, lambda, logTo('event-bridge.log'))
  starting.defer(() => eventBridge.stop())
  const sampleData = provideSampleData(stacks, administrator, 1, options.sampleData ?? (() => undefined))
  starting.defer(() => sampleData.stop())
  const running = starting.move()
  const factory: RunningFactory = {
    issuer,
    port: (boardDoor ?? front).port,
    servers: registrations(stacks).map(({ name, resource }) => ({ name, url: resource })),
    ...(!options.google && { signIn: { issuer: signInIssuer, people } }),
    logs: state.logs,
    unconfined: services.unconfined,
    stacks,
    lambda,
    administrator,
    sampleData: sampleData.settled,
    stop: () => running.disposeAsync(),
  }
  for (const { name, apiId } of apiOrigins(stacks)) doors.get(name)?.open(executeApi(apis.get(apiId)))
  const board = boardHandler(factory, options.origin === undefined ? issuer : `http://localhost:${front.port}`)
  front.open(options.domain ? customDomain(stacks, apis, boardDoor ? undefined : board) : boardAlone(board))
  boardDoor?.open(boardAlone(board))
  eventBridge.start()
  // For the command line, which administers what runs here.
  running.defer(() => rm(state.endpoints, { force: true }))
  writeJsonFile(state.endpoints, {
    ...administrator,
    issuer,
    logs: state.logs,
    keysSecret: outputOf(stacks, KEYS_SECRET_OUTPUT),
    table: outputOf(stacks, OUTPUTS.tableName),
    people: options.google ? [] : people.map(({ email }) => email),
  })
  if (options.hotReload) {
    const reload = startHotReload({
      root: PROJECT_ROOT,
      config: configPath({ ...process.env, ...environment }),
      bundles: services.bundles,
      renew: (bundle) => lambda.renew(bundle),
      declarations: (stop) => readDeclarations(environment, stop),
      say: options.hotReload,
    })
    running.defer(() => reload.stop())
  }
  return factory
}

function transformed(stack: SynthesizedStack, { transformTemplate }: FactoryOptions): SynthesizedStack {
  return transformTemplate ? { ...stack, template: transformTemplate(stack.name, stack.template) } : stack
}

/** What each server's stack says of it. */
function registrations(stacks: readonly Stack[]): { name: string; resource: string; stack: Stack }[] {
  return stacks.flatMap((stack) =>
    resourcesOfType([stack], 'Custom::McpServer').map(({ properties }) => ({
      ...(JSON.parse(String(properties.Registration)) as { name: string; resource: string }),
      stack,
    })),
  )
}

/** Which API answers at which origin where there is no domain. */
function apiOrigins(stacks: readonly Stack[]): { name: string; apiId: string }[] {
  const origins = resourcesOfType(stacks, 'AWS::ApiGatewayV2::Api').map(({ physicalId }) => ({
    name: 'authorization',
    apiId: physicalId,
  }))
  for (const { name, stack } of registrations(stacks))
    for (const { physicalId } of resourcesOfType([stack], 'AWS::ApiGateway::RestApi'))
      origins.push({ name, apiId: physicalId })
  return origins
}
