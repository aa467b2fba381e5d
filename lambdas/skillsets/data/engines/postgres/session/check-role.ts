import type { ClientBase } from 'pg'
import type { PostgresDataset } from '../../../options.ts'
import { placeOf } from '../table-name.ts'

const PROBLEMS = `
  WITH declared AS (
    SELECT c.oid, relkind, reloptions, schema || '.' || relname AS name, by_row, others
    FROM json_to_recordset($1) AS d (schema text, relation text, by_row boolean, others boolean)
    JOIN pg_namespace n ON nspname = schema JOIN pg_class c ON relnamespace = n.oid AND relname = relation
  ), tables AS (
    SELECT c.oid, relkind FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
    WHERE relkind IN ('r', 'p', 'v', 'f', 'm', 'S') AND nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema'
  )
  SELECT 'is a superuser, may bypass row-level security, create roles or databases, or replicate'
  FROM pg_roles WHERE rolname = session_user AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication)
  UNION ALL SELECT 'belongs to ' || rolname FROM pg_roles
  WHERE rolname NOT IN (session_user, 'mcp_reader') AND pg_has_role(session_user, oid, 'MEMBER')
  UNION ALL SELECT 'may create schemas or temporary tables'
  WHERE has_database_privilege(current_database(), 'CREATE, TEMPORARY')
  UNION ALL SELECT 'may create in the schema ' || nspname FROM pg_namespace WHERE has_schema_privilege(oid, 'CREATE')
  UNION ALL SELECT 'may write to ' || oid::regclass FROM tables
  WHERE CASE relkind
    WHEN 'S' THEN has_sequence_privilege(oid, 'USAGE, UPDATE')
    ELSE has_table_privilege(oid, 'INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER')
      OR has_any_column_privilege(oid, 'INSERT, UPDATE, REFERENCES') END
  UNION ALL SELECT 'reads ' || name || ' without row-level security' FROM declared
  WHERE by_row AND NOT CASE relkind
    WHEN 'v' THEN coalesce(array_to_string(reloptions, ','), '') ~ 'security_invoker=(true|on|1|yes)'
    ELSE row_security_active(oid) END
  UNION ALL SELECT 'may read ' || name || ', which is another tenant''s' FROM declared
  WHERE others AND has_any_column_privilege(oid, 'SELECT')`

/**
 * Asks the server what the role of a new connection could do beyond reading its tenant's rows: a superuser's password in
 * the secret, or a table whose policy was forgotten, must stop the service and not pass unseen.
 * @throws Error that names all of it, for the log
 */
export async function checkRole(
  client: ClientBase,
  tenant: string,
  datasets: Readonly<Record<string, PostgresDataset>>,
): Promise<void> {
  const declared = Object.values(datasets).map(({ table, tenant: owner, tenantColumn }) => ({
    ...placeOf(table),
    by_row: tenantColumn !== undefined,
    others: owner !== undefined && owner !== tenant,
  }))
  const { rows } = await client.query<[string]>({
    text: PROBLEMS,
    values: [JSON.stringify(declared)],
    rowMode: 'array',
  })
  if (rows.length > 0)
    throw new Error(`the database role of ${tenant} ${rows.flat().join('; ')}: see docs/data-postgres.md`)
}
