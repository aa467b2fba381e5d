import { describe, expect, it } from 'vitest'
import { sampleConfig, sampleTemplates } from './sample-factory.ts'
import { functionOf, type Json, joined, type RoleStatement, resourcesOfType, roleStatements } from './template-json.ts'

const templates = sampleTemplates()
const all = Object.values(templates)

const READ = ['BatchGetItem', 'GetItem', 'Query']
const FACTORY_TABLE_OUTPUT = '<TableArn>'

/** What each function may do, whole: a statement more or fewer in a role is a difference here. */
const ROLES: Record<string, Record<string, { actions: string[]; on: RegExp; keys?: string[] }>> = {
  oauth: {
    ReadFactoryTable: { actions: READ.map(dynamodb), on: /^<Table\w+\.Arn>$/ },
    WriteOwnItems: {
      actions: ['DeleteItem', 'PutItem', 'UpdateItem'].map(dynamodb),
      on: /^<Table\w+\.Arn>$/,
      keys: ['DENY', 'ASSERTION#*', 'CLIENT#*', 'CODE#*', 'UPSTREAM#*', 'GRANT#*', 'BROWSER#*', 'PERSON#*', 'EMAIL#*'],
    },
    ReadKeys: { actions: ['secretsmanager:GetSecretValue'], on: /^<KeysSecret\w+>$/ },
  },
  'key-rotation': {
    PublishKeys: { actions: ['GetItem', 'PutItem'].map(dynamodb), on: /^<Table\w+\.Arn>$/, keys: ['KEYS'] },
    RotateKeys: {
      actions: ['DescribeSecret', 'GetSecretValue', 'PutSecretValue', 'UpdateSecretVersionStage'].map(
        (action) => `secretsmanager:${action}`,
      ),
      on: /^<KeysSecret\w+>$/,
    },
  },
  registrar: {
    Register: {
      actions: ['DeleteItem', 'GetItem', 'PutItem', 'Query'].map(dynamodb),
      on: /^<Table\w+\.Arn>$/,
      keys: ['POLICY', 'SERVERS', 'SERVER#*'],
    },
  },
  'productivity-authorizer': {
    ReadRules: {
      actions: READ.map(dynamodb),
      on: new RegExp(`^${FACTORY_TABLE_OUTPUT}$`),
      keys: ['KEYS', 'POLICY', 'DENY', 'SERVER#productivity'],
    },
  },
  productivity: {
    UseOwnTable: {
      actions: ['BatchGetItem', 'DeleteItem', 'GetItem', 'PutItem', 'Query', 'UpdateItem'].map(dynamodb),
      on: /^<Data\w+\.Arn>$/,
    },
    UseConversation: { actions: ['GetItem', 'PutItem'].map(dynamodb), on: /^<Conversation\w+\.Arn>$/ },
    ReadConversationKey: { actions: ['secretsmanager:GetSecretValue'], on: /^<ConversationSecret\w+>$/ },
    ReadSecretGoogleServiceAccount: {
      actions: ['secretsmanager:GetSecretValue'],
      on: /:secret:prod-mcp\/productivity\/google-service-account-\?{6}$/,
    },
  },
}

function dynamodb(action: string): string {
  return `dynamodb:${action}`
}

function statementsOf(service: string): Json[] {
  for (const template of all) {
    try {
      const [, { Properties }] = functionOf(template, service)
      const role = Properties.Role['Fn::GetAtt'][0]
      return roleStatements(template)
        .filter((statement) => statement.role === role)
        .map(({ statement }) => statement)
    } catch {}
  }
  throw new Error(`no function ${service}`)
}

describe.each(Object.entries(ROLES))('the role of %s', (service, expected) => {
  const statements = statementsOf(service)

  it('has these statements, its log and its traces, and no other', () => {
    expect(statements.map(({ Sid }) => Sid ?? 'traces').sort()).toEqual(
      [...Object.keys(expected), 'WriteOwnLog', 'traces'].sort(),
    )
  })

  it.each(Object.entries(expected))('%s', (sid, { actions, on, keys }) => {
    const { Effect, Action, Resource, Condition } = statements.find(({ Sid }) => Sid === sid)
    expect(Effect).toBe('Allow')
    expect([Action].flat()).toEqual(actions)
    expect(joined(Resource)).toMatch(on)
    const conditions = Object.entries<Json>(Condition ?? {})
    expect(conditions.map(([, condition]) => condition['dynamodb:LeadingKeys'])).toEqual(keys ? [keys] : [])
    for (const [operator] of conditions) expect(operator).toMatch(/^ForAllValues:String(Equals|Like)$/)
  })

  it('writes its own log alone', () => {
    const { Resource } = statements.find(({ Sid }) => Sid === 'WriteOwnLog')
    expect(joined(Resource)).toMatch(/^<\w*Log\w+\.Arn>$/)
  })
})

describe('over all roles', () => {
  const everything: [string, RoleStatement][] = Object.entries(templates).flatMap(([stack, template]) =>
    roleStatements(template).map((statement): [string, RoleStatement] => [stack, statement]),
  )

  /** X-Ray knows no resources; a partition pattern is a condition on keys, not a resource. */
  const STAR_ALLOWED = [['xray:PutTelemetryRecords', 'xray:PutTraceSegments']]

  it('`*` stands in no action, and as a resource only where the service knows no resources', () => {
    for (const [stack, { policy, statement }] of everything) {
      const actions = [statement.Action].flat()
      for (const action of actions) expect(action, `${stack} ${policy}`).not.toContain('*')
      const star = [statement.Resource].flat().some((resource) => joined(resource).includes('*'))
      if (star) expect(STAR_ALLOWED, `${stack} ${policy}`).toContainEqual(actions)
    }
  })

  it('nobody may Scan', () => {
    for (const [, { statement }] of everything) expect([statement.Action].flat()).not.toContain('dynamodb:Scan')
  })

  it('server stacks hold no write right on the factory table', () => {
    for (const [stack, { statement }] of everything)
      if (stack.includes('-server-') && joined([statement.Resource].flat()[0]) === FACTORY_TABLE_OUTPUT)
        expect([statement.Action].flat()).toEqual(READ.map(dynamodb))
  })

  it('there is one managed policy: the one that API Gateway itself asks for', () => {
    const managed = all.flatMap((template) =>
      resourcesOfType(template, 'AWS::IAM::Role').flatMap(([, { Properties }]) => Properties.ManagedPolicyArns ?? []),
    )
    expect(managed.map(joined)).toEqual([
      'arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs',
    ])
  })

  it('no two functions share a role', () => {
    for (const template of all) {
      const roles = resourcesOfType(template, 'AWS::Lambda::Function').map(
        ([, { Properties }]) => Properties.Role['Fn::GetAtt'][0],
      )
      expect(new Set(roles).size).toBe(roles.length)
    }
  })

  it('without Cognito, the OAuth function may read the connection, and nothing else is added', () => {
    const config = sampleConfig({ connection: { provider: 'google', via: 'direct', allowedDomains: ['example.com'] } })
    const direct = sampleTemplates({ config })
    const authorization = direct['prod-mcp-authorization'] ?? { Resources: {} }
    const added = roleStatements(authorization).filter(({ statement }) => statement.Sid === 'ReadConnection')
    expect(added.map(({ statement }) => joined(statement.Resource))).toEqual([
      'arn:<AWS::Partition>:secretsmanager:<AWS::Region>:<AWS::AccountId>:secret:prod-mcp/connection/google-??????',
    ])
  })
})
