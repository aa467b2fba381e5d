import { DynamoDBClient } from '@aws-sdk/client-dynamodb'

/**
 * The SDK's client, in a hurry: a person or a client waits, and an honest 503 is better than a late answer. One retry
 * covers a lost connection; every conditional write is safe to repeat.
 */
export function dynamodbClient(): DynamoDBClient {
  return new DynamoDBClient({
    maxAttempts: 2,
    requestHandler: { connectionTimeout: 1000, requestTimeout: 2000, throwOnRequestTimeout: true },
  })
}
