import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  CreateTableCommand,
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb'
import dynalite from 'dynalite'

export const TABLE_NAME = 'factory'
const CREDENTIALS = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'a-secret' }

/** A factory table of a test's own, in memory, spoken to over the wire. */
export interface FactoryTable extends AsyncDisposable {
  readonly endpoint: string
  readonly client: DynamoDBClient
  put(item: Readonly<Record<string, string | number>>): Promise<void>
  delete(pk: string, sk: string): Promise<void>
  get(pk: string, sk: string): Promise<Readonly<Record<string, string | undefined>> | undefined>
}

export async function startFactoryTable(): Promise<FactoryTable> {
  const server: Server = dynalite({ path: '', createTableMs: 0 })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const client = new DynamoDBClient({ endpoint, region: 'eu-west-1', credentials: CREDENTIALS })
  await client.send(
    new CreateTableCommand({
      TableName: TABLE_NAME,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [
        { AttributeName: 'pk', AttributeType: 'S' },
        { AttributeName: 'sk', AttributeType: 'S' },
      ],
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
    }),
  )
  const attribute = (value: string | number) => (typeof value === 'number' ? { N: String(value) } : { S: value })
  return {
    endpoint,
    client,
    async put(item) {
      const Item = Object.fromEntries(Object.entries(item).map(([name, value]) => [name, attribute(value)]))
      await client.send(new PutItemCommand({ TableName: TABLE_NAME, Item }))
    },
    async delete(pk, sk) {
      await client.send(new DeleteItemCommand({ TableName: TABLE_NAME, Key: { pk: { S: pk }, sk: { S: sk } } }))
    },
    async get(pk, sk) {
      const { Item } = await client.send(
        new GetItemCommand({ TableName: TABLE_NAME, Key: { pk: { S: pk }, sk: { S: sk } } }),
      )
      return Item && Object.fromEntries(Object.entries(Item).map(([name, { S, N }]) => [name, S ?? N]))
    },
    async [Symbol.asyncDispose]() {
      client.destroy()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
