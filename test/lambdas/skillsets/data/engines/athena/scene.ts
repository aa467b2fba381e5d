import type { AthenaClient } from '@aws-sdk/client-athena'
import { STSClient } from '@aws-sdk/client-sts'
import { clientOf } from '../../../../../../lambdas/skillsets/data/engines/athena/access.ts'
import { createAthenaEngine } from '../../../../../../lambdas/skillsets/data/engines/athena/athena-engine.ts'
import type { Engine, QueryLimits } from '../../../../../../lambdas/skillsets/data/engines/engine.ts'
import { athenaDataset } from '../../../../../../lambdas/skillsets/data/options.ts'
import type { Caller } from '../../../../../../local/aws-endpoint.ts'
import { ADMINISTRATOR, type Principal } from '../../../../../../local/iam.ts'
import { REGION } from '../../../../../../local/resource-types.ts'
import { makeCredentials } from '../../../../../../local/signature.ts'
import { athenaWorkgroup, glueDatabase } from '../../../../../../model/names.ts'
import type { AthenaAccess } from '../../../../../../model/skillset-declaration.ts'
import { AthenaService } from '../../../../../support/athena/athena-service.ts'
import { startSts } from '../../../../../support/athena/sts-service.ts'
import { CUSTOMERS, ORDERS, OTHER_TENANT, TENANT } from '../../escapes/scene.ts'

export const ALICE = { tenant: TENANT }
export const TOM = { tenant: OTHER_TENANT }
export const LIMITS: QueryLimits = { rows: 10_000, bytes: 1_000_000, milliseconds: 20_000 }
export const going = () => new AbortController().signal

export const databaseOf = (tenant: string) => glueDatabase('prod', 'data', tenant)
const workgroupOf = (tenant: string) => athenaWorkgroup('prod', 'data', tenant)
const roleOf = (tenant: string) => `arn:aws:iam::000000000000:role/data-${tenant}`
const TENANTS = [TENANT, OTHER_TENANT]

export const ACCESS: Readonly<Record<string, AthenaAccess>> = Object.fromEntries(
  TENANTS.map((tenant) => [
    tenant,
    { role: roleOf(tenant), workgroup: workgroupOf(tenant), database: databaseOf(tenant) },
  ]),
)

export const DATASETS = {
  orders: athenaDataset.parse({
    title: 'Orders',
    description: 'One row per order.',
    folder: '{tenant}/orders',
    types: { id: 'int', item: 'string', amount: 'decimal(12,2)', tags: 'array<string>' },
    columns: { amount: { unit: 'EUR', comment: 'With tax' } },
  }),
  customers: athenaDataset.parse({
    title: 'Customers',
    description: 'One row per customer.',
    folder: '{tenant}/customers',
    format: 'json',
    types: { id: 'int', name: 'string' },
  }),
  plans: athenaDataset.parse({
    title: 'Plans',
    description: 'Of one tenant.',
    folder: 'plans',
    tenant: OTHER_TENANT,
    types: { id: 'int' },
  }),
}

/** Each tenant's rows in a database of its own, as Glue has them. */
const TABLES = TENANTS.map((tenant) => {
  const orders = ORDERS.filter((row) => row.tenant === tenant)
  const customers = CUSTOMERS.filter((row) => row.tenant === tenant)
  const database = `awsdatacatalog.${databaseOf(tenant)}`
  return `CREATE SCHEMA ${database};
    CREATE TABLE ${database}.orders (id INTEGER, item VARCHAR, amount DECIMAL(12,2), tags VARCHAR[]);
    INSERT INTO ${database}.orders VALUES ${orders.map(({ id, item, amount }) => `(${id}, '${item}', ${amount}, ['a, b', NULL])`).join()};
    CREATE TABLE ${database}.customers (id INTEGER, name VARCHAR);
    INSERT INTO ${database}.customers VALUES ${customers.map(({ id, name }) => `(${id}, '${name}')`).join()};
    CREATE TABLE ${database}.secrets AS SELECT 'NOT-DECLARED' AS name;`
}).join('\n')

const locationOf = ({ schema, table }: { readonly schema: string; readonly table: string }) =>
  `arn:aws:s3:::lake/${schema.split('__').at(-1)}/${table}/part-0.parquet`

export interface Scene extends AsyncDisposable {
  readonly athena: AthenaService
  readonly engine: Engine
  /** Acts as a tenant's role. */
  readonly client: (access: AthenaAccess) => AthenaClient
  readonly sts: Awaited<ReturnType<typeof startSts>>
}

/** An engine, Athena and the security token service. @param roles what each tenant's role may do; absent: everything */
export async function startScene(roles: Readonly<Record<string, Principal>> = {}, cutoff = 10_000_000): Promise<Scene> {
  const callers = new Map<string, Caller>()
  const workgroups = Object.fromEntries(TENANTS.map((tenant) => [workgroupOf(tenant), { scannedBytesCutoff: cutoff }]))
  const athena = await AthenaService.start({ tables: TABLES, callers, workgroups, locationOf })
  const caller = { credentials: makeCredentials(), principal: ADMINISTRATOR }
  const assumable = Object.fromEntries(TENANTS.map((tenant) => [roleOf(tenant), roles[tenant] ?? ADMINISTRATOR]))
  const sts = await startSts({ caller, callers, roles: assumable })
  const roleClient = new STSClient({ endpoint: sts.url, region: REGION, credentials: caller.credentials })
  const client = (access: AthenaAccess) => clientOf(access, roleClient, { region: REGION, endpoint: athena.url })
  const engine = createAthenaEngine({
    datasets: DATASETS,
    access: ACCESS,
    client,
    scanMegabytes: cutoff / 1_000_000,
    hidden: ['lake'],
  })
  return {
    athena,
    engine,
    client,
    sts,
    async [Symbol.asyncDispose]() {
      await athena.close()
      await sts.close()
    },
  }
}
