import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readingStatement } from '../../../../../../lambdas/skillsets/data/engines/athena/statement.ts'

describe('a statement that reads', () => {
  it.each([
    ['select 1', 'select 1'],
    ['SELECT 1 ;', 'SELECT 1'],
    ['  SELECT 1;;\n', '  SELECT 1'],
    ['-- why\nSELECT 1', '      \nSELECT 1'],
    ['/* a;\nb */ WITH x AS (SELECT 1) TABLE x', '     \n     WITH x AS (SELECT 1) TABLE x'],
    ["SELECT ';--' -- ; DROP", "SELECT ';--'"],
    ['SELECT "a;b", \'it\'\'s\' FROM "a""b"', 'SELECT "a;b", \'it\'\'s\' FROM "a""b"'],
    ['((SELECT 1))', '((SELECT 1))'],
    ['VALUES (1)', 'VALUES (1)'],
    ['TABLE orders', 'TABLE orders'],
    ['SELECT 1 AS create_table, drop_it FROM insert_into', 'SELECT 1 AS create_table, drop_it FROM insert_into'],
  ])('%j is sent as %j: without comments, everything else where it stood', (sql, sent) => {
    expect(readingStatement(sql)).toBe(sent)
  })

  it('stays what it is when it is looked at again', () => {
    const part = fc.constantFrom('SELECT', ' ', '\n', "'", '"', '--', '/*', '*/', ';', '(', ')', '1', 'x', '$', 'TABLE')
    fc.assert(
      fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
        const sql = `SELECT 1 ${parts.join('')}`
        let statement: string
        try {
          statement = readingStatement(sql)
        } catch {
          return
        }
        expect(readingStatement(statement)).toBe(statement)
        // Outside of quotes nothing is left that could hide something or begin another statement.
        expect(statement.replace(/'(?:[^']|'')*'|"(?:[^"]|"")*"/g, ' ')).not.toMatch(/;|--|\/\*|['"]/)
      }),
      { numRuns: 2000 },
    )
  })
})

describe('refused, and nothing is sent', () => {
  it.each([
    ['', 'not a query'],
    ['-- nothing', 'not a query'],
    ['()', 'not a query'],
    ['INSERT INTO orders VALUES (1)', 'not a query'],
    ['/* SELECT */ DROP TABLE orders', 'not a query'],
    ['-- SELECT\nMSCK REPAIR TABLE orders', 'not a query'],
    ['EXPLAIN ANALYZE SELECT 1', 'not a query'],
    ["UNLOAD (SELECT 1) TO 's3://x/' WITH (format = 'CSV')", 'not a query'],
    ["USING EXTERNAL FUNCTION f(a INT) RETURNS INT LAMBDA 'f' SELECT f(1)", 'not a query'],
    ['FROM orders INSERT OVERWRITE TABLE x SELECT *', 'not a query'],
    ['SELECT 1; SELECT 2', 'more than one'],
    ['SELECT 1;\nDROP TABLE orders', 'more than one'],
    ['SELECT 1; /* */ ; x', 'more than one'],
    ["SELECT 'open", 'text that does not end'],
    ['SELECT "open', 'a quoted name that does not end'],
    ['SELECT 1 /* open', 'a comment that does not end'],
    ['SELECT "$path" FROM orders', 'Athena’s own'],
    ['SELECT * FROM "orders$partitions"', 'Athena’s own'],
    ["SELECT * FROM TABLE(system.query(query => 'SELECT 1'))", 'table function'],
    ['SELECT * FROM TABLE /* */ (x)', 'table function'],
  ])('%j: %s', (sql, why) => {
    expect(() => readingStatement(sql)).toThrow(
      expect.objectContaining({ code: 'query_refused', message: expect.stringContaining(why) }),
    )
  })
})
