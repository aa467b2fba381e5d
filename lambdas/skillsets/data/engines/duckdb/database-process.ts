import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { AbilityError } from '../../../../runtime/ability-error.ts'
import { untilAborted } from '../../../../runtime/until-aborted.ts'
import type { Value } from '../../table.ts'
import { LESS_MEMORY } from '../hints.ts'
import type { Answer, FromProcess, Question, Refusal, ToProcess } from './messages.ts'

/** Milliseconds that an interrupted statement may take to end before its process is ended. */
const GRACE = 1_000

/**
 * Megabytes of data that a process may map beside DuckDB's memory. DuckDB's own limit leaves out what is on its way through
 * a statement: 2,048 long texts at a time. Node maps some 700 before it begins, of which it touches few.
 */
const HEADROOM = 1_024

export interface DatabaseProcessOptions {
  /** The module that answers: processes/duckdb.ts, or the bundle of it. */
  readonly entry: string
  /** Where it finds native modules: Node's NODE_PATH, empty where they are beside it. */
  readonly nodePath: string
  /** Its working directory. */
  readonly directory: string
  /** What DuckDB may take in it. */
  readonly memoryMegabytes: number
}

/** An answer with the rows that came before it. */
export interface FullAnswer extends Omit<Answer, 'lastRows'> {
  readonly rows: readonly (readonly Value[])[]
}

/** A process that holds one tenant's database and nothing of anybody else. */
export interface DatabaseProcess {
  /** False once it has ended, whoever ended it. */
  readonly alive: boolean
  /** Resolves when no statement runs any more that its asker has given up: by then they have ended, or the process has. */
  settled(): Promise<void>
  /**
   * Asks, and stops waiting as soon as the signal aborts; the statement is interrupted, and the process ended where that
   * does not help.
   * @throws AbilityError, or the signal's reason
   */
  ask(question: Question, signal: AbortSignal): Promise<FullAnswer>
  /** Ends it, and resolves when it is gone. */
  end(): Promise<void>
}

interface Pending {
  readonly question: Question
  readonly rows: (readonly Value[])[]
  readonly resolve: (answer: FullAnswer) => void
  readonly reject: (error: Error) => void
}

/** Starts a process that knows no variable of this one's environment, so no credentials. */
export function startDatabaseProcess(options: DatabaseProcessOptions): DatabaseProcess {
  const child = fork(options.entry, {
    cwd: options.directory,
    env: { NODE_PATH: options.nodePath, TZ: 'UTC' },
    // The shell sets what Node cannot set for a child: a statement that takes too much fails, and neither this process nor
    // the function that it runs in is ended for want of memory.
    execPath: '/bin/sh',
    execArgv: [
      ...['-c', `ulimit -d ${(options.memoryMegabytes + HEADROOM) * 1_024}; exec "$0" "$@"`, process.execPath],
      // Its JavaScript writes no file and starts no process. Node's permissions do not bind DuckDB's native code: that is
      // what external access turned off is for.
      ...['--permission', '--allow-addons', '--allow-fs-read=*', '--disable-warning=SecurityWarning'],
    ],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const pending = new Map<number, Pending>()
  const givenUp = new Set<Promise<unknown>>()
  let lastId = 0
  const gone = () => {
    for (const { question, reject } of pending.values()) reject(processEnded(question))
    pending.clear()
  }
  child.on('exit', gone).on('error', gone)
  child.on('message', (message: FromProcess) => {
    const asked = pending.get(message.id)
    if (!asked) return
    if ('rows' in message) return take(asked, message.rows)
    pending.delete(message.id)
    if ('refusal' in message) {
      const refuse = () => asked.reject(errorOf(message.refusal))
      // Told once it is gone, so that whoever asks next starts another.
      if (message.refusal.broken) child.once('exit', refuse)
      else refuse()
      return
    }
    const { lastRows, ...answer } = message.answer
    take(asked, lastRows ?? '[]')
    asked.resolve({ ...answer, rows: asked.rows })
  })
  const send = (message: ToProcess) => child.send(message, () => undefined)

  return {
    get alive() {
      return isAlive(child)
    },
    async settled() {
      await Promise.allSettled(givenUp)
    },
    async ask(question, signal) {
      signal.throwIfAborted()
      if (!isAlive(child)) throw processEnded(question)
      const id = ++lastId
      const answered = new Promise<FullAnswer>((resolve, reject) =>
        pending.set(id, { question, rows: [], resolve, reject }),
      )
      const interrupt = () => {
        send({ id, interrupt: true })
        const timer = setTimeout(() => child.kill('SIGKILL'), GRACE)
        const ended = answered
          .catch(() => undefined)
          .finally(() => {
            clearTimeout(timer)
            givenUp.delete(ended)
          })
        givenUp.add(ended)
      }
      signal.addEventListener('abort', interrupt, { once: true })
      try {
        send({ id, question })
        return await untilAborted(answered, signal)
      } finally {
        signal.removeEventListener('abort', interrupt)
      }
    },
    async end() {
      if (!isAlive(child)) return
      const exited = once(child, 'exit')
      child.kill('SIGKILL')
      await exited
    },
  }
}

function take({ rows }: Pending, batch: string): void {
  for (const row of JSON.parse(batch)) rows.push(row)
}

const isAlive = (child: ChildProcess) => child.pid !== undefined && child.exitCode === null && child.signalCode === null

function errorOf({ code, message, hint, detail }: Refusal): AbilityError {
  return new AbilityError(code, message, hint, detail ? { cause: new Error(detail) } : {})
}

function processEnded({ kind }: Question): Error {
  if (kind === 'build' || kind === 'open') return new Error(`the database process ended at ${kind}`)
  return new AbilityError(
    'out_of_memory',
    'The database ended before it had answered, most likely for want of memory.',
    LESS_MEMORY,
  )
}
