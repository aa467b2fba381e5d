import { text } from 'node:stream/consumers'
import * as z from 'zod'
import { parseJson } from '../model/parse-json.ts'
import { ask, type Terminal } from './ask.ts'
import { CommandFailure, EXIT } from './command-failure.ts'

const word = z.string().trim().min(1).regex(/^\S+$/)
const connectionCredentials = z.strictObject({ clientId: word, clientSecret: word })

/**
 * The value of a connection's secret: the client id and secret that the identity provider's console gave, asked for one
 * by one, or as JSON where nobody sits there.
 * @throws CommandFailure for input that is none; it never repeats the input
 */
export async function readConnectionCredentials(terminal: Terminal): Promise<string> {
  const given = terminal.input.isTTY ? await askCredentials(terminal) : parseJson(await text(terminal.input))
  if (given === undefined)
    throw new CommandFailure(
      'standard input: found no JSON; allowed: {"clientId":"…","clientSecret":"…"}',
      EXIT.wrongUsage,
    )
  const result = connectionCredentials.safeParse(given)
  if (result.success) return JSON.stringify(result.data)
  const wrong = [...new Set(result.error.issues.map(({ path }) => path.join('.') || 'the input'))].join(', ')
  throw new CommandFailure(
    `${wrong}: not usable; allowed: a clientId and a clientSecret, both text without spaces`,
    EXIT.wrongUsage,
  )
}

/**
 * The value of a server's secret: a line that a person types, or whatever a script gives but for a line break at its end.
 * @throws CommandFailure where it is empty
 */
export async function readSecretValue(terminal: Terminal): Promise<string> {
  const wrong = (value: string) => (value === '' ? 'Found nothing; allowed: one line of text.' : undefined)
  if (terminal.input.isTTY) return ask(terminal, { text: 'Value (is not shown): ', hidden: true, wrong })
  const value = (await text(terminal.input)).replace(/\r?\n$/, '')
  if (value === '') throw new CommandFailure('standard input: found nothing; allowed: the value', EXIT.wrongUsage)
  return value
}

async function askCredentials(terminal: Terminal): Promise<unknown> {
  const wrong = (answer: string) => (word.safeParse(answer).success ? undefined : 'Allowed: text without spaces.')
  const clientId = await ask(terminal, { text: 'Client id: ', wrong })
  const clientSecret = await ask(terminal, { text: 'Client secret (is not shown): ', hidden: true, wrong })
  return { clientId, clientSecret }
}
