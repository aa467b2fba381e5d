import { randomUUID } from 'node:crypto'
import type { LambdaService } from './invocation.ts'
import { readJsonFile, writeJsonFile } from './json-file.ts'
import { listenOnLoopback, readBody } from './loopback-server.ts'
import type { Resource, Stack } from './stack.ts'
import { StartError } from './start-error.ts'
import { stackId } from './template.ts'

/** What CloudFormation remembers of a custom resource. */
interface Kept {
  readonly stack: string
  readonly logicalId: string
  readonly type: string
  readonly physicalId: string
  readonly properties: Readonly<Record<string, unknown>>
}

/** A provider's answer to `ResponseURL`. */
interface Answer {
  readonly Status: 'SUCCESS' | 'FAILED'
  readonly Reason?: string
  readonly PhysicalResourceId?: string
}

/** Bytes: what CloudFormation takes of a provider. */
const LARGEST_ANSWER = 4096

/** One hour, as CloudFormation waits where `ServiceTimeout` (seconds) says nothing. */
const DEFAULT_TIMEOUT = 3600

/**
 * CloudFormation's part for custom resources: deletes those that are gone from the templates, creates new ones and
 * updates changed ones, in the stacks' order; one that has not changed is left alone.
 * @param path where it remembers what it made
 * @throws StartError with the provider's reason; what was done before stays done
 */
export async function deployCustomResources(
  stacks: readonly Stack[],
  lambda: LambdaService,
  path: string,
): Promise<void> {
  const kept = new Map(readJsonFile<[string, Kept][]>(path, []))
  const wanted = stacks.flatMap((stack) =>
    stack.resources
      .filter(({ type }) => type.startsWith('Custom::'))
      .map((resource) => ({ stack: stack.name, resource, key: `${stack.name}/${resource.logicalId}` })),
  )
  const provider = await startProvider(lambda)
  try {
    const gone = [...kept].filter(([key]) => !wanted.some((each) => each.key === key)).reverse()
    for (const [key, old] of gone) {
      await provider.send('Delete', old, old.physicalId)
      remember(key, undefined)
    }
    for (const { stack, resource, key } of wanted) await deploy(stack, resource, key)
  } finally {
    await provider.close()
  }

  async function deploy(stack: string, { logicalId, type, properties }: Resource, key: string): Promise<void> {
    const old = kept.get(key)
    const target = { stack, logicalId, type, properties: texts(properties) as Record<string, unknown> }
    if (old === undefined) {
      try {
        remember(key, { ...target, physicalId: await provider.send('Create', target, undefined) })
      } catch (refused) {
        // PLATFORM 23d: a refused Create is rolled back by Delete.
        await provider.send('Delete', target, `${stack}-${logicalId}`).catch(() => {})
        throw refused
      }
    } else if (JSON.stringify(old.properties) !== JSON.stringify(target.properties)) {
      const physicalId = await provider.send('Update', target, old.physicalId, old.properties)
      remember(key, { ...target, physicalId })
      if (physicalId !== old.physicalId) await provider.send('Delete', old, old.physicalId)
    }
  }

  function remember(key: string, made: Kept | undefined): void {
    if (made === undefined) kept.delete(key)
    else kept.set(key, made)
    writeJsonFile(path, [...kept])
  }
}

/** CloudFormation gives custom resources every scalar as text (PLATFORM 23d). */
function texts(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(texts)
  if (value !== null && typeof value === 'object')
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, texts(item)]))
  return String(value)
}

/** Sends events to providers and takes their answers at a URL of its own for each. */
async function startProvider(lambda: LambdaService) {
  const waiting = new Map<string, (answer: Answer) => void>()
  const { port, close } = await listenOnLoopback(async (request, response) => {
    const take = waiting.get(request.url ?? '')
    if (request.method !== 'PUT' || take === undefined) {
      response.writeHead(403).end()
      return
    }
    try {
      const body = await readBody(request, LARGEST_ANSWER)
      take(JSON.parse(String(body)) as Answer)
      response.writeHead(200).end()
    } catch {
      response.writeHead(400).end()
    }
  })

  /** @returns the physical id the provider gives */
  async function send(
    requestType: 'Create' | 'Update' | 'Delete',
    { stack, logicalId, type, properties }: Omit<Kept, 'physicalId'>,
    physicalId: string | undefined,
    oldProperties?: Kept['properties'],
  ): Promise<string> {
    const where = `${requestType} of ${type} ${logicalId} in stack ${stack}`
    const url = `/${randomUUID()}`
    const answered = Promise.withResolvers<Answer>()
    waiting.set(url, answered.resolve)
    const seconds = Number(properties.ServiceTimeout ?? DEFAULT_TIMEOUT)
    const late = setTimeout(
      () => answered.reject(new StartError(`${where}: no answer in ${seconds} s`)),
      seconds * 1000,
    )
    try {
      const serviceToken = String(properties.ServiceToken)
      const invoked = lambda.invoke(serviceToken, {
        RequestType: requestType,
        ServiceToken: serviceToken,
        ResponseURL: `http://127.0.0.1:${port}${url}`,
        StackId: stackId(stack),
        RequestId: randomUUID(),
        LogicalResourceId: logicalId,
        ResourceType: type,
        ...(physicalId !== undefined && { PhysicalResourceId: physicalId }),
        ResourceProperties: properties,
        ...(oldProperties && { OldResourceProperties: oldProperties }),
      })
      // A provider that fails before it answers would let CloudFormation wait; here it is said at once.
      invoked.then((invocation) => {
        if (invocation.kind === 'failed')
          answered.reject(new StartError(`${where}: ${invocation.errorType}: ${invocation.errorMessage}`))
      })
      const { Status, Reason, PhysicalResourceId } = await answered.promise
      if (Status !== 'SUCCESS') throw new StartError(`${where} was refused: ${Reason}`)
      return PhysicalResourceId ?? physicalId ?? `${stack}-${logicalId}`
    } finally {
      clearTimeout(late)
      waiting.delete(url)
    }
  }
  return { send, close }
}
