import { PolicyStatement } from 'aws-cdk-lib/aws-iam'

/**
 * Who may touch which partitions of the factory table (docs/contracts.md). Conditions name partition keys, so a
 * function that is taken over reaches only its own items. Nobody may Scan: it takes no such condition.
 */
export const AUTHORIZATION_SERVER_PARTITIONS = [
  'DENY',
  'ASSERTION#*',
  'CLIENT#*',
  'CODE#*',
  'UPSTREAM#*',
  'GRANT#*',
  'BROWSER#*',
  'PERSON#*',
  'EMAIL#*',
]

export function authorizationServerAccess(tableArn: string): PolicyStatement[] {
  return [
    new PolicyStatement({
      sid: 'ReadFactoryTable',
      actions: ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query'],
      resources: [tableArn],
    }),
    partitionStatement(
      'WriteOwnItems',
      tableArn,
      ['dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem'],
      AUTHORIZATION_SERVER_PARTITIONS,
    ),
  ]
}

/** An authorizer reads keys, rules, deny entries and the registration of its own server, and writes nothing. */
export function authorizerAccess(tableArn: string, server: string): PolicyStatement[] {
  return [
    partitionStatement(
      'ReadRules',
      tableArn,
      ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query'],
      ['KEYS', 'POLICY', 'DENY', `SERVER#${server}`],
    ),
  ]
}

export function registrarAccess(tableArn: string): PolicyStatement[] {
  return [
    partitionStatement(
      'Register',
      tableArn,
      ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:DeleteItem', 'dynamodb:Query'],
      ['POLICY', 'SERVERS', 'SERVER#*'],
    ),
  ]
}

export function keyRotationAccess(tableArn: string): PolicyStatement[] {
  return [partitionStatement('PublishKeys', tableArn, ['dynamodb:GetItem', 'dynamodb:PutItem'], ['KEYS'])]
}

function partitionStatement(sid: string, tableArn: string, actions: string[], partitions: string[]): PolicyStatement {
  const operator = partitions.some((partition) => partition.includes('*')) ? 'StringLike' : 'StringEquals'
  return new PolicyStatement({
    sid,
    actions,
    resources: [tableArn],
    conditions: { [`ForAllValues:${operator}`]: { 'dynamodb:LeadingKeys': partitions } },
  })
}
