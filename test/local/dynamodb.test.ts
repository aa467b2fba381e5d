import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb'
import { expect, onTestFinished, test } from 'vitest'
import type { Caller } from '../../local/aws-endpoint.ts'
import { startDynamoDb } from '../../local/dynamodb.ts'
import { ADMINISTRATOR } from '../../local/iam.ts'
import { callerAs, callersOf, principalWith, resource, stackOf, tableNamed, temporaryDirectory } from './hand-made.ts'

const ARN = 'arn:aws:dynamodb:us-east-1:000000000000:table/table'
const TableName = 'table'
const key = (pk: string, sk = 'a') => ({ pk: { S: pk }, sk: { S: sk } })

async function start(directory: string, ...callers: Caller[]) {
  const dynamodb = await startDynamoDb([stackOf(tableNamed('table'))], directory, callersOf(...callers))
  onTestFinished(() => dynamodb.close())
  return dynamodb
}

function clientOf(endpoint: string, { credentials }: Pick<Caller, 'credentials'>): DynamoDBClient {
  const client = new DynamoDBClient({ endpoint, region: 'us-east-1', credentials, maxAttempts: 1 })
  onTestFinished(() => client.destroy())
  return client
}

test('reads, writes, conditions and queries through the unchanged SDK', async () => {
  const caller = callerAs(ADMINISTRATOR)
  const client = clientOf((await start(temporaryDirectory(), caller)).url, caller)
  await client.send(new PutItemCommand({ TableName, Item: { ...key('p', '1'), n: { N: '1' } } }))
  await client.send(new PutItemCommand({ TableName, Item: key('p', '2') }))
  const found = await client.send(
    new QueryCommand({ TableName, KeyConditionExpression: 'pk = :p', ExpressionAttributeValues: { ':p': { S: 'p' } } }),
  )
  expect(found.Items?.map(({ sk }) => sk?.S)).toEqual(['1', '2'])
  const twice = client.send(
    new PutItemCommand({ TableName, Item: key('p', '1'), ConditionExpression: 'attribute_not_exists(pk)' }),
  )
  await expect(twice).rejects.toMatchObject({ name: 'ConditionalCheckFailedException' })
})

test('a role reaches only its actions', async () => {
  const caller = callerAs(principalWith({ Effect: 'Allow', Action: 'dynamodb:GetItem', Resource: ARN }))
  const client = clientOf((await start(temporaryDirectory(), caller)).url, caller)
  await client.send(new GetItemCommand({ TableName, Key: key('p') }))
  for (const command of [
    new PutItemCommand({ TableName, Item: key('p') }),
    new UpdateItemCommand({ TableName, Key: key('p') }),
    new DeleteItemCommand({ TableName, Key: key('p') }),
  ])
    await expect(client.send(command as PutItemCommand)).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringContaining('because no identity-based policy allows the dynamodb:'),
    })
  const other = client.send(new GetItemCommand({ TableName: 'other', Key: key('p') }))
  await expect(other).rejects.toMatchObject({ name: 'AccessDeniedException' })
})

test('dynamodb:LeadingKeys is the partition key of every kind of request', async () => {
  const caller = callerAs(
    principalWith({
      Effect: 'Allow',
      Action: 'dynamodb:*',
      Resource: ARN,
      Condition: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['MINE', 'MINE#*'] } },
    }),
  )
  const client = clientOf((await start(temporaryDirectory(), caller)).url, caller)
  const requests = (pk: string) => [
    new GetItemCommand({ TableName, Key: key(pk) }),
    new PutItemCommand({ TableName, Item: key(pk) }),
    new UpdateItemCommand({ TableName, Key: key(pk) }),
    new DeleteItemCommand({ TableName, Key: key(pk) }),
    query('pk = :pk', pk),
    query(':pk = pk AND begins_with(sk, :pk)', pk),
    query('(#key = :pk) and (sk BETWEEN :pk AND :pk)', pk, { '#key': 'pk' }),
    new BatchGetItemCommand({ RequestItems: { table: { Keys: [key('MINE'), key(pk, 'b')] } } }),
    new BatchWriteItemCommand({ RequestItems: { table: [{ PutRequest: { Item: key(pk) } }] } }),
    new BatchWriteItemCommand({ RequestItems: { table: [{ DeleteRequest: { Key: key(pk) } }] } }),
  ]
  for (const command of [...requests('MINE'), ...requests('MINE#1')])
    await expect(client.send(command as GetItemCommand)).resolves.toBeDefined()
  for (const command of requests('YOURS'))
    await expect(client.send(command as GetItemCommand), command.constructor.name).rejects.toMatchObject({
      name: 'AccessDeniedException',
    })

  function query(KeyConditionExpression: string, pk: string, names?: Record<string, string>) {
    const ExpressionAttributeValues = { ':pk': { S: pk } }
    return new QueryCommand({
      TableName,
      KeyConditionExpression,
      ExpressionAttributeValues,
      ...(names && { ExpressionAttributeNames: names }),
    })
  }
})

test('Scan names no key, so a statement with LeadingKeys does not stop it: roles must not have the action', async () => {
  const condition = { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['MINE'] } }
  const statement = { Effect: 'Allow', Resource: ARN, Condition: condition }
  const scanner = callerAs(principalWith({ ...statement, Action: 'dynamodb:Scan' }))
  const reader = callerAs(principalWith({ ...statement, Action: 'dynamodb:Query' }))
  const { url } = await start(temporaryDirectory(), scanner, reader)
  await clientOf(url, scanner).send(new ScanCommand({ TableName }))
  const refused = clientOf(url, reader).send(new ScanCommand({ TableName }))
  await expect(refused).rejects.toMatchObject({ name: 'AccessDeniedException' })
})

test('a signature by another secret, another session, an unknown key or none is refused', async () => {
  const caller = callerAs(ADMINISTRATOR)
  const { url } = await start(temporaryDirectory(), caller)
  const tryAs = (change: Partial<Caller['credentials']>) =>
    clientOf(url, { credentials: { ...caller.credentials, ...change } }).send(
      new GetItemCommand({ TableName, Key: key('p') }),
    )
  await expect(tryAs({ secretAccessKey: 'guessed' })).rejects.toMatchObject({ name: 'InvalidSignatureException' })
  await expect(tryAs({ sessionToken: 'guessed' })).rejects.toMatchObject({ name: 'UnrecognizedClientException' })
  await expect(tryAs({ accessKeyId: 'ASIA0' })).rejects.toMatchObject({ name: 'UnrecognizedClientException' })
  const unsigned = await fetch(url, {
    method: 'POST',
    headers: { 'x-amz-target': 'DynamoDB_20120810.GetItem' },
    body: '{}',
  })
  expect(unsigned.status).toBe(400)
  expect(await unsigned.json()).toMatchObject({ __type: 'MissingAuthenticationTokenException' })
})

test('a body that was not signed is refused', async () => {
  const caller = callerAs(ADMINISTRATOR)
  const { url } = await start(temporaryDirectory(), caller)
  const client = clientOf(url, caller)
  client.middlewareStack.add(
    (next) => (args) => {
      const request = args.request as { body: string; headers: Record<string, string> }
      request.body = request.body.replace('"p"', '"q"')
      return next(args)
    },
    { step: 'finalizeRequest', priority: 'low' },
  )
  const changed = client.send(new GetItemCommand({ TableName, Key: key('p') }))
  await expect(changed).rejects.toMatchObject({ name: 'InvalidSignatureException' })
})

test('what dynalite would silently ignore is refused', async () => {
  const caller = callerAs(ADMINISTRATOR)
  const client = clientOf((await start(temporaryDirectory(), caller)).url, caller)
  const put = new PutItemCommand({ TableName, Item: key('p'), ReturnValuesOnConditionCheckFailure: 'ALL_OLD' })
  await expect(client.send(put)).rejects.toMatchObject({ name: 'ValidationException' })
})

test('a client that leaves in the middle of its request harms nobody (PLATFORM 24)', async () => {
  const caller = callerAs(ADMINISTRATOR)
  const { url } = await start(temporaryDirectory(), caller)
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  await once(socket, 'connect')
  socket.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{"half":')
  socket.resetAndDestroy()
  const client = clientOf(url, caller)
  await expect(client.send(new GetItemCommand({ TableName, Key: key('p') }))).resolves.toBeDefined()
})

test('of twenty racing conditional deletes exactly one wins', async () => {
  const caller = callerAs(ADMINISTRATOR)
  const client = clientOf((await start(temporaryDirectory(), caller)).url, caller)
  await client.send(new PutItemCommand({ TableName, Item: key('p') }))
  const remove = () =>
    client.send(new DeleteItemCommand({ TableName, Key: key('p'), ConditionExpression: 'attribute_exists(pk)' }))
  const settled = await Promise.allSettled(Array.from({ length: 20 }, remove))
  expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
})

test('items survive a kill of the process that wrote them', async () => {
  const directory = temporaryDirectory()
  const child = spawn(process.execPath, [new URL('write-items.ts', import.meta.url).pathname, directory])
  const [said] = await once(child.stdout.setEncoding('utf8'), 'data')
  child.kill('SIGKILL')
  await once(child, 'exit')
  expect(said).toBe('written')

  const caller = callerAs(ADMINISTRATOR)
  const client = clientOf((await start(directory, caller)).url, caller)
  const found = await client.send(new ScanCommand({ TableName, Select: 'COUNT' }))
  expect(found.Count).toBe(50)
})

test('a table whose keys have changed is named', async () => {
  const directory = temporaryDirectory()
  const first = await startDynamoDb([stackOf(tableNamed('table'))], directory, callersOf())
  await first.close()
  const changed = resource('AWS::DynamoDB::GlobalTable', 'Table', 'table', {
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    BillingMode: 'PAY_PER_REQUEST',
  })
  await expect(startDynamoDb([stackOf(changed)], directory, callersOf())).rejects.toThrow(
    'keys of table table have changed',
  )
})
