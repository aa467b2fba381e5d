import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { functionAudit } from '../audit/audit.ts'
import { functionLog } from '../shell/log.ts'
import { AWS_CLIENT } from '../store/aws-client.ts'
import { openTable } from '../store/table.ts'
import { parseEnvironment } from './environment.ts'
import { registrarHandler } from './registrar-handler.ts'
import { openRegistrations } from './registrations.ts'

const { tableName, authorizationStack } = parseEnvironment(process.env)
const now = () => Math.floor(Date.now() / 1000)

/** Registers the factory's policy and servers: the provider of its custom resources, for every stack. */
export const handler = registrarHandler(
  openRegistrations(openTable(new DynamoDBClient(AWS_CLIENT), tableName, now)),
  authorizationStack,
  functionLog(),
  functionAudit(),
)
