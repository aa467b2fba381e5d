import type { QueryLimits } from '../../../../../../lambdas/skillsets/data/engines/engine.ts'
import type { PostgresDataset } from '../../../../../../lambdas/skillsets/data/options.ts'
import { documented } from '../../../../../support/postgres.ts'
import { CUSTOMERS, ORDERS, OTHER_TENANT, PARTNER_SECRET, TENANT } from '../../escapes/scene.ts'

const TABLES = `
  CREATE SCHEMA sales;
  CREATE TABLE sales.orders (id integer PRIMARY KEY, item text, amount numeric(12,2), tenant text);
  CREATE TABLE sales.customers (id integer PRIMARY KEY, name text, tenant text);
  CREATE SEQUENCE order_numbers;
  COMMENT ON COLUMN sales.orders.item IS 'what was bought';
  INSERT INTO sales.orders VALUES ${ORDERS.map(({ id, item, amount, tenant }) => `(${id}, '${item}', ${amount}, '${tenant}')`).join()};
  INSERT INTO sales.customers VALUES ${CUSTOMERS.map(({ id, name, tenant }) => `(${id}, '${name}', '${tenant}')`).join()};
  CREATE SCHEMA ${OTHER_TENANT};
  CREATE TABLE ${OTHER_TENANT}.orders AS SELECT '${PARTNER_SECRET}' AS item;
  ANALYZE;`

/** The scene of the attempts to escape, with the roles and policies that docs/data-postgres.md makes. */
export const SCENE = [
  TABLES,
  documented('once'),
  documented('table'),
  documented('table').replaceAll('sales.orders', 'sales.customers'),
  documented('tenant'),
  documented('tenant').replaceAll(`mcp_${TENANT}`, `mcp_${OTHER_TENANT}`),
].join('\n')

/** A data set whose rows are told apart by the column `tenant`. */
export function byTenant(table: string): PostgresDataset {
  return { title: table, description: `The table ${table}.`, columns: {}, table, tenantColumn: 'tenant' }
}

export const DATASETS = { orders: byTenant('sales.orders'), customers: byTenant('sales.customers') }

export const LIMITS: QueryLimits = { rows: 1_000, bytes: 1_000_000, milliseconds: 20_000 }
export const NEVER = new AbortController().signal

/** A PostgreSQL starts in some seconds, in a minute where everything else starts, too. */
export const STARTING_MS = 180_000
