import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb'
import { outputOf } from '../../local/stack.ts'
import { OUTPUTS } from '../../model/names.ts'
import type { TestFactory } from './factory.ts'

/** How many items the factory table has, counted by an administrator: no function may Scan. */
export async function countItems({ running }: TestFactory): Promise<number> {
  const { region, credentials, dynamodb } = running.administrator
  const client = new DynamoDBClient({ region, credentials, endpoint: dynamodb })
  try {
    const tableName = outputOf(running.stacks, OUTPUTS.tableName)
    const { Count } = await client.send(
      new ScanCommand({ TableName: tableName, Select: 'COUNT', ConsistentRead: true }),
    )
    if (Count === undefined) throw new Error('the table was not counted')
    return Count
  } finally {
    client.destroy()
  }
}
