import type { DuckDBConnection } from '@duckdb/node-api'
import { AbilityError } from '../../../../runtime/ability-error.ts'
import { CORRECT_IT } from '../hints.ts'
import { refused } from '../refused.ts'
import type { Allowed } from './allowed-functions.ts'
import { judgeTree, type SyntaxNode } from './judge-tree.ts'

/** What json_serialize_sql answers. */
type Parsed =
  | { readonly error: false; readonly statements: readonly { readonly node: SyntaxNode }[] }
  | { readonly error: true; readonly error_type: string; readonly error_message: string }

const ONE_QUERY =
  'Send exactly one SELECT (WITH, VALUES, FROM … SELECT, DESCRIBE and SUMMARIZE count as such). PIVOT needs its values named: ON … IN (…). For a plan use explain_query.'

/** Judges statements one after the other. */
export type Judge = (sql: string) => Promise<void>

/**
 * Makes the judge that lets one reading statement pass: DuckDB's own parser reads it, binding nothing, and the tree that it
 * makes may name only the tenant's tables and functions that compute. The judge throws AbilityError `query_refused`, or
 * `query_failed` where the statement cannot be parsed or names a table that is not there.
 * @param connection the judge's own
 */
export async function createJudge(connection: DuckDBConnection, allowed: Allowed): Promise<Judge> {
  const serialize = await connection.prepare(
    'SELECT json_serialize_sql($1::VARCHAR, skip_default := true, skip_empty := true, skip_null := true)',
  )
  const parse = async (sql: string): Promise<Parsed> => {
    serialize.bindVarchar(1, sql)
    const [[text] = []] = await (await serialize.run()).getRows()
    return JSON.parse(String(text))
  }
  let turn: Promise<unknown> = Promise.resolve()
  return async (sql) => {
    // DuckDB reads a statement to its first NUL, JSON to its end: they would judge one and run another.
    if (sql.includes('\0')) throw refused('it contains a NUL character', ONE_QUERY)
    const parsing = turn.then(() => parse(sql))
    turn = parsing.catch(() => undefined)
    const parsed = await parsing
    if (parsed.error && parsed.error_type === 'not implemented')
      throw refused('it is another kind of statement', ONE_QUERY)
    if (parsed.error) throw await syntaxError(connection, sql, parsed.error_message)
    const [statement, ...more] = parsed.statements
    if (!statement) throw refused('there is none', ONE_QUERY)
    if (more.length > 0) throw refused(`these are ${parsed.statements.length} statements`, ONE_QUERY)
    judgeTree(statement.node, allowed)
  }
}

/** The parser's words with the line and the caret under it, which models go by. */
async function syntaxError(connection: DuckDBConnection, sql: string, message: string): Promise<AbilityError> {
  const told = await connection.extractStatements(sql).then(
    () => message,
    (error: Error) => error.message.replace('Failed to extract statements: ', ''),
  )
  return new AbilityError('query_failed', told, CORRECT_IT)
}
