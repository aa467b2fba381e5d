import { createRequire } from 'node:module'
import type { ParseResult } from 'libpg-query'
import { AbilityError } from '../../../../../runtime/ability-error.ts'
import { once } from '../../../../../runtime/once.ts'
import { CORRECT_IT } from '../../hints.ts'
import { refused } from '../../refused.ts'

const ONE_SELECT = 'Send exactly one SELECT statement; WITH, VALUES and TABLE are SELECTs, too.'

/** By require: its WebAssembly lies beside it, in the layer where this is bundled. */
const loadParser = once(async () => {
  const parser = createRequire(import.meta.url)('libpg-query') as typeof import('libpg-query')
  await parser.loadModule()
  return parser.parseSync
})

/**
 * The parse tree of the only statement in a text, and the text of that statement.
 * @throws AbilityError `query_failed` where it is no SQL, `query_refused` where it is not exactly one statement
 */
export async function parseStatement(sql: string): Promise<{ readonly tree: unknown; readonly text: string }> {
  // Both parser and protocol end a text at NUL: what stands behind it would be judged by nobody.
  if (sql.includes('\0')) throw refused('it has a NUL character', ONE_SELECT)
  const parse = await loadParser()
  const { stmts = [] } = parsed(parse, sql)
  const [statement] = stmts
  if (statement === undefined || stmts.length > 1) throw refused(`it has ${stmts.length} statements`, ONE_SELECT)
  const { stmt, stmt_location: start = 0, stmt_len: length } = statement
  const bytes = Buffer.from(sql)
  const text = bytes.subarray(start, length === undefined ? bytes.length : start + length).toString()
  if (!stmt || !('SelectStmt' in stmt)) throw refused('it is not a SELECT', ONE_SELECT)
  return { tree: stmt, text }
}

function parsed(parse: (sql: string) => ParseResult, sql: string): ParseResult {
  try {
    return parse(sql)
  } catch (error) {
    // Of a tree that is too deep for the stack; the parser goes on working.
    if (error instanceof RangeError) throw refused('it is nested too deeply', ONE_SELECT)
    const message = error instanceof Error ? error.message : 'it cannot be parsed'
    throw new AbilityError('query_failed', `The query is no SQL: ${message}.`, CORRECT_IT, { cause: error })
  }
}
