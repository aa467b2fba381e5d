import { CloudFormationClient } from '@aws-sdk/client-cloudformation'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { AWS_CLIENT } from '../lambdas/store/aws-client.ts'
import { openStore, type Store } from '../lambdas/store/store.ts'
import { StoreUnavailable } from '../lambdas/store/store-unavailable.ts'
import { openTable } from '../lambdas/store/table.ts'
import { loadConfig } from '../lib/load-config.ts'
import { authorizationStackName, OUTPUTS } from '../model/names.ts'
import { type AuditedAct, auditedActs } from './audited-act.ts'
import { awsFailure } from './aws-failure.ts'
import { outputOf, readStack } from './deployed.ts'
import { localFactory } from './local-factory.ts'

/**
 * Does something with the factory table, with the administrator's own rights.
 * @param local in the factory that npm start runs in this directory, else in the deployed one of the config's stage
 * @param unfinished what to say where the table fails
 * @throws CommandFailure
 */
export async function withFactoryStore<Result>(
  local: boolean,
  unfinished: string,
  use: (store: Store, audited: AuditedAct) => Promise<Result>,
): Promise<Result> {
  const { client, table } = local ? localTable() : await deployedTable()
  const now = () => Math.floor(Date.now() / 1000)
  const store = openStore(client, table, now, () => undefined)
  const by = async () => (await client.config.credentials()).accessKeyId
  try {
    return await use(store, auditedActs(openTable(client, table, now), by, Date.now))
  } catch (error) {
    if (error instanceof StoreUnavailable) throw awsFailure(unfinished, error.cause ?? error)
    throw error
  } finally {
    client.destroy()
  }
}

function localTable() {
  const { region, credentials, dynamodb: endpoint, table } = localFactory()
  return { client: new DynamoDBClient({ ...AWS_CLIENT, region, credentials, endpoint }), table }
}

async function deployedTable() {
  const { stage } = await loadConfig(process.env)
  const stack = await readStack(new CloudFormationClient(), authorizationStackName(stage))
  return { client: new DynamoDBClient(AWS_CLIENT), table: outputOf(stack, OUTPUTS.tableName) }
}
