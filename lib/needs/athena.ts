import { Aws, Stack, Validations } from 'aws-cdk-lib'
import { CfnWorkGroup } from 'aws-cdk-lib/aws-athena'
import { CfnDatabase } from 'aws-cdk-lib/aws-glue'
import { ArnPrincipal, CompositePrincipal, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam'
import { Construct } from 'constructs'
import { ConfigError } from '../../model/config-error.ts'
import { athenaWorkgroup, glueDatabase } from '../../model/names.ts'
import type { AthenaAccess, Need } from '../../model/skillset-declaration.ts'
import type { FactoryFunction } from '../function.ts'
import { GlueTable } from './glue-table.ts'
import type { NeedTarget } from './need-target.ts'

type AthenaNeed = Extract<Need, { kind: 'athena' }>

/**
 * Athena for every tenant of the config: Glue tables, a workgroup and a role of its own, which the skillset's functions may
 * assume and nobody else. They have no right on Athena or the files themselves.
 * @throws ConfigError on one machine, where there is no Athena
 */
export function provideAthena(target: NeedTarget, functions: readonly FactoryFunction[], need: AthenaNeed): void {
  const { scope, server, settings, tenants } = target
  if (settings.local)
    throw new ConfigError([
      `servers.${server}.options.engine: found "athena"; allowed on one machine: "duckdb" and "postgres", with which the same abilities work`,
    ])
  assertTenantsKnown(server, need, tenants)
  assertFoldersApart(server, need, tenants)
  const trusted = functions.map(({ role }) => new ArnPrincipal(role.roleArn))
  const access = tenants.map((name) => [name, new TenantAthena(scope, target, need, name, trusted)] as const)
  const variable = Stack.of(scope).toJsonString(Object.fromEntries(access.map(([name, { access }]) => [name, access])))
  for (const each of functions) {
    each.function.addEnvironment('ATHENA', variable)
    each.allow(
      new PolicyStatement({
        sid: 'ActAsTenants',
        actions: ['sts:AssumeRole'],
        resources: access.map(([, { access }]) => access.role),
      }),
    )
  }
}

function assertTenantsKnown(server: string, { tables }: AthenaNeed, tenants: readonly string[]): void {
  for (const [name, { tenant }] of Object.entries(tables))
    if (tenant !== undefined && !tenants.includes(tenant))
      throw new ConfigError([
        `servers.${server}.options.datasets.${name}.tenant: found ${JSON.stringify(tenant)}; allowed: ${tenants.join(', ')} (those of tenants)`,
      ])
}

/** The data sets that a tenant has a part in, with the folder of its part. */
function tablesOf(tenant: string, { tables }: AthenaNeed) {
  return Object.entries(tables)
    .filter(([, table]) => table.tenant === undefined || table.tenant === tenant)
    .map(([name, table]) => ({ name, table, folder: `${table.folder.replaceAll('{tenant}', tenant)}/` }))
}

/** Athena reads a folder with all that lies below it: what is another tenant's alone must not. */
function assertFoldersApart(server: string, need: AthenaNeed, tenants: readonly string[]): void {
  const all = tenants.flatMap((tenant) => tablesOf(tenant, need))
  for (const tenant of tenants) {
    const own = tablesOf(tenant, need)
    const foreign = all.filter(({ folder }) => !own.some((each) => each.folder === folder))
    for (const { name, folder } of own) {
      const within = foreign.find((other) => other.folder.startsWith(folder))
      if (within)
        throw new ConfigError([
          `servers.${server}.options.datasets.${name}.folder: found ${JSON.stringify(folder)}, in which ${tenant} would read ${JSON.stringify(within.folder)} of another tenant (${within.name}); allowed: a folder that holds this data set alone`,
        ])
    }
  }
}

/** What one tenant's statements run with. */
class TenantAthena extends Construct {
  readonly access: AthenaAccess

  constructor(
    scope: Construct,
    { stage, server }: NeedTarget,
    need: AthenaNeed,
    tenant: string,
    trusted: readonly ArnPrincipal[],
  ) {
    super(scope, `Athena-${tenant}`)
    const { source, scanMegabytes } = need
    const workgroup = new CfnWorkGroup(this, 'Workgroup', {
      name: athenaWorkgroup(stage, server, tenant),
      description: `MCP server ${server}: statements of ${tenant}`,
      recursiveDeleteOption: true,
      workGroupConfiguration: {
        // Whatever a request says, this counts.
        enforceWorkGroupConfiguration: true,
        bytesScannedCutoffPerQuery: scanMegabytes * 1_000_000,
        engineVersion: { selectedEngineVersion: 'Athena engine version 3' },
        // Athena keeps results for a day, encrypted, and gives them to this workgroup alone: the role writes nowhere.
        managedQueryResultsConfiguration: { enabled: true },
        publishCloudWatchMetricsEnabled: true,
      },
    })
    const database = new CfnDatabase(this, 'Database', {
      catalogId: Aws.ACCOUNT_ID,
      databaseInput: {
        name: glueDatabase(stage, server, tenant),
        description: `MCP server ${server}: data sets of ${tenant}`,
      },
    })
    const own = tablesOf(tenant, need).map(({ name, table, folder }) => {
      const prefix = `${source.prefix}${folder}`
      return new GlueTable(this, `Table-${name}`, { database, name, table, bucket: source.bucket, prefix })
    })
    const role = new Role(this, 'Role', {
      description: `MCP server ${server}: reads the data sets of ${tenant}`,
      assumedBy: new CompositePrincipal(...trusted),
    })
    const names = own.map(({ tableName }) => tableName)
    for (const statement of this.statements(workgroup, glueDatabase(stage, server, tenant), names))
      role.addToPrincipalPolicy(statement)
    readFiles(
      role,
      source.bucket,
      own.map(({ prefix }) => prefix),
    )
    this.access = {
      role: role.roleArn,
      workgroup: athenaWorkgroup(stage, server, tenant),
      database: glueDatabase(stage, server, tenant),
    }
  }

  private statements(workgroup: CfnWorkGroup, database: string, tables: readonly string[]): PolicyStatement[] {
    const arn = (service: string, resource: string) => Stack.of(this).formatArn({ service, resource })
    return [
      new PolicyStatement({
        sid: 'RunStatements',
        actions: [
          'athena:StartQueryExecution',
          'athena:GetQueryExecution',
          'athena:GetQueryResults',
          'athena:StopQueryExecution',
        ],
        resources: [arn('athena', `workgroup/${workgroup.name}`)],
      }),
      new PolicyStatement({
        sid: 'ReadCatalog',
        actions: ['athena:GetDataCatalog'],
        resources: [arn('athena', 'datacatalog/AwsDataCatalog')],
      }),
      new PolicyStatement({
        sid: 'ReadTables',
        // Of a table Glue wants the right on all that it is in.
        actions: ['glue:GetDatabase', 'glue:GetTable', 'glue:GetPartition', 'glue:GetPartitions'],
        resources: ['catalog', `database/${database}`, ...tables.map((name) => `table/${database}/${name}`)].map(
          (each) => arn('glue', each),
        ),
      }),
    ]
  }
}

/** The files of these folders, and their names. A tenant without any reads none. */
function readFiles(role: Role, bucket: string, prefixes: readonly string[]): void {
  if (prefixes.length === 0) return
  const bucketArn = Stack.of(role).formatArn({ service: 's3', region: '', account: '', resource: bucket })
  role.addToPrincipalPolicy(
    new PolicyStatement({
      sid: 'ReadFiles',
      actions: ['s3:GetObject'],
      resources: prefixes.map((prefix) => `${bucketArn}/${prefix}*`),
    }),
  )
  role.addToPrincipalPolicy(
    new PolicyStatement({
      sid: 'ListFiles',
      actions: ['s3:ListBucket'],
      resources: [bucketArn],
      conditions: { StringLike: { 's3:prefix': prefixes.flatMap((prefix) => [`${prefix}*`, prefix.slice(0, -1)]) } },
    }),
  )
  role.addToPrincipalPolicy(
    new PolicyStatement({ sid: 'LocateFiles', actions: ['s3:GetBucketLocation'], resources: [bucketArn] }),
  )
  for (const prefix of prefixes)
    Validations.of(role).acknowledge({
      id: `AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:s3:::${bucket}/${prefix}*]`,
      reason: 'The files of one data set: nobody names objects one by one in a role',
    })
}
