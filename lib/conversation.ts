import { RemovalPolicy, Validations } from 'aws-cdk-lib'
import { AttributeType, TableV2 } from 'aws-cdk-lib/aws-dynamodb'
import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import { Secret } from 'aws-cdk-lib/aws-secretsmanager'
import type { Construct } from 'constructs'
import type { FactoryFunction } from './function.ts'

/**
 * What a skillset's instances share within one conversation with a client: the key to what clients keep sealed (MCP
 * sessions, the state of questions), and a table for what one instance leaves for another. Both are this server's alone
 * and go with it: whatever they are about is over within minutes (docs/decisions/009).
 */
export function provideConversation(scope: Construct, handler: FactoryFunction): void {
  const secret = new Secret(scope, 'ConversationSecret', {
    description: 'Seals what MCP clients keep for this server',
    generateSecretString: { passwordLength: 64, excludePunctuation: true },
    removalPolicy: RemovalPolicy.DESTROY,
  })
  Validations.of(secret).acknowledge({
    id: 'AwsSolutions-SMG4',
    reason:
      'What it seals is over within minutes, or costs no more than connecting again; a new value is put by hand when it is to be replaced',
  })
  const table = new TableV2(scope, 'Conversation', {
    partitionKey: { name: 'pk', type: AttributeType.STRING },
    sortKey: { name: 'sk', type: AttributeType.STRING },
    timeToLiveAttribute: 'expiresAt',
    removalPolicy: RemovalPolicy.DESTROY,
  })
  handler.function.addEnvironment('CONVERSATION_SECRET_ARN', secret.secretArn)
  handler.function.addEnvironment('CONVERSATION_TABLE_NAME', table.tableName)
  handler.allow(
    new PolicyStatement({
      sid: 'ReadConversationKey',
      actions: ['secretsmanager:GetSecretValue'],
      resources: [secret.secretArn],
    }),
    new PolicyStatement({
      sid: 'UseConversation',
      actions: ['dynamodb:GetItem', 'dynamodb:PutItem'],
      resources: [table.tableArn],
    }),
  )
}
