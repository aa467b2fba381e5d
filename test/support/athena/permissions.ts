import { ACCOUNT, REGION } from '../../../local/resource-types.ts'
import type { TableName } from './athena-database.ts'

/** What kind of statement Athena takes a text for. */
export interface StatementKind {
  readonly type: 'DML' | 'DDL' | 'UTILITY'
  readonly substatement: string
  readonly reads: boolean
  /** What EXPLAIN explains, or the whole. */
  readonly statement: string
  /** EXPLAIN's. */
  readonly options: string
}

const READING = /^\(*\s*(?:SELECT|WITH|VALUES|TABLE)\b/i

/** By the words it begins with; comments are passed over (measured at the real service). */
export function statementKind(sql: string): StatementKind {
  const bare = sql.replace(/^(?:\s+|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)+/, '')
  const [explain, options = ''] = /^EXPLAIN\s*(\([^)]*\))?/i.exec(bare) ?? []
  const statement = bare.slice(explain?.length ?? 0).replace(/^(?:\s+|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)+/, '')
  const lines = sql.slice(0, sql.length - statement.length).replace(/[^\n]/g, '')
  const [first = '', second = ''] = statement.toUpperCase().split(/\s+/)
  const reads = READING.test(statement)
  if (explain !== undefined)
    return { type: 'DML', substatement: 'EXPLAIN', reads, statement: `${lines}${statement}`, options }
  if (reads) return { type: 'DML', substatement: 'SELECT', reads, statement: `${lines}${statement}`, options }
  const type =
    first === 'SHOW' || first === 'DESCRIBE' ? 'UTILITY' : first === 'INSERT' || first === 'UNLOAD' ? 'DML' : 'DDL'
  return { type, substatement: `${first}_${second}`, reads, statement, options }
}

const glue = (resource: string) => `arn:aws:glue:${REGION}:${ACCOUNT}:${resource}`

/** ARN of a table's files. */
export type LocationOf = (table: Pick<TableName, 'schema' | 'table'>) => string

/** What a role has to be allowed for a statement: actions and the resources they are on. */
export function neededFor(
  kind: StatementKind,
  tables: readonly TableName[],
  database: string,
  locationOf: LocationOf,
): (readonly [string, string])[] {
  if (!kind.reads) return [writing(kind.substatement, database, locationOf)]
  return tables.flatMap((table): (readonly [string, string])[] => {
    if (table.schema === 'information_schema') return [['glue:GetTables', glue(`table/${database}/*`)]]
    const catalog = ['glue:GetTable', glue(`table/${table.schema}/${table.table}`)] as const
    return kind.substatement === 'EXPLAIN' ? [catalog] : [catalog, ['s3:GetObject', locationOf(table)]]
  })
}

function writing(substatement: string, database: string, locationOf: LocationOf): readonly [string, string] {
  if (/^(?:INSERT|UNLOAD|MERGE|UPDATE|DELETE|OPTIMIZE|VACUUM)/.test(substatement))
    return ['s3:PutObject', locationOf({ schema: database, table: 'orders' })]
  if (/^(?:DROP)/.test(substatement)) return ['glue:DeleteTable', glue(`table/${database}/orders`)]
  if (/^(?:ALTER|MSCK)/.test(substatement)) return ['glue:UpdateTable', glue(`table/${database}/orders`)]
  if (/^(?:SHOW|DESCRIBE)/.test(substatement)) return ['glue:GetDatabases', glue('catalog')]
  if (/^(?:PREPARE|EXECUTE|DEALLOCATE)/.test(substatement)) return ['athena:CreatePreparedStatement', glue('catalog')]
  if (/^USING/.test(substatement)) return ['lambda:InvokeFunction', `arn:aws:lambda:${REGION}:${ACCOUNT}:function:udf`]
  return ['glue:CreateTable', glue(`table/${database}/stolen`)]
}
