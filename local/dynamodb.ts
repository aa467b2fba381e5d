import { once } from 'node:events'
import { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import dynalite from 'dynalite'
import * as z from 'zod'
import { type AwsAnswer, type AwsCall, type Callers, serveAws } from './aws-endpoint.ts'
import { AwsError } from './aws-error.ts'
import { keyRequests } from './leading-keys.ts'
import { ignored, parsedResources } from './resource-properties.ts'
import { tableArn } from './resource-types.ts'
import type { Resource, Stack } from './stack.ts'
import { StartError } from './start-error.ts'

const keySchema = z.array(z.strictObject({ AttributeName: z.string(), KeyType: z.enum(['HASH', 'RANGE']) }))
const table = z.strictObject({
  TableName: z.string().optional(),
  KeySchema: keySchema,
  AttributeDefinitions: z.array(z.strictObject({ AttributeName: z.string(), AttributeType: z.enum(['S', 'N', 'B']) })),
  BillingMode: z.literal('PAY_PER_REQUEST'),
  // Nothing to do on one machine: readers compare expiresAt themselves (PLATFORM 17); backups and replicas are AWS's.
  TimeToLiveSpecification: ignored,
  SSESpecification: ignored,
  Replicas: ignored,
  PointInTimeRecoverySpecification: ignored,
  DeletionProtectionEnabled: ignored,
  Tags: ignored,
})
type Table = z.infer<typeof table>

/** Calls that only an administrator makes; a function's role names the operations on items. */
const ITEM_OPERATIONS = [
  'GetItem',
  'PutItem',
  'UpdateItem',
  'DeleteItem',
  'Query',
  'Scan',
  'BatchGetItem',
  'BatchWriteItem',
]

export interface DynamoDb {
  readonly url: string
  close(): Promise<void>
}

/**
 * DynamoDB: dynalite, kept in a directory, behind a front that verifies signatures and checks the caller's role.
 * Creates the templates' tables that are not there yet.
 * @throws StartError for a table whose keys have changed
 */
export async function startDynamoDb(stacks: readonly Stack[], directory: string, callers: Callers): Promise<DynamoDb> {
  await using starting = new AsyncDisposableStack()
  const engine = await startEngine(directory)
  starting.defer(() => engine.close())
  const tables = new Map<string, Table>()
  for (const { resource, properties } of parsedResources(stacks, 'AWS::DynamoDB::GlobalTable', table)) {
    tables.set(resource.physicalId, properties)
    await createTable(engine, resource, properties)
  }

  const front = await serveAws('dynamodb', callers, async (call) => {
    authorize(call, tables)
    // dynalite would ignore it, and callers would take the absence of the item for an answer (PLATFORM 24).
    if (call.input.ReturnValuesOnConditionCheckFailure === 'ALL_OLD')
      throw new AwsError('ValidationException', 'ReturnValuesOnConditionCheckFailure is not supported on one machine')
    return engine.call(call.operation, call.body)
  })
  starting.defer(() => front.close())
  const running = starting.move()
  return { url: front.url, close: () => running.disposeAsync() }
}

function authorize(call: AwsCall, tables: ReadonlyMap<string, Table>): void {
  if (!ITEM_OPERATIONS.includes(call.operation)) {
    call.authorize(tableArn(String(call.input.TableName ?? '*')))
    return
  }
  const keyAttribute = (tableName: string) =>
    tables.get(tableName)?.KeySchema.find(({ KeyType }) => KeyType === 'HASH')?.AttributeName
  for (const { tableName, leadingKeys } of keyRequests(call.operation, call.input, keyAttribute))
    call.authorize(tableArn(tableName), leadingKeys && { 'dynamodb:LeadingKeys': leadingKeys })
}

async function createTable(engine: Engine, { physicalId }: Resource, wanted: Table): Promise<void> {
  const { KeySchema, AttributeDefinitions, BillingMode } = wanted
  const found = await describe(engine, physicalId)
  if (found === undefined) {
    const definition = { TableName: physicalId, KeySchema, AttributeDefinitions, BillingMode }
    const { status, body } = await engine.call('CreateTable', Buffer.from(JSON.stringify(definition)))
    if (status !== 200) throw new Error(`table ${physicalId} could not be created: ${body}`)
  } else if (!sameKeys(found.KeySchema, KeySchema) || !sameKeys(found.AttributeDefinitions, AttributeDefinitions))
    throw new StartError(`the keys of table ${physicalId} have changed: npm start -- --fresh makes it anew`)
  while ((await describe(engine, physicalId))?.TableStatus !== 'ACTIVE') await sleep(5)
}

type Description = { TableStatus: string } & Pick<Table, 'KeySchema' | 'AttributeDefinitions'>

async function describe(engine: Engine, name: string): Promise<Description | undefined> {
  const { status, body } = await engine.call('DescribeTable', Buffer.from(JSON.stringify({ TableName: name })))
  return status === 200 ? (JSON.parse(body) as { Table: Description }).Table : undefined
}

function sameKeys(left: readonly { AttributeName: string }[], right: readonly { AttributeName: string }[]): boolean {
  const sorted = (keys: readonly { AttributeName: string }[]) =>
    JSON.stringify(keys.map((key) => Object.entries(key).sort()).sort())
  return sorted(left) === sorted(right)
}

interface Engine {
  call(operation: string, body: Buffer): Promise<AwsAnswer>
  close(): Promise<void>
}

/**
 * dynalite as a function: it is given whole requests, and no connection of its own, because a client's reset kills
 * its process (PLATFORM 24) and because it would serve anybody.
 */
async function startEngine(path: string): Promise<Engine> {
  const server = dynalite({ path, createTableMs: 0 })
  // It closes its database only as a server that listens: it does, and accepts nothing.
  server.maxConnections = 0
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    call: (operation, body) =>
      new Promise((resolve) => {
        const request = Object.assign(Readable.from([body]), {
          method: 'POST',
          url: '/',
          headers: {
            'content-type': 'application/x-amz-json-1.0',
            'x-amz-target': `DynamoDB_20120810.${operation}`,
            'x-amz-date': 'verified',
            authorization: 'AWS4-HMAC-SHA256 Credential=verified, SignedHeaders=verified, Signature=verified',
          },
        })
        const headers: Record<string, string> = {}
        const response = {
          statusCode: 200,
          setHeader: (name: string, value: unknown) => (headers[name.toLowerCase()] = String(value)),
          end: (text: string) => resolve({ status: response.statusCode, body: text, headers }),
        }
        server.emit('request', request, response)
      }),
    close: () =>
      new Promise((resolve, reject) => server.close((error?: Error | null) => (error ? reject(error) : resolve()))),
  }
}
