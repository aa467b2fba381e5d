import { globSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { expect, onTestFinished, test, vi } from 'vitest'
import { fetchSecret } from '../../../lambdas/runtime/fetch-secret.ts'
import { AWS_CLIENT } from '../../../lambdas/store/aws-client.ts'

test('an AWS service that never answers is given up after one more try', async () => {
  const asked: (string | undefined)[] = []
  const silent = createServer(({ headers }) => asked.push(String(headers['x-amz-target']).split('.')[1]))
  await new Promise<void>((listening) => silent.listen(0, '127.0.0.1', listening))
  const endpoint = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`
  vi.stubEnv('AWS_ENDPOINT_URL', endpoint)
  vi.stubEnv('AWS_REGION', 'eu-central-1')
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test')
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test')
  onTestFinished(() => {
    vi.unstubAllEnvs()
    silent.closeAllConnections()
    silent.close()
  })

  const timeout = expect.objectContaining({ name: 'TimeoutError' })
  await Promise.all([
    expect(new DynamoDBClient(AWS_CLIENT).send(new DescribeTableCommand({ TableName: 't' }))).rejects.toEqual(timeout),
    expect(new SecretsManagerClient(AWS_CLIENT).send(new GetSecretValueCommand({ SecretId: 's' }))).rejects.toEqual(
      timeout,
    ),
    expect(fetchSecret('name', 's')).rejects.toMatchObject({ cause: timeout }),
  ])
  const expected = ['DescribeTable', 'GetSecretValue', 'GetSecretValue']
  expect(asked.sort()).toEqual([...expected, ...expected].sort())
})

test('no client of the AWS SDK is made with its own limits', () => {
  const cwd = join(import.meta.dirname, '../../../lambdas')
  const clients = globSync('**/*.ts', { cwd }).flatMap(
    (file) => readFileSync(join(cwd, file), 'utf8').match(/new (DynamoDB|SecretsManager)Client\(.*?\)/g) ?? [],
  )
  expect(clients.length).toBeGreaterThan(4)
  for (const client of clients) expect(client).toMatch(/\(AWS_CLIENT\)$/)
})
