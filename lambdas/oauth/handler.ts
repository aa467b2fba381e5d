import { Logger } from '@aws-lambda-powertools/logger'
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { dynamodbClient } from '../store/dynamodb-client.ts'
import { createHandler } from './create-handler.ts'
import { parseEnvironment } from './environment.ts'

const secrets = new SecretsManagerClient({
  maxAttempts: 2,
  requestHandler: { connectionTimeout: 1000, requestTimeout: 2000, throwOnRequestTimeout: true },
})

/** The authorization server: wiring alone. */
export const handler = createHandler({
  environment: parseEnvironment(process.env),
  dynamodb: dynamodbClient(),
  readSecret: async (arn, version) => {
    const { SecretString } = await secrets.send(new GetSecretValueCommand({ SecretId: arn, VersionId: version }))
    return SecretString ?? ''
  },
  now: () => Math.floor(Date.now() / 1000),
  log: new Logger(),
})
