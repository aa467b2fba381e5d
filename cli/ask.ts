import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import { CommandFailure } from './command-failure.ts'

/** Where a person, or a script, gives input. Questions go to `output`. */
export interface Terminal {
  readonly input: NodeJS.ReadableStream & { readonly isTTY?: boolean }
  readonly output: NodeJS.WritableStream
}

export interface Question {
  readonly text: string
  /** What is typed is not shown. */
  readonly hidden?: true
  /** What is wrong with an answer; it is asked for again. */
  wrong(answer: string): string | undefined
}

/**
 * Asks a person until the answer is usable. It comes without the white space around it.
 * @throws CommandFailure at Ctrl-C and Ctrl-D
 */
export async function ask(terminal: Terminal, question: Question): Promise<string> {
  while (true) {
    const answer = (await askOnce(terminal, question)).trim()
    const wrong = question.wrong(answer)
    if (wrong === undefined) return answer
    terminal.output.write(`${wrong}\n`)
  }
}

async function askOnce({ input, output }: Terminal, { text, hidden }: Question): Promise<string> {
  // readline shows what is typed on its output: a hidden answer's goes nowhere.
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() })
  const lines = createInterface({ input, output: hidden ? silent : output, terminal: true })
  const left = new AbortController()
  lines.on('SIGINT', () => left.abort())
  lines.on('close', () => left.abort())
  try {
    if (hidden) output.write(text)
    return await lines.question(hidden ? '' : text, { signal: left.signal })
  } catch (error) {
    throw new CommandFailure('Left: nothing was done.', undefined, { cause: error })
  } finally {
    lines.close()
    if (hidden) output.write('\n')
  }
}
