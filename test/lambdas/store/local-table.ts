import type { AddressInfo } from 'node:net'
import {
  CreateTableCommand,
  DeleteItemCommand,
  DynamoDBClient,
  type DynamoDBClientConfig,
  GetItemCommand,
  PutItemCommand,
  ScanCommand,
} from '@aws-sdk/client-dynamodb'
import dynalite from 'dynalite'
import { type Failure, startFaultyFront } from '../../support/faulty-front.ts'

export const TABLE_NAME = 'factory'

/** Numbers come back as text. */
export type Item = Readonly<Record<string, string | undefined>>

/** A table of a test's own, in memory, spoken to over the wire by the real SDK. What a test does to it never fails. */
export interface LocalTable extends AsyncDisposable {
  readonly endpoint: string
  readonly client: DynamoDBClient
  readonly tableName: string
  put(item: Readonly<Record<string, string | number>>): Promise<void>
  get(pk: string, sk: string): Promise<Item | undefined>
  delete(pk: string, sk: string): Promise<void>
  /** Everything, as an administrator sees it. */
  items(): Promise<Item[]>
  /** Names of the commands sent since the last call. */
  takeCalls(): string[]
  /** Commands that fail: by name, or by name and kind of item (`PutItem CODE`); `*` for all. */
  failing: readonly string[]
  /** How they fail. */
  failure: Failure
  close(): Promise<void>
}

/** What every table says when it is asked more than it can do. */
const THROTTLED = {
  status: 400,
  body: {
    __type: 'com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException',
    message: 'The level of configured provisioned throughput for the table was exceeded.',
  },
}

/** @param client how the SDK's client is made; without retries where nothing is said */
export async function startLocalTable(
  client: DynamoDBClientConfig = { maxAttempts: 1 },
  tableName = TABLE_NAME,
): Promise<LocalTable> {
  const server = dynalite({ path: '', createTableMs: 0 })
  server.keepAliveTimeout = 0
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const direct = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const front = await startFaultyFront(direct, THROTTLED)
  const caller = { region: 'eu-west-1', credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'a-secret' } }
  const counted = new DynamoDBClient({ ...caller, endpoint: front.url, ...client })
  const administrator = new DynamoDBClient({ ...caller, endpoint: direct })
  await administrator.send(
    new CreateTableCommand({
      TableName: tableName,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      AttributeDefinitions: [
        { AttributeName: 'pk', AttributeType: 'S' },
        { AttributeName: 'sk', AttributeType: 'S' },
      ],
    }),
  )
  let calls: string[] = []
  counted.middlewareStack.add(
    (next, context) => (parameters) => {
      calls.push(String(context.commandName).replace(/Command$/, ''))
      return next(parameters)
    },
    { step: 'initialize', name: 'calls' },
  )
  const table: LocalTable = {
    endpoint: front.url,
    client: counted,
    tableName,
    failing: [],
    failure: 'down',
    async put(item) {
      const Item = Object.fromEntries(
        Object.entries(item).map(([name, value]) => [
          name,
          typeof value === 'number' ? { N: String(value) } : { S: value },
        ]),
      )
      await administrator.send(new PutItemCommand({ TableName: tableName, Item }))
    },
    async get(pk, sk) {
      const Key = { pk: { S: pk }, sk: { S: sk } }
      const { Item } = await administrator.send(new GetItemCommand({ TableName: tableName, Key }))
      return Item && readable(Item)
    },
    async delete(pk, sk) {
      const Key = { pk: { S: pk }, sk: { S: sk } }
      await administrator.send(new DeleteItemCommand({ TableName: tableName, Key }))
    },
    async items() {
      const { Items = [] } = await administrator.send(new ScanCommand({ TableName: tableName }))
      return Items.map(readable)
    },
    takeCalls() {
      const taken = calls
      calls = []
      return taken
    },
    async close() {
      counted.destroy()
      administrator.destroy()
      await front[Symbol.asyncDispose]()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
    [Symbol.asyncDispose]: () => table.close(),
  }
  front.failureOf = ({ headers }, body) => {
    const command = String(headers['x-amz-target']).replace(/^.*\./, '')
    const fails = table.failing.some((failing) => {
      const [name, kind = ''] = failing.split(' ')
      return name === '*' || (name === command && body.includes(`"S":"${kind}`))
    })
    return fails ? table.failure : undefined
  }
  return table
}

function readable(item: Readonly<Record<string, { readonly S?: string; readonly N?: string }>>): Item {
  return Object.fromEntries(Object.entries(item).map(([name, { S, N }]) => [name, S ?? N]))
}
