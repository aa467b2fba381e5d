import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { Table } from '../../lambdas/runtime/table.ts'
import { type LeaseLimits, Leases } from '../../lambdas/skillsets/data/limits/leases.ts'
import { AWS_CLIENT } from '../../lambdas/store/aws-client.ts'
import type { Administrator } from '../../local/services.ts'

export interface TableAccess {
  readonly administrator: Administrator
  readonly tableName: string
  readonly limits: LeaseLimits
}

/** What a statement does before and after it runs: takes its places in the function's table, and gives them back. */
export function placesInTable({ administrator, tableName, limits }: TableAccess): () => Promise<void> {
  const { region, credentials, dynamodb: endpoint } = administrator
  const client = new DynamoDBClient({ ...AWS_CLIENT, region, credentials, endpoint })
  const leases = new Leases(new Table(client, tableName, Date.now), limits, Date.now)
  return () => leases.during({ id: 'bench', tenant: 'example' }, async () => undefined)
}
