import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { CommandFailure } from '../../cli/command-failure.ts'
import { readConnectionCredentials } from '../../cli/connection-credentials.ts'

/** A terminal with a person at it, who types an answer once its question stands there. */
function terminal(answers: readonly [question: string, typed: string][]) {
  const input = Object.assign(new PassThrough(), { isTTY: true })
  const output = new PassThrough()
  const waiting = [...answers]
  let shown = ''
  output.on('data', (chunk) => {
    shown += chunk
    const [next] = waiting
    if (next && shown.includes(next[0])) {
      waiting.shift()
      setImmediate(() => input.write(next[1]))
    }
  })
  return { input, output, shown: () => shown }
}

describe('credentials typed by a person', () => {
  it('are asked for, the secret without showing it', async () => {
    const person = terminal([
      ['Client id: ', 'client-1\r'],
      ['Client secret', 'marked-client-secret\r'],
    ])
    expect(await readConnectionCredentials(person)).toEqual({
      clientId: 'client-1',
      clientSecret: 'marked-client-secret',
    })
    expect(person.shown()).toContain('client-1')
    expect(person.shown()).not.toContain('marked')
  })

  it.each([
    ['Ctrl-C', '\u0003'],
    ['Ctrl-D', '\u0004'],
  ])('%s leaves without storing anything', async (_, key) => {
    const person = terminal([
      ['Client id: ', 'client-1\r'],
      ['Client secret', key],
    ])
    await expect(readConnectionCredentials(person)).rejects.toThrow(CommandFailure)
  })

  it('an empty answer is refused without repeating the other', async () => {
    const person = terminal([
      ['Client id: ', '\r'],
      ['Client secret', 'marked-client-secret\r'],
    ])
    await expect(readConnectionCredentials(person)).rejects.toThrow(/^clientId: not usable/)
  })
})
