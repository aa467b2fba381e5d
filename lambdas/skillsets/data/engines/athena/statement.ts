import { refused } from '../refused.ts'

/** What a statement that reads begins with; Athena counts all of them as `SELECT`. */
const READING = ['SELECT', 'WITH', 'VALUES', 'TABLE']

/** Trino's lexis, as far as it matters where a word begins and ends. */
const TOKEN =
  /(?<blank>[ \t\r\n]+)|(?<comment>--[^\r\n]*|\/\*[\s\S]*?\*\/)|(?<text>'(?:[^']|'')*')|(?<name>"(?:[^"]|"")*")|(?<word>[A-Za-z_][A-Za-z0-9_]*)|(?<sign>[\s\S])/gy

/** A sign that is left alone has begun something which does not end. */
const UNENDED = { "'": 'text', '"': 'a quoted name', '/*': 'a comment' }

/**
 * The one statement of a text, without comments and without a semicolon behind it; everything else stands where it stood, so
 * that positions in Athena's messages hold. That it reads and what it reads, Athena is asked (`plan.ts`); here is decided
 * that it is one statement of the kind that reads, so that nothing else is ever sent.
 * @throws AbilityError `query_refused`
 */
export function readingStatement(sql: string): string {
  const words: string[] = []
  let statement = ''
  let ended = false
  for (const { 0: token, groups = {}, index } of sql.matchAll(TOKEN)) {
    if (groups.blank !== undefined || groups.comment !== undefined) {
      // What a comment hides from one reader of the statement, another might read.
      statement += token.replace(/[^\r\n]/g, ' ')
      continue
    }
    if (token === ';') {
      ended = true
      statement += ' '
      continue
    }
    if (ended) throw refused('there is more than one statement', 'Send one statement at a time.')
    if (groups.sign !== undefined) assertEnds(sql, index)
    assertPlain(token, groups.name, words.at(-1))
    words.push(token.toUpperCase())
    statement += token
  }
  const first = words.find((word) => word !== '(')
  if (first === undefined || !READING.includes(first))
    throw refused('it is not a query', `Send one statement that begins with ${READING.join(', ')} or a parenthesis.`)
  return statement.trimEnd()
}

function assertPlain(token: string, name: string | undefined, before: string | undefined): void {
  // Table functions reach past tables: `system.query` hands its text to another database.
  if (token === '(' && before === 'TABLE')
    throw refused(
      'it calls a table function',
      'Read data sets by their names, and sequences by UNNEST(sequence(1, 10)).',
    )
  // `"$path"`, `"orders$partitions"`: where the rows lie.
  if (name?.includes('$'))
    throw refused(`it names ${name}, which is Athena’s own`, 'Name columns and data sets that describe_dataset shows.')
}

function assertEnds(sql: string, index: number): void {
  for (const [sign, begun] of Object.entries(UNENDED))
    if (sql.startsWith(sign, index)) throw refused(`it begins ${begun} that does not end`, 'End it.')
}
