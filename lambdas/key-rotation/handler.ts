import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { functionAudit } from '../audit/audit.ts'
import { functionLog } from '../shell/log.ts'
import { AWS_CLIENT } from '../store/aws-client.ts'
import { openTable } from '../store/table.ts'
import { parseEnvironment } from './environment.ts'
import { generateKeys } from './new-keys.ts'
import { rotationHandler } from './rotation-handler.ts'

const { tableName, lifetimes } = parseEnvironment(process.env)
const log = functionLog()
const now = () => Math.floor(Date.now() / 1000)
const table = openTable(new DynamoDBClient(AWS_CLIENT), tableName, now)

/** Makes the factory's keys at its first run and rotates them from then on: a Secrets Manager rotation function. */
export const handler = rotationHandler(
  new SecretsManagerClient(AWS_CLIENT),
  { table, lifetimes, generateKeys, now },
  (step, outcome) => log.info('rotation step', { step, outcome }),
  functionAudit(),
)
