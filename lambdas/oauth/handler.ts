import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { functionAudit } from '../audit/audit.ts'
import { publicJsonFetcher } from '../outgoing/fetch-public-json.ts'
import { functionLog } from '../shell/log.ts'
import { AWS_CLIENT } from '../store/aws-client.ts'
import { createHandler } from './create-handler.ts'
import { parseEnvironment } from './environment.ts'
import { isUp } from './server-health.ts'

const secrets = new SecretsManagerClient(AWS_CLIENT)

/** The authorization server: wiring alone. */
export const handler = createHandler({
  environment: parseEnvironment(process.env),
  dynamodb: new DynamoDBClient(AWS_CLIENT),
  readSecret: async (arn, version) => {
    const { SecretString } = await secrets.send(new GetSecretValueCommand({ SecretId: arn, VersionId: version }))
    return SecretString ?? ''
  },
  fetchPublicJson: publicJsonFetcher(Date.now),
  isUp,
  now: () => Math.floor(Date.now() / 1000),
  log: functionLog(),
  audit: functionAudit(),
})
