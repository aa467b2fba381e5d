import { refused } from '../../refused.ts'
import { mayBeField, mayCall, type ServerFunctions } from './functions.ts'
import { parseStatement } from './parse-statement.ts'
import { NAMEABLE_TYPES, READING_NODES, SYSTEM_COLUMNS } from './syntax.ts'

/** What a statement may name. */
export interface Readable {
  /** Names of data sets. */
  readonly datasets: ReadonlySet<string>
  readonly functions: ServerFunctions
}

export interface GuardedStatement {
  /** The one statement, without a semicolon. */
  readonly text: string
  /** The data sets that it reads. */
  readonly datasets: readonly string[]
}

const DATA_SETS_ALONE = "Send one SELECT over the data sets, with PostgreSQL's usual functions."

type Fields = Readonly<Record<string, unknown>>

/**
 * Passes one reading statement that names only data sets and harmless functions, judged from the tree that PostgreSQL's
 * own parser (libpg_query) makes of it. The session has to run it with `standard_conforming_strings` on and `pg_catalog`
 * as its `search_path`, as was assumed here.
 * @throws AbilityError `query_refused`
 */
export async function guardStatement(sql: string, readable: Readable): Promise<GuardedStatement> {
  const { tree, text } = await parseStatement(sql)
  const used = new Set<string>()
  try {
    walk(tree, new Set())
  } catch (error) {
    throw error instanceof RangeError ? refused('it is nested too deeply', DATA_SETS_ALONE) : error
  }
  return { text, datasets: [...used] }

  /** @param commonTables names that WITH brings into sight here */
  function walk(node: unknown, commonTables: ReadonlySet<string>): void {
    if (Array.isArray(node)) for (const item of node) walk(item, commonTables)
    if (!isFields(node)) return
    for (const [key, child] of Object.entries(node)) {
      // The parser writes types of nodes with a capital letter, fields without.
      if (/^[A-Z]/.test(key) && !READING_NODES.has(key)) throw refused(`${key} is not allowed`, DATA_SETS_ALONE)
      if (!isFields(child)) walk(child, commonTables)
      // The branches of a UNION are SELECTs without a type of their own.
      else if (key === 'SelectStmt' || key === 'larg' || key === 'rarg') walkSelect(child, commonTables)
      else {
        check(key, child, commonTables)
        walk(child, commonTables)
      }
    }
  }

  /** Of WITH each sees those before it, or all where it is RECURSIVE; the statement itself sees all. */
  function walkSelect({ withClause, ...statement }: Fields, commonTables: ReadonlySet<string>): void {
    const inSight = new Set(commonTables)
    if (isFields(withClause) && Array.isArray(withClause.ctes)) {
      if (withClause.recursive === true) for (const item of withClause.ctes) inSight.add(nameOf(item))
      for (const item of withClause.ctes) {
        walk(item, new Set(inSight))
        inSight.add(nameOf(item))
      }
    }
    walk(statement, inSight)
  }

  function check(key: string, node: Fields, commonTables: ReadonlySet<string>): void {
    if (key === 'intoClause') throw refused('SELECT INTO is not allowed', DATA_SETS_ALONE)
    if (key === 'RangeVar') checkTable(node, commonTables)
    if (key === 'FuncCall') checkFunction(strings(node.funcname))
    if (key === 'TypeName' || key === 'typeName') checkType(strings(node.names))
    if (key === 'ColumnRef') checkColumn(strings(node.fields))
    if (key === 'SQLValueFunction') checkValue(String(node.op))
    if (key === 'A_Indirection') checkFields(strings(node.indirection))
    if (key === 'A_Expr') checkQualifier(strings(node.name), 'operator')
    if (key === 'SubLink') checkQualifier(strings(node.operName), 'operator')
    if (key === 'SortBy') checkQualifier(strings(node.useOp), 'operator')
    if (key === 'CollateClause' || key === 'collClause') checkQualifier(strings(node.collname), 'collation')
    if (key === 'RangeTableSample') checkSampling(strings(node.method))
  }

  function checkTable({ catalogname, schemaname, relname }: Fields, commonTables: ReadonlySet<string>): void {
    const name = String(relname)
    const whole = [catalogname, schemaname, relname].filter((part) => part !== undefined).join('.')
    if (whole === name && commonTables.has(name)) return
    if (whole !== name || !readable.datasets.has(name))
      throw refused(`${whole} is no data set; there are: ${[...readable.datasets].join(', ')}`, DATA_SETS_ALONE)
    used.add(name)
  }

  function checkFunction(path: readonly string[]): void {
    const name = checkQualifier(path, 'function')
    if (!mayCall(name, readable.functions)) throw refused(`the function ${name} is not allowed`, DATA_SETS_ALONE)
  }

  function checkType(path: readonly string[]): void {
    const name = checkQualifier(path, 'type')
    if (!NAMEABLE_TYPES.has(name)) throw refused(`the type ${name} is not allowed`, DATA_SETS_ALONE)
  }

  function checkColumn(path: readonly string[]): void {
    const system = path.find((name) => SYSTEM_COLUMNS.has(name))
    if (system !== undefined) throw refused(`the column ${system} is PostgreSQL's own`, DATA_SETS_ALONE)
    checkFields(path.slice(1))
  }

  function checkFields(names: readonly string[]): void {
    const called = names.find((name) => !mayBeField(name, readable.functions))
    if (called !== undefined) throw refused(`.${called} would call a function that is not allowed`, DATA_SETS_ALONE)
  }
}

/** CURRENT_DATE and the like; not CURRENT_USER, CURRENT_SCHEMA and theirs. */
function checkValue(operation: string): void {
  if (!/_(DATE|TIME|TIMESTAMP)(_N)?$/.test(operation))
    throw refused('who and where the session is, is not for queries', DATA_SETS_ALONE)
}

function checkSampling(method: readonly string[]): void {
  if (!/^(system|bernoulli)$/.test(method.join('.')))
    throw refused('TABLESAMPLE takes SYSTEM or BERNOULLI', DATA_SETS_ALONE)
}

/** The last name; what stands before it may be nothing but pg_catalog. */
function checkQualifier(path: readonly string[], kind: string): string {
  const name = path.at(-1) ?? ''
  if (path.length > 2 || (path.length === 2 && path[0] !== 'pg_catalog'))
    throw refused(`the ${kind} ${path.join('.')} is not one of PostgreSQL's own`, DATA_SETS_ALONE)
  return name
}

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The names in a list of String nodes; others, such as `*` and subscripts, are left out. */
function strings(nodes: unknown): string[] {
  if (!Array.isArray(nodes)) return []
  return nodes.flatMap(({ String: node }: { String?: { sval?: string } }) => (node ? [node.sval ?? ''] : []))
}

const nameOf = (item: Fields) => String((item.CommonTableExpr as Fields | undefined)?.ctename)
