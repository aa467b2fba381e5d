import { AWS_CLIENT } from '../store/aws-client.ts'
import type { Table } from './table.ts'

/**
 * A table of this server. The SDK is loaded where a table is used: a function without one does not pay for it (60 ms,
 * PLATFORM 31).
 */
export async function openTable(name: string, now: () => number): Promise<Table> {
  const [{ DynamoDBClient }, { Table }] = await Promise.all([import('@aws-sdk/client-dynamodb'), import('./table.ts')])
  return new Table(new DynamoDBClient(AWS_CLIENT), name, now)
}
