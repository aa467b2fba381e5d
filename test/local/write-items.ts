import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb'
import { startDynamoDb } from '../../local/dynamodb.ts'
import { ADMINISTRATOR } from '../../local/iam.ts'
import { makeCredentials } from '../../local/signature.ts'

/** Run by dynamodb.test.ts, which kills it. */
const credentials = makeCredentials()
const keys = ['pk', 'sk']
const table = {
  type: 'AWS::DynamoDB::GlobalTable',
  logicalId: 'Table',
  physicalId: 'table',
  properties: {
    KeySchema: [
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'sk', KeyType: 'RANGE' },
    ],
    AttributeDefinitions: keys.map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
    BillingMode: 'PAY_PER_REQUEST',
  },
}
const { url } = await startDynamoDb(
  [{ name: 'stack', resources: [table], outputs: {} }],
  process.argv[2] ?? '',
  new Map([[credentials.accessKeyId, { credentials, principal: ADMINISTRATOR }]]),
)
const client = new DynamoDBClient({ endpoint: url, region: 'us-east-1', credentials })
await Promise.all(
  Array.from({ length: 50 }, (_, index) =>
    client.send(new PutItemCommand({ TableName: 'table', Item: { pk: { S: `p${index}` }, sk: { S: 's' } } })),
  ),
)
process.stdout.write('written')
