import type { Server } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb'

/** dynalite has no types of its own. */
const dynalite = createRequire(import.meta.url)('dynalite') as (options: { readonly createTableMs: number }) => Server

export interface LocalTable {
  readonly client: DynamoDBClient
  readonly tableName: string
  /** Names of the commands sent since the last call. */
  takeCalls(): string[]
  /** While set, every call of these commands fails as a table that is not there does. */
  failing: readonly string[]
  close(): Promise<void>
}

/** The factory table in dynalite, spoken to by the real SDK. */
export async function startLocalTable(): Promise<LocalTable> {
  const server = dynalite({ createTableMs: 0 })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const client = new DynamoDBClient({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  })
  const tableName = 'factory'
  await client.send(
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
  const table: LocalTable = {
    client,
    tableName,
    failing: [],
    takeCalls() {
      const taken = calls
      calls = []
      return taken
    },
    close: () =>
      new Promise((resolve) => {
        client.destroy()
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
  client.middlewareStack.add(
    (next, context) => async (parameters) => {
      const command = String(context.commandName).replace(/Command$/, '')
      calls.push(command)
      if (table.failing.includes(command) || table.failing.includes('*')) throw new Error('connection refused')
      return next(parameters)
    },
    { step: 'initialize', name: 'calls' },
  )
  return table
}
