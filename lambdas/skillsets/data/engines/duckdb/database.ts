import type { DuckDBConnection } from '@duckdb/node-api'
import { readAllowedFunctions } from './allowed-functions.ts'
import { answerQuery } from './answer-query.ts'
import { createJudge } from './judge-statement.ts'
import type { Answer, ExplainQuestion, OpenQuestion, QueryQuestion } from './messages.ts'
import { openReadOnly } from './open-read-only.ts'

/** A tenant's open database. */
export interface Database {
  /**
   * Judges and runs a statement, on a connection of its own: nothing that one leaves behind meets the next.
   * @param started is given what interrupts it
   */
  answer(
    question: QueryQuestion | ExplainQuestion,
    send: (rows: string) => Promise<void>,
    started: (interrupt: () => void) => void,
  ): Promise<Answer>
}

/** Opens a database that was built before. */
export async function openDatabase(question: Omit<OpenQuestion, 'kind'>): Promise<Database> {
  const instance = await openReadOnly(question)
  const connection = await instance.connect()
  const tables = await connection.run('SELECT table_name FROM duckdb_tables() WHERE NOT internal')
  const judge = await createJudge(connection, {
    ...(await readAllowedFunctions(connection)),
    tables: new Set((await tables.getRows()).map(([name]) => String(name))),
  })
  return {
    async answer(question, send, started) {
      const connection = await instance.connect()
      try {
        started(() => connection.interrupt())
        await judge(question.sql)
        if (question.kind === 'query') return await answerQuery(connection, question, send)
        return { plan: await explain(connection, question.sql) }
      } finally {
        connection.closeSync()
      }
    },
  }
}

async function explain(connection: DuckDBConnection, sql: string): Promise<string> {
  const statement = await connection.prepare(`EXPLAIN ${sql}`)
  const result = await statement.run()
  return (await result.getRows()).map(([, plan]) => String(plan)).join('\n')
}
