import { mkdtemp, rm } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb'
import dynalite from 'dynalite'
import { Table } from '../../../../lambdas/runtime/table.ts'

/** A server's data table in a dynalite of its own. */
export async function dataTable(now: () => number = Date.now) {
  const path = await mkdtemp(join(tmpdir(), 'data-table-'))
  const server = dynalite({ path, createTableMs: 0 })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const client = new DynamoDBClient({
    endpoint,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  })
  await client.send(
    new CreateTableCommand({
      TableName: 'data',
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      AttributeDefinitions: [
        { AttributeName: 'pk', AttributeType: 'S' },
        { AttributeName: 'sk', AttributeType: 'S' },
      ],
      BillingMode: 'PAY_PER_REQUEST',
    }),
  )
  return {
    endpoint,
    client,
    table: new Table(client, 'data', now),
    async close() {
      client.destroy()
      await new Promise((resolve) => server.close(resolve))
      await rm(path, { recursive: true })
    },
  }
}
