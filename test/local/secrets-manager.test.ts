import { statSync } from 'node:fs'
import { join } from 'node:path'
import {
  CreateSecretCommand,
  DescribeSecretCommand,
  GetRandomPasswordCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  RotateSecretCommand,
  SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager'
import { expect, onTestFinished, test } from 'vitest'
import type { Caller } from '../../local/aws-endpoint.ts'
import { ADMINISTRATOR } from '../../local/iam.ts'
import { secretArn } from '../../local/resource-types.ts'
import { SecretStore } from '../../local/secret-store.ts'
import { createSecrets, startSecretsManager } from '../../local/secrets-manager.ts'
import type { Stack } from '../../local/stack.ts'
import { callerAs, callersOf, principalWith, resource, stackOf, temporaryDirectory } from './hand-made.ts'

const NAME = 'prod-mcp/connection/google'
const ARN = secretArn(NAME)
const FIRST = 'a1b2c3d4-0000-4000-8000-000000000001'
const SECOND = 'a1b2c3d4-0000-4000-8000-000000000002'

async function start(caller: Caller, stacks: Stack[] = [], directory = temporaryDirectory()) {
  const store = new SecretStore(join(directory, 'secrets.json'))
  createSecrets(stacks, store)
  const { url, close } = await startSecretsManager(stacks, store, callersOf(caller), () => {})
  onTestFinished(close)
  const { credentials } = caller
  const client = new SecretsManagerClient({ endpoint: url, region: 'us-east-1', credentials, maxAttempts: 1 })
  onTestFinished(() => client.destroy())
  return { client, store, directory, url }
}

const administrator = () => callerAs(ADMINISTRATOR)

async function withSecret(caller = administrator()) {
  const started = await start(caller)
  started.store.create(NAME, FIRST, 'one', Date.now())
  return started
}

test('a secret is created, found by name, ARN and ARN without suffix, and kept for its owner only', async () => {
  const { client, directory } = await start(administrator())
  const made = await client.send(
    new CreateSecretCommand({ Name: NAME, SecretString: 'one', ClientRequestToken: FIRST }),
  )
  expect(made).toMatchObject({ ARN, Name: NAME, VersionId: FIRST })
  for (const SecretId of [NAME, ARN, ARN.slice(0, -7)])
    expect(await client.send(new GetSecretValueCommand({ SecretId }))).toMatchObject({
      SecretString: 'one',
      VersionId: FIRST,
      VersionStages: ['AWSCURRENT'],
    })
  expect(statSync(join(directory, 'secrets.json')).mode & 0o777).toBe(0o600)
  const again = client.send(new CreateSecretCommand({ Name: NAME, SecretString: 'two' }))
  await expect(again).rejects.toMatchObject({ name: 'ResourceExistsException' })

  const { store } = await start(administrator(), [], directory)
  expect(store.get(NAME).versions).toMatchObject([{ id: FIRST, value: 'one' }])
})

test('PLATFORM 18: a new value is current, the former previous', async () => {
  const { client } = await withSecret()
  await client.send(new PutSecretValueCommand({ SecretId: NAME, SecretString: 'two', ClientRequestToken: SECOND }))
  const read = (VersionStage: string) => client.send(new GetSecretValueCommand({ SecretId: NAME, VersionStage }))
  expect(await read('AWSCURRENT')).toMatchObject({ SecretString: 'two', VersionId: SECOND })
  expect(await read('AWSPREVIOUS')).toMatchObject({ SecretString: 'one', VersionId: FIRST })
  await expect(read('AWSPENDING')).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
  const byId = await client.send(new GetSecretValueCommand({ SecretId: NAME, VersionId: FIRST }))
  expect(byId.SecretString).toBe('one')
})

test('PLATFORM 18: a pending version becomes current by moving the stage from the version that has it', async () => {
  const { client } = await withSecret()
  const put = { SecretId: NAME, SecretString: 'two', ClientRequestToken: SECOND, VersionStages: ['AWSPENDING'] }
  await client.send(new PutSecretValueCommand(put))
  await client.send(new PutSecretValueCommand(put))
  const other = client.send(new PutSecretValueCommand({ ...put, SecretString: 'three' }))
  await expect(other).rejects.toMatchObject({ name: 'ResourceExistsException' })

  const move = { SecretId: NAME, VersionStage: 'AWSCURRENT', MoveToVersionId: SECOND }
  await expect(client.send(new UpdateSecretVersionStageCommand(move))).rejects.toMatchObject({
    name: 'InvalidParameterException',
  })
  await client.send(new UpdateSecretVersionStageCommand({ ...move, RemoveFromVersionId: FIRST }))
  const described = await client.send(new DescribeSecretCommand({ SecretId: NAME }))
  expect(described.VersionIdsToStages).toEqual({ [FIRST]: ['AWSPREVIOUS'], [SECOND]: ['AWSPENDING', 'AWSCURRENT'] })
})

test('a version that was begun and not filled has no value', async () => {
  const { client, store } = await withSecret()
  store.begin(store.get(NAME), SECOND, ['AWSPENDING'], Date.now())
  const read = client.send(new GetSecretValueCommand({ SecretId: NAME, VersionId: SECOND, VersionStage: 'AWSPENDING' }))
  await expect(read).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
})

test("a role reads only its secret, and learns nothing of others' existence", async () => {
  const read = { Effect: 'Allow', Action: 'secretsmanager:GetSecretValue', Resource: `${ARN.slice(0, -7)}-??????` }
  const { client, store } = await withSecret(callerAs(principalWith(read)))
  store.create('other', SECOND, 'x', Date.now())
  await client.send(new GetSecretValueCommand({ SecretId: NAME }))
  for (const SecretId of ['other', 'absent', secretArn(`${NAME}-2`)])
    await expect(client.send(new GetSecretValueCommand({ SecretId }))).rejects.toMatchObject({
      name: 'AccessDeniedException',
    })
  for (const command of [
    new PutSecretValueCommand({ SecretId: NAME, SecretString: 'x' }),
    new DescribeSecretCommand({ SecretId: NAME }),
    new RotateSecretCommand({ SecretId: NAME }),
    new UpdateSecretVersionStageCommand({ SecretId: NAME, VersionStage: 'AWSCURRENT' }),
    new CreateSecretCommand({ Name: 'new', SecretString: 'x' }),
  ])
    await expect(client.send(command as DescribeSecretCommand)).rejects.toMatchObject({ name: 'AccessDeniedException' })
})

test('a role limited to a stage reads no other', async () => {
  const condition = { StringEquals: { 'secretsmanager:VersionStage': 'AWSCURRENT' } }
  const read = { Effect: 'Allow', Action: 'secretsmanager:GetSecretValue', Resource: ARN, Condition: condition }
  const { client } = await withSecret(callerAs(principalWith(read)))
  await client.send(new GetSecretValueCommand({ SecretId: NAME }))
  const previous = client.send(new GetSecretValueCommand({ SecretId: NAME, VersionStage: 'AWSPREVIOUS' }))
  await expect(previous).rejects.toMatchObject({ name: 'AccessDeniedException' })
})

test('a signature for another service is refused', async () => {
  const caller = administrator()
  const { url } = await start(caller)
  const { DynamoDBClient, ListTablesCommand } = await import('@aws-sdk/client-dynamodb')
  const client = new DynamoDBClient({
    endpoint: url,
    region: 'us-east-1',
    credentials: caller.credentials,
    maxAttempts: 1,
  })
  onTestFinished(() => client.destroy())
  await expect(client.send(new ListTablesCommand())).rejects.toMatchObject({ name: 'InvalidSignatureException' })
})

test("a template's secret is made once, random as it asks", async () => {
  const arn = secretArn('stack-Keys')
  const generate = { GenerateSecretString: { PasswordLength: 64, ExcludePunctuation: true } }
  const stacks = [stackOf(resource('AWS::SecretsManager::Secret', 'Keys', arn, generate))]
  const { client, directory } = await start(administrator(), stacks)
  const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: arn }))
  expect(SecretString).toMatch(/^[A-Za-z0-9]{64}$/)
  const { store } = await start(administrator(), stacks, directory)
  expect(store.get(arn).versions[0]?.value).toBe(SecretString)
})

test('an operation or parameter it does not stand for is refused by name', async () => {
  const { client } = await withSecret()
  const binary = client.send(new PutSecretValueCommand({ SecretId: NAME, SecretBinary: new Uint8Array(1) }))
  await expect(binary).rejects.toMatchObject({ message: expect.stringContaining('SecretBinary') })
  const random = client.send(new GetRandomPasswordCommand({}))
  await expect(random).rejects.toMatchObject({ message: expect.stringContaining('GetRandomPassword') })
})
