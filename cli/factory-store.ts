import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { AWS_CLIENT } from '../lambdas/store/aws-client.ts'
import { openStore, type Store } from '../lambdas/store/store.ts'
import { StoreUnavailable } from '../lambdas/store/store-unavailable.ts'
import { openTable } from '../lambdas/store/table.ts'
import { OUTPUTS } from '../model/names.ts'
import { type AuditedAct, auditedActs } from './audited-act.ts'
import { awsFailure } from './aws-failure.ts'
import { authorizationOutput } from './deployed.ts'
import { localFactory } from './local-factory.ts'
import { toldActs } from './told-acts.ts'

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
  const { client, table, logs } = local ? localTable() : await deployedTable()
  const now = () => Math.floor(Date.now() / 1000)
  const store = openStore(client, table, now, () => undefined)
  const by = async () => (await client.config.credentials()).accessKeyId
  try {
    const audited = auditedActs(openTable(client, table, now), by, Date.now)
    return await use(store, logs === undefined ? audited : toldActs(audited, logs))
  } catch (error) {
    if (error instanceof StoreUnavailable) throw awsFailure(unfinished, error.cause ?? error)
    throw error
  } finally {
    client.destroy()
  }
}

function localTable() {
  const { region, credentials, dynamodb: endpoint, table, logs } = localFactory()
  return { client: new DynamoDBClient({ ...AWS_CLIENT, region, credentials, endpoint }), table, logs }
}

async function deployedTable() {
  return {
    client: new DynamoDBClient(AWS_CLIENT),
    table: await authorizationOutput(OUTPUTS.tableName),
    logs: undefined,
  }
}
