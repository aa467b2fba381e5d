import { mkdirSync } from 'node:fs'
import { readCloudAssembly } from '../../local/cloud-assembly.ts'
import { ExecutionEnvironment, type FunctionSettings } from '../../local/execution-environment.ts'
import type { RunningFactory } from '../../local/factory.ts'
import { rolesOf } from '../../local/iam.ts'
import { defineFunctions } from '../../local/lambda.ts'
import { prepareRuntime } from '../../local/runtime.ts'
import { admitted, proxyEvent } from '../../test/lambdas/runtime/support/gateway-event.ts'
import { statelessRequest } from '../../test/lambdas/runtime/support/mcp-message.ts'

/** Milliseconds that the process of a function may take to answer. */
const TIMEOUT = 60_000

/** The data server's function as its template has it, with a key for the services that is good for everything. */
export function dataFunction({ stacks, administrator }: RunningFactory, assembly: string): FunctionSettings {
  const { settings } = defineFunctions(stacks, readCloudAssembly(assembly), rolesOf(stacks))
  const found = settings.find(({ environment }) => environment.SERVER_NAME === 'data')
  if (!found) throw new Error('this bench wants the config as it ships')
  const { credentials, dynamodb, secretsManager, s3 } = administrator
  const environment = {
    ...found.environment,
    AWS_ENDPOINT_URL_DYNAMODB: dynamodb,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: secretsManager,
    AWS_ENDPOINT_URL_S3: s3,
  }
  return { ...found, credentials, environment, timeout: TIMEOUT }
}

export type FunctionStarter = (settings: FunctionSettings) => ExecutionEnvironment

/** Starts processes of functions as the runner does. @param directory for the runtime */
export function functionStarter(directory: string): FunctionStarter {
  mkdirSync(directory, { recursive: true })
  const runtime = prepareRuntime(directory)
  return (settings) =>
    new ExecutionEnvironment(settings, {
      runtime,
      endpoints: {},
      loopbackOnly: true,
      log: () => undefined,
      onReady: () => undefined,
      onExit: () => undefined,
    })
}

/** API Gateway's event of alice's request, admitted by the gate. */
export function eventOf(method: string, params: Readonly<Record<string, unknown>>): string {
  const { headers, message } = statelessRequest(method, params)
  const authorizer = admitted('alice', 'data:read data:query')
  return JSON.stringify(proxyEvent({ headers, body: JSON.stringify(message), authorizer }))
}

/**
 * Invokes a function, and reads its answer to the end.
 * @returns the body: of a streamed response what follows its head
 * @throws Error where the function failed
 */
export async function invoke(process: ExecutionEnvironment, event: string): Promise<string> {
  const invocation = await process.invoke(event)
  if (invocation.kind === 'failed') throw new Error(`${invocation.errorType}: ${invocation.errorMessage}`)
  if (invocation.kind === 'returned') return JSON.stringify(invocation.payload)
  const chunks: Uint8Array[] = []
  for await (const chunk of invocation.body) chunks.push(chunk)
  const bytes = Buffer.concat(chunks)
  return bytes.subarray(bytes.indexOf(Buffer.alloc(8)) + 8).toString()
}
