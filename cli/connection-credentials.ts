import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import { text } from 'node:stream/consumers'
import * as z from 'zod'
import { CommandFailure, EXIT } from './command-failure.ts'

/** Where a person, or a script, gives input. Questions go to `output`. */
export interface Terminal {
  readonly input: NodeJS.ReadableStream & { readonly isTTY?: boolean }
  readonly output: NodeJS.WritableStream
}

const word = z.string().trim().min(1).regex(/^\S+$/)
const connectionCredentials = z.strictObject({ clientId: word, clientSecret: word })

/** What the identity provider's console gave for this factory. */
export type ConnectionCredentials = z.infer<typeof connectionCredentials>

/**
 * Asks for the credentials, the secret without showing it; where nobody sits there, reads them as JSON.
 * @throws CommandFailure for input that is none; it never repeats the input
 */
export async function readConnectionCredentials(terminal: Terminal): Promise<ConnectionCredentials> {
  const given = terminal.input.isTTY ? await ask(terminal) : parseJson(await text(terminal.input))
  const result = connectionCredentials.safeParse(given)
  if (result.success) return result.data
  const wrong = [...new Set(result.error.issues.map(({ path }) => path.join('.') || 'the input'))].join(', ')
  throw new CommandFailure(
    `${wrong}: not usable; allowed: a clientId and a clientSecret, both text without spaces`,
    EXIT.wrongUsage,
  )
}

async function ask(terminal: Terminal): Promise<unknown> {
  const clientId = await askLine(terminal, 'Client id: ', terminal.output)
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() })
  terminal.output.write('Client secret (is not shown): ')
  const clientSecret = await askLine(terminal, '', silent)
  terminal.output.write('\n')
  return { clientId, clientSecret }
}

/** One line of input; what is typed is echoed to `echo`. Ctrl-C and Ctrl-D end the command. */
async function askLine({ input }: Terminal, question: string, echo: NodeJS.WritableStream): Promise<string> {
  const lines = createInterface({ input, output: echo, terminal: true })
  const left = new AbortController()
  lines.on('SIGINT', () => left.abort())
  lines.on('close', () => left.abort())
  try {
    return await lines.question(question, { signal: left.signal })
  } catch (error) {
    throw new CommandFailure('Left without storing anything.', EXIT.failed, { cause: error })
  } finally {
    lines.close()
  }
}

function parseJson(input: string): unknown {
  try {
    return JSON.parse(input)
  } catch {
    throw new CommandFailure(
      'standard input: found no JSON; allowed: {"clientId":"…","clientSecret":"…"}',
      EXIT.wrongUsage,
    )
  }
}
