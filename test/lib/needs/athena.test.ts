import { describe, expect, it } from 'vitest'
import { evaluate, statement } from '../../../local/iam.ts'
import { ACCOUNT, REGION } from '../../../local/resource-types.ts'
import { ConfigError } from '../../../model/config-error.ts'
import { type AthenaTable, type Need, SkillsetError } from '../../../model/skillset-declaration.ts'
import { ONE_ORIGIN, SKILLSETS, sampleConfig, serverTemplate } from '../sample-factory.ts'
import { functionOf, joined, resourcesOfType, roleStatements, type TemplateJson } from '../template-json.ts'

const ORDERS: AthenaTable = {
  description: 'One row per order.',
  folder: '{tenant}/orders',
  format: 'parquet',
  types: { id: 'int', amount: 'decimal(12,2)' },
  columns: { amount: { comment: 'With tax' } },
}
const TABLES = {
  orders: ORDERS,
  countries: { ...ORDERS, folder: 'shared/countries', format: 'csv', types: { code: 'string', people: 'bigint' } },
  plans: { ...ORDERS, folder: 'plans', format: 'json', tenant: 'partner' },
} as const satisfies Record<string, AthenaTable>

const withTables = (tables: Readonly<Record<string, AthenaTable>>, context = {}) =>
  serverTemplate('devops', {
    config: sampleConfig(),
    context,
    skillsets: {
      ...SKILLSETS,
      devops: {
        ...SKILLSETS.devops,
        needs: [
          ...SKILLSETS.devops.needs,
          { kind: 'athena', source: { bucket: 'lake', prefix: 'a/' }, tables, scanMegabytes: 500 } satisfies Need,
        ],
      },
    },
  })
const template = withTables(TABLES)

/** What a tenant's role may do, as IAM sees it. */
function roleOf(of: TemplateJson, tenant: string) {
  const isOwn = (role: string) => role.startsWith(`Athena${tenant}Role`)
  const inWords = (resource: unknown) =>
    joined(resource)
      .replace('<AWS::Partition>', 'aws')
      .replace('<AWS::Region>', REGION)
      .replace('<AWS::AccountId>', ACCOUNT)
  const statements = roleStatements(of)
    .filter(({ role }) => isOwn(role))
    .map((each) => statement.parse({ ...each.statement, Resource: [each.statement.Resource].flat().map(inWords) }))
  const [role] = resourcesOfType(of, 'AWS::IAM::Role').filter(([id]) => isOwn(id))
  return {
    trust: role?.[1].Properties.AssumeRolePolicyDocument.Statement,
    statements,
    may: (action: string, resource: string, prefix?: string) =>
      evaluate(statements, action, resource, prefix === undefined ? {} : { 's3:prefix': [prefix] }) === 'allowed',
  }
}

const glue = (resource: string) => `arn:aws:glue:${REGION}:${ACCOUNT}:${resource}`
const example = roleOf(template, 'example')
const tableInputs = resourcesOfType(template, 'AWS::Glue::Table').map(([, { Properties }]) => Properties.TableInput)

describe('Athena, for each tenant', () => {
  it('has a workgroup whose own settings count: a limit of what is scanned, results that Athena keeps', () => {
    const workgroups = resourcesOfType(template, 'AWS::Athena::WorkGroup').map(([, { Properties }]) => Properties)
    expect(workgroups.map(({ Name }) => Name)).toEqual(['prod-mcp-devops.example', 'prod-mcp-devops.partner'])
    for (const { WorkGroupConfiguration } of workgroups)
      expect(WorkGroupConfiguration).toEqual({
        EnforceWorkGroupConfiguration: true,
        BytesScannedCutoffPerQuery: 500_000_000,
        EngineVersion: { SelectedEngineVersion: 'Athena engine version 3' },
        ManagedQueryResultsConfiguration: { Enabled: true },
        PublishCloudWatchMetricsEnabled: true,
      })
  })

  it('has a database with a table for each of its data sets, and for no other’s', () => {
    const tables = resourcesOfType(template, 'AWS::Glue::Table').map(([id, { Properties }]) => [
      id.replace(/Table\w*$/, ''),
      Properties.TableInput.Name,
      Properties.TableInput.StorageDescriptor.Location,
    ])
    expect(tables).toEqual([
      ['Athenaexample', 'orders', 's3://lake/a/example/orders/'],
      ['Athenaexample', 'countries', 's3://lake/a/shared/countries/'],
      ['Athenapartner', 'orders', 's3://lake/a/partner/orders/'],
      ['Athenapartner', 'countries', 's3://lake/a/shared/countries/'],
      ['Athenapartner', 'plans', 's3://lake/a/plans/'],
    ])
    const databases = resourcesOfType(template, 'AWS::Glue::Database').map(
      ([, { Properties }]) => Properties.DatabaseInput.Name,
    )
    expect(databases).toEqual(['prod__mcp__devops__example', 'prod__mcp__devops__partner'])
  })

  it.each([
    ['orders', 'ParquetHiveSerDe', { EXTERNAL: 'TRUE', classification: 'parquet' }],
    ['countries', 'OpenCSVSerde', { EXTERNAL: 'TRUE', classification: 'csv', 'skip.header.line.count': '1' }],
    ['plans', 'JsonSerDe', { EXTERNAL: 'TRUE', classification: 'json' }],
  ])('reads %s by %s', (name, serde, parameters) => {
    const table = tableInputs.find(({ Name }) => Name === name)
    expect(table.Parameters).toEqual(parameters)
    expect(table.StorageDescriptor.SerdeInfo.SerializationLibrary).toContain(serde)
  })

  it('has the columns in their order, with types and comments', () => {
    expect(tableInputs[0].StorageDescriptor.Columns).toEqual([
      { Name: 'id', Type: 'int' },
      { Name: 'amount', Type: 'decimal(12,2)', Comment: 'With tax' },
    ])
  })

  it('is in the environment of the functions, which may act as the tenants and nothing else', () => {
    const [, server] = functionOf(template, 'devops')
    expect(joined(server.Properties.Environment.Variables.ATHENA)).toMatch(
      /^\{"example":\{"role":"<Athenaexample\w+\.Arn>","workgroup":"prod-mcp-devops\.example","database":"prod__mcp__devops__example"\},"partner":/,
    )
    for (const service of ['devops', 'devops-probe-services']) {
      const own = functionOf(template, service)[1].Properties.Role['Fn::GetAtt'][0]
      const statements = roleStatements(template).filter(({ role }) => role === own)
      const acting = statements.find(({ statement }) => statement.Sid === 'ActAsTenants')
      expect(acting?.statement.Action).toBe('sts:AssumeRole')
      expect(acting?.statement.Resource.map(joined)).toEqual([
        expect.stringMatching(/^<Athenaexample\w+\.Arn>$/),
        expect.stringMatching(/^<Athenapartner\w+\.Arn>$/),
      ])
      expect(JSON.stringify(statements)).not.toMatch(/"(?:athena|glue|s3):/)
    }
  })
})

describe('a tenant’s role', () => {
  it('is assumed by the skillset’s functions alone', () => {
    const roles = ['devops', 'devops-probe-services'].map(
      (service) => functionOf(template, service)[1].Properties.Role['Fn::GetAtt'][0],
    )
    expect(example.trust).toEqual([
      {
        Action: 'sts:AssumeRole',
        Effect: 'Allow',
        Principal: { AWS: expect.arrayContaining(roles.map((role) => ({ 'Fn::GetAtt': [role, 'Arn'] }))) },
      },
    ])
    expect(example.trust[0].Principal.AWS).toHaveLength(roles.length)
  })

  it('runs statements in its workgroup, and reads its tables and their files', () => {
    expect(
      example.may(
        'athena:StartQueryExecution',
        `arn:aws:athena:${REGION}:${ACCOUNT}:workgroup/prod-mcp-devops.example`,
      ),
    ).toBe(true)
    for (const table of ['orders', 'countries'])
      expect(example.may('glue:GetTable', glue(`table/prod__mcp__devops__example/${table}`))).toBe(true)
    expect(example.may('s3:GetObject', 'arn:aws:s3:::lake/a/example/orders/2026/part-0.parquet')).toBe(true)
    expect(example.may('s3:GetObject', 'arn:aws:s3:::lake/a/shared/countries/all.csv')).toBe(true)
    expect(example.may('s3:ListBucket', 'arn:aws:s3:::lake', 'a/example/orders/2026/')).toBe(true)
    expect(roleOf(template, 'partner').may('s3:GetObject', 'arn:aws:s3:::lake/a/plans/all.json')).toBe(true)
  })

  it.each([
    ['athena:StartQueryExecution', `arn:aws:athena:${REGION}:${ACCOUNT}:workgroup/prod-mcp-devops.partner`],
    ['athena:GetQueryResults', `arn:aws:athena:${REGION}:${ACCOUNT}:workgroup/prod-mcp-devops.partner`],
    ['athena:StartQueryExecution', `arn:aws:athena:${REGION}:${ACCOUNT}:workgroup/primary`],
    ['athena:UpdateWorkGroup', `arn:aws:athena:${REGION}:${ACCOUNT}:workgroup/prod-mcp-devops.example`],
    ['athena:CreatePreparedStatement', `arn:aws:athena:${REGION}:${ACCOUNT}:workgroup/prod-mcp-devops.example`],
    ['glue:GetTable', glue('table/prod__mcp__devops__partner/orders')],
    ['glue:GetTable', glue('table/prod__mcp__devops__example/plans')],
    ['glue:GetTables', glue('database/prod__mcp__devops__partner')],
    ['glue:GetDatabases', glue('catalog')],
    ['glue:GetTable', glue('table/default/orders')],
    ['s3:GetObject', 'arn:aws:s3:::lake/a/partner/orders/part-0.parquet'],
    ['s3:GetObject', 'arn:aws:s3:::lake/a/plans/all.json'],
    ['s3:GetObject', 'arn:aws:s3:::lake/a/example/orders2/part-0.parquet'],
    ['s3:GetObject', 'arn:aws:s3:::elsewhere/a/example/orders/part-0.parquet'],
    ['s3:PutObject', 'arn:aws:s3:::lake/a/example/orders/part-0.parquet'],
    ['s3:DeleteObject', 'arn:aws:s3:::lake/a/example/orders/part-0.parquet'],
    ['lambda:InvokeFunction', `arn:aws:lambda:${REGION}:${ACCOUNT}:function:udf`],
    ['sts:AssumeRole', `arn:aws:iam::${ACCOUNT}:role/any`],
  ])('may not %s on %s', (action, resource) => {
    expect(example.may(action, resource)).toBe(false)
  })

  it.each(['', 'a/', 'a/partner/orders/', 'a/example', 'a/plans/'])('may not list the names below %j', (prefix) => {
    expect(example.may('s3:ListBucket', 'arn:aws:s3:::lake', prefix)).toBe(false)
  })

  it('changes nothing at all: every right is to read, or to run a statement and to stop it', () => {
    for (const { Action } of example.statements)
      for (const action of Action) expect(action).toMatch(/:(?:Get|List)|^athena:(?:Start|Stop)QueryExecution$/)
  })
})

describe('synth stops', () => {
  it.each([
    [
      { orders: { ...ORDERS, tenant: 'nobody' } },
      {},
      ConfigError,
      'datasets.orders.tenant: found "nobody"; allowed: example, partner',
    ],
    [
      { orders: { ...ORDERS, format: 'csv' as const } },
      {},
      SkillsetError,
      'types.amount: found "decimal(12,2)"; allowed in CSV files: string',
    ],
    [
      { orders: { ...ORDERS, folder: 'all/{tenant}' }, everything: { ...ORDERS, folder: 'all' } },
      {},
      ConfigError,
      'datasets.everything.folder: found "all/", in which example would read "all/partner/" of another tenant (orders)',
    ],
    [
      { plans: TABLES.plans, prices: { ...ORDERS, folder: 'plans/prices', tenant: 'example' } },
      {},
      ConfigError,
      'datasets.plans.folder: found "plans/", in which partner would read "plans/prices/" of another tenant (prices)',
    ],
    [TABLES, ONE_ORIGIN, ConfigError, 'found "athena"; allowed on one machine: "duckdb"'],
  ])('%#', (tables, context, type, message) => {
    expect(() => withTables(tables, context)).toThrow(type)
    expect(() => withTables(tables, context)).toThrow(message)
  })
})

it('a tenant without a data set has a role that reads no file', () => {
  const { statements } = roleOf(withTables({ plans: TABLES.plans }), 'example')
  expect(statements.map(({ Sid }) => Sid)).toEqual(['RunStatements', 'ReadCatalog', 'ReadTables'])
})
