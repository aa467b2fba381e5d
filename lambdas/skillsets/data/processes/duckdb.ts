import { buildDatabase } from '../engines/duckdb/build-database.ts'
import { type Database, openDatabase } from '../engines/duckdb/database.ts'
import { refusalOf } from '../engines/duckdb/engine-errors.ts'
import type { Answer, DatabaseSize, FromProcess, Question, ToProcess } from '../engines/duckdb/messages.ts'

/** The process of one tenant's database: it either builds one, or opens one and answers statements. */

const interrupts = new Map<number, () => void>()
let database: Database | undefined
let size: DatabaseSize = { memoryMegabytes: 0, threads: 0 }

async function answer(id: number, question: Question): Promise<Answer> {
  switch (question.kind) {
    case 'build':
      await buildDatabase(question)
      return {}
    case 'open':
      size = question
      database = await openDatabase(question)
      return {}
    default:
      if (!database) throw new Error('asked before a database was opened')
      return await database.answer(
        question,
        (rows) => tell({ id, rows }),
        (interrupt) => interrupts.set(id, interrupt),
      )
  }
}

const tell = (message: FromProcess) => new Promise<void>((sent) => process.send?.(message, () => sent()))

// exit() would wait for the statements that run.
const end = () => process.kill(process.pid, 'SIGKILL')

process.on('message', async (message: ToProcess) => {
  const { id } = message
  if ('interrupt' in message) return interrupts.get(id)?.()
  try {
    await tell({ id, answer: await answer(id, message.question) })
  } catch (error) {
    const refusal = refusalOf(error, size)
    await tell({ id, refusal })
    if (refusal.broken) end()
  } finally {
    interrupts.delete(id)
  }
})
process.on('disconnect', end)
