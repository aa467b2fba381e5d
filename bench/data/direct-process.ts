import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { DirectAnswer, DirectQuestion } from './direct-duckdb.ts'

/** A process in which DuckDB is called directly, one question at a time. */
export class DirectProcess {
  readonly #child: ChildProcess = fork(join(import.meta.dirname, 'direct-duckdb.ts'), { serialization: 'advanced' })

  /** @throws Error where the process has ended: it says why on stderr */
  async ask(question: DirectQuestion): Promise<DirectAnswer> {
    const listening = new AbortController()
    const { signal } = listening
    const answered = Promise.race([once(this.#child, 'message', { signal }), once(this.#child, 'exit', { signal })])
    this.#child.send(question)
    const [answer] = await answered.finally(() => listening.abort())
    if (typeof answer !== 'object') throw new Error(`DuckDB called directly: its process ended with ${answer}`)
    return answer
  }

  end(): void {
    this.#child.kill('SIGKILL')
  }
}
