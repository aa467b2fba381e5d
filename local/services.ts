import { assertApiGatewayMayLog } from './api-gateway-account.ts'
import type { Callers } from './aws-endpoint.ts'
import type { SynthesizedStack } from './cloud-assembly.ts'
import { startDynamoDb } from './dynamodb.ts'
import { ADMINISTRATOR, rolesOf } from './iam.ts'
import { defineFunctions, Lambda } from './lambda.ts'
import { REGION } from './resource-types.ts'
import { rotate } from './rotation.ts'
import { prepareRuntime } from './runtime.ts'
import { startS3 } from './s3/s3.ts'
import type { SecretStore } from './secret-store.ts'
import { createSecrets, startSecretsManager } from './secrets-manager.ts'
import { type Credentials, makeCredentials } from './signature.ts'
import type { Stack } from './stack.ts'
import type { StateDirectory } from './state-directory.ts'

/** Unreachable: a service that the runner does not stand for must not be the real one (PLATFORM 27). */
const NOWHERE = 'http://127.0.0.1:9'

/** How to reach the AWS services as somebody who may do everything. */
export interface Administrator {
  readonly region: string
  readonly credentials: Credentials
  readonly dynamodb: string
  readonly secretsManager: string
  readonly s3: string
}

export interface Services extends AsyncDisposable {
  readonly lambda: Lambda
  readonly administrator: Administrator
  /** Names of functions whose connections may leave the machine. */
  readonly unconfined: readonly string[]
  /** Directories of the functions' bundles. */
  readonly bundles: readonly string[]
}

/**
 * Starts Lambda, DynamoDB, Secrets Manager and S3, with a key for each function that is good for what its role allows.
 * @param offline no function's connection leaves this machine
 * @throws StartError, UnsupportedError; nothing is left running
 */
export async function startServices(
  stacks: readonly Stack[],
  synthesized: readonly SynthesizedStack[],
  store: SecretStore,
  state: StateDirectory,
  offline: boolean,
): Promise<Services> {
  await using starting = new AsyncDisposableStack()
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
  const s3 = await startS3(stacks, state.s3, callers)
  starting.defer(() => s3.close())
  const mayLeave = (variables: Readonly<Record<string, string>>) => !offline && variables.UPSTREAM_ISSUER !== undefined
  const lambda = new Lambda(functions.settings, {
    logs: state.logs,
    runtime: prepareRuntime(state.runtime),
    endpoints: {
      AWS_ENDPOINT_URL: NOWHERE,
      AWS_ENDPOINT_URL_DYNAMODB: dynamodb.url,
      AWS_ENDPOINT_URL_SECRETS_MANAGER: secretsManager.url,
      AWS_ENDPOINT_URL_S3: s3.url,
    },
    mayLeave,
  })
  starting.defer(() => lambda.stop())

  const running = starting.move()
  return {
    lambda,
    administrator: {
      region: REGION,
      credentials,
      dynamodb: dynamodb.url,
      secretsManager: secretsManager.url,
      s3: s3.url,
    },
    unconfined: functions.settings.filter((each) => mayLeave(each.environment)).map(({ name }) => name),
    bundles: [...new Set(functions.settings.map(({ code }) => code))],
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  }
}
