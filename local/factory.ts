import { appendFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { OUTPUTS } from '../model/names.ts'
import { createApis } from './api-gateway/index.ts'
import { assertApiGatewayMayLog } from './api-gateway-account.ts'
import type { Callers } from './aws-endpoint.ts'
import { board } from './board.ts'
import { readCloudAssembly, type SynthesizedStack, type Template } from './cloud-assembly.ts'
import { configPath, loadConfig, writeDirectConfig } from './config.ts'
import { deployCustomResources } from './custom-resource.ts'
import { startDynamoDb } from './dynamodb.ts'
import { customDomain, executeApi, plainText } from './front.ts'
import { ADMINISTRATOR, rolesOf } from './iam.ts'
import type { LambdaService } from './invocation.ts'
import { writeJsonFile } from './json-file.ts'
import { defineFunctions, Lambda } from './lambda.ts'
import { type Door, KeptPorts, listenEarly } from './origins.ts'
import { resourcesOfType } from './resource-properties.ts'
import { REGION } from './resource-types.ts'
import { rotate, rotateWhatIsDue } from './rotation.ts'
import { prepareRuntime } from './runtime.ts'
import { SecretStore } from './secret-store.ts'
import { createSecrets, startSecretsManager } from './secrets-manager.ts'
import { type SamplePerson, samplePeople, startSignIn } from './sign-in.ts'
import { type Credentials, makeCredentials } from './signature.ts'
import type { Stack } from './stack.ts'
import { StartError } from './start-error.ts'
import { openStateDirectory, type StateDirectory } from './state-directory.ts'
import { synthesize } from './synthesize.ts'
import { resolveTemplates } from './template.ts'
import { type ConfidentialClient, provideCredentials, upstreamEnvironments } from './upstream.ts'

/** Unreachable: a service that the runner does not stand for must not be the real one (PLATFORM 27). */
const NOWHERE = 'http://127.0.0.1:9'

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
  /** Changes templates after the synthesis, for tests of what each part of them is good for. */
  transformTemplate?(stackName: string, template: Template): Template
}

export interface RunningFactory {
  readonly issuer: string
  /** The board's, or the front's. */
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
  readonly administrator: {
    readonly region: string
    readonly credentials: Credentials
    readonly dynamodb: string
    readonly secretsManager: string
  }
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

  const doors = new Map<string, Door>()
  if (!options.domain)
    for (const name of ['authorization', ...Object.keys(config.servers)]) {
      const door = await ports.listen(name)
      starting.defer(() => door.close())
      doors.set(name, door)
    }
  const url = (name: string) => `http://localhost:${doors.get(name)?.port}`
  const origin = options.domain
    ? (options.origin ?? `http://localhost:${front.port}`)
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
  if (!options.google) for (const variables of upstreamEnvironments(stacks)) variables.UPSTREAM_ISSUER = signInIssuer

  const issuer = stacks.map(({ outputs }) => outputs[OUTPUTS.issuer]).find((output) => output !== undefined)
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
      publicClientId: client?.physicalId ?? 'behind-no-user-pool',
      ...(credentials && { confidentialClient: credentials }),
      stateDirectory: state.signIn,
    })
    starting.defer(() => signIn.stop())
  }

  const { lambda, administrator, unconfined } = await startServices(
    stacks,
    synthesized,
    store,
    state,
    options,
    starting,
  )
  await rotateWhatIsDue(stacks, store, lambda, Date.now())
  await deployCustomResources(stacks, lambda, state.customResources)

  const accessLog = join(state.logs, 'api-gateway.log')
  const log = (line: object) => appendFileSync(accessLog, `${JSON.stringify(line)}\n`, { mode: 0o600 })
  const apis = createApis(stacks, lambda, { log })
  const running = starting.move()
  const factory: RunningFactory = {
    issuer,
    port: front.port,
    servers: registrations(stacks).map(({ name, resource }) => ({ name, url: resource })),
    ...(!options.google && { signIn: { issuer: signInIssuer, people } }),
    logs: state.logs,
    unconfined,
    stacks,
    lambda,
    administrator,
    stop: () => running.disposeAsync(),
  }
  for (const { name, apiId } of apiOrigins(stacks)) doors.get(name)?.open(executeApi(apis.get(apiId)))
  front.open(options.domain ? customDomain(stacks, apis) : plainText(board(factory)))
  return factory
}

/** Lambda, DynamoDB and Secrets Manager, with each function's key and role. */
async function startServices(
  stacks: readonly Stack[],
  synthesized: readonly SynthesizedStack[],
  store: SecretStore,
  state: StateDirectory,
  options: FactoryOptions,
  starting: AsyncDisposableStack,
) {
  const roles = rolesOf(stacks)
  assertApiGatewayMayLog(stacks, roles)
  const functions = defineFunctions(stacks, synthesized, roles)
  const credentials = makeCredentials()
  const callers: Callers = new Map([
    ...functions.callers,
    [credentials.accessKeyId, { credentials, principal: ADMINISTRATOR }],
  ])

  createSecrets(stacks, store)
  const dynamodb = await startDynamoDb(stacks, state.dynamodb, callers)
  starting.defer(() => dynamodb.close())
  const secretsManager = await startSecretsManager(stacks, store, callers, (secret, versionId) => {
    rotate(stacks, store, lambda, secret, versionId).catch((error: Error) => console.error(error.message))
  })
  starting.defer(() => secretsManager.close())
  const mayLeave = (variables: Readonly<Record<string, string>>) =>
    !options.offline && variables.UPSTREAM_ISSUER !== undefined
  const lambda = new Lambda(functions.settings, {
    logs: state.logs,
    runtime: prepareRuntime(state.runtime),
    endpoints: {
      AWS_ENDPOINT_URL: NOWHERE,
      AWS_ENDPOINT_URL_DYNAMODB: dynamodb.url,
      AWS_ENDPOINT_URL_SECRETS_MANAGER: secretsManager.url,
    },
    mayLeave,
  })
  starting.defer(() => lambda.stop())

  const administrator = { region: REGION, credentials, dynamodb: dynamodb.url, secretsManager: secretsManager.url }
  // For the command line, which administers what runs here.
  writeJsonFile(state.endpoints, administrator)
  starting.defer(() => rm(state.endpoints, { force: true }))
  const unconfined = functions.settings.filter((each) => mayLeave(each.environment)).map(({ name }) => name)
  return { lambda, administrator, unconfined }
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
