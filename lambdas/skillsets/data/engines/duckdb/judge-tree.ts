import { AbilityError } from '../../../../runtime/ability-error.ts'
import { refused } from '../refused.ts'
import { type Allowed, DATABASE } from './allowed-functions.ts'

/** A node of the tree that json_serialize_sql makes. */
export interface SyntaxNode {
  readonly type?: unknown
  readonly class?: unknown
  readonly [property: string]: unknown
}

/** Expressions, by their class. Another class is refused: it may be one that this judgement knows nothing of. */
const EXPRESSIONS = new Set(
  `BETWEEN CASE CAST COLLATE COLUMN_REF COMPARISON CONJUNCTION CONSTANT FUNCTION LAMBDA OPERATOR PARAMETER
   POSITIONAL_REFERENCE STAR SUBQUERY TYPE WINDOW`.split(/\s+/),
)

/** Everything else that has a type: queries, what they read from, and what orders and limits them. */
const NODES = new Set(
  `SELECT_NODE SET_OPERATION_NODE RECURSIVE_CTE_NODE
   BASE_TABLE SUBQUERY JOIN TABLE_FUNCTION EXPRESSION_LIST EMPTY PIVOT SHOW_REF
   ORDER_MODIFIER LIMIT_MODIFIER LIMIT_PERCENT_MODIFIER DISTINCT_MODIFIER
   ASCENDING DESCENDING ORDER_DEFAULT`.split(/\s+/),
)

/** Of these only the tenant's tables can be told; another name could be a file's, such as information_schema.csv. */
const INFORMATION = new Set(['tables', 'columns', 'schemata', 'views', 'table_constraints', 'key_column_usage'])

/** `DESCRIBE` and `SUMMARIZE` read what they are given; `SHOW TABLES` lists the tenant's tables. */
const SHOWN = new Set(['"tables"', '__show_tables_expanded'])

const ONLY_READ = 'Read from the tables alone, with functions that compute values.'

/**
 * Walks the whole tree. `inScope` has the names of the common table expressions that a table's name may mean at that place.
 * @throws AbilityError
 */
export function judgeTree(value: unknown, allowed: Allowed, inScope: ReadonlySet<string> = new Set()): void {
  if (Array.isArray(value)) for (const one of value) judgeTree(one, allowed, inScope)
  else if (typeof value === 'object' && value !== null) judgeNode(value as SyntaxNode, allowed, inScope)
}

function judgeNode(node: SyntaxNode, allowed: Allowed, outer: ReadonlySet<string>): void {
  judgeKind(node)
  if (node.type === 'BASE_TABLE') judgeTable(node, allowed, outer)
  if (node.type === 'SHOW_REF') judgeShown(node)
  if (node.class === 'FUNCTION' || node.class === 'WINDOW') judgeFunction(node, allowed.functions)
  let inScope = outer
  if (node.cte_map) {
    // Each sees those before it; one that was not there yet would be a file of that name.
    for (const { key, value } of (node.cte_map as CommonTableExpressions).map) {
      judgeTree(value, allowed, inScope)
      inScope = new Set([...inScope, lowerCase(key)])
    }
  }
  if (node.type === 'RECURSIVE_CTE_NODE') inScope = new Set([...inScope, lowerCase(String(node.cte_name))])
  for (const [property, value] of Object.entries(node)) {
    if (property === 'cte_map') continue
    if (node.type === 'TABLE_FUNCTION' && property === 'function')
      judgeTableFunction(value as SyntaxNode, allowed, inScope)
    else judgeTree(value, allowed, inScope)
  }
}

interface CommonTableExpressions {
  readonly map: readonly { readonly key: string; readonly value: unknown }[]
}

function judgeKind(node: SyntaxNode): void {
  const isKnown =
    typeof node.class === 'string'
      ? EXPRESSIONS.has(node.class)
      : typeof node.type !== 'string' || NODES.has(node.type) || node.type.endsWith('_TYPE_INFO')
  if (!isKnown) throw refused(`${node.class ?? node.type} is not among what a statement may contain`, ONLY_READ)
}

function judgeTable(node: SyntaxNode, allowed: Allowed, inScope: ReadonlySet<string>): void {
  const [catalog, schema, table] = [node.catalog_name, node.schema_name, node.table_name].map((name) =>
    lowerCase(String(name ?? '')),
  ) as [string, string, string]
  const isHere = catalog === '' || catalog === DATABASE
  // Two parts may be a schema or a database and a table.
  const isOwn = isHere && (schema === '' || schema === 'main' || (catalog === '' && schema === DATABASE))
  const isExpression = catalog === '' && schema === '' && inScope.has(table)
  const isInformation = isHere && schema === 'information_schema' && INFORMATION.has(table)
  if (isExpression || isInformation || (isOwn && allowed.tables.has(table))) return
  const name = [node.catalog_name, node.schema_name, node.table_name].filter(Boolean).join('.')
  throw new AbilityError(
    'query_failed',
    `There is no table ${name}.`,
    `The tables are ${[...allowed.tables].join(', ') || 'none'}.`,
  )
}

function judgeShown(node: SyntaxNode): void {
  if (!node.query && !SHOWN.has(String(node.table_name))) throw refused('SHOW lists TABLES only', ONLY_READ)
}

function judgeFunction(node: SyntaxNode, functions: ReadonlySet<string>): void {
  const name = lowerCase(String(node.function_name))
  if (!functions.has(name)) throw refused(`there is no function ${name} that only computes`, ONLY_READ)
}

function judgeTableFunction(node: SyntaxNode, allowed: Allowed, inScope: ReadonlySet<string>): void {
  judgeFunction(node, allowed.tableFunctions)
  for (const value of Object.values(node)) judgeTree(value, allowed, inScope)
}

/** As DuckDB compares names: the Kelvin sign, for one, is no k. */
const lowerCase = (name: string) => name.replace(/[A-Z]/g, (letter) => letter.toLowerCase())
