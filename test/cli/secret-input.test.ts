import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { CommandFailure } from '../../cli/command-failure.ts'
import { readConnectionCredentials, readSecretValue } from '../../cli/secret-input.ts'

/** A terminal with a person at it, who types an answer once its question stands there. */
function terminal(answers: readonly [question: string, typed: string][]) {
  const input = Object.assign(new PassThrough(), { isTTY: true })
  const output = new PassThrough()
  const waiting = [...answers]
  let shown = ''
  let answered = 0
  output.on('data', (chunk) => {
    shown += chunk
    const [next] = waiting
    if (!next || !shown.slice(answered).includes(next[0])) return
    waiting.shift()
    answered = shown.length
    setImmediate(() => input.write(next[1]))
  })
  return { input, output, shown: () => shown }
}

const SECRET: [string, string] = ['Client secret', 'marked-client-secret\r']

describe('credentials typed by a person', () => {
  it('are asked for, the secret without showing it', async () => {
    const person = terminal([['Client id: ', 'client-1\r'], SECRET])
    expect(JSON.parse(await readConnectionCredentials(person))).toEqual({
      clientId: 'client-1',
      clientSecret: 'marked-client-secret',
    })
    expect(person.shown()).toContain('client-1')
    expect(person.shown()).not.toContain('marked')
  })

  it('are judged one by one, and asked for again', async () => {
    const person = terminal([
      ['Client id: ', 'two words\r'],
      ['Allowed: text without spaces.', ''],
      ['Client id: ', 'client-1\r'],
      ['Client secret', '\r'],
      ['Allowed: text without spaces.', ''],
      SECRET,
    ])
    expect(JSON.parse(await readConnectionCredentials(person))).toEqual({
      clientId: 'client-1',
      clientSecret: 'marked-client-secret',
    })
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
})

describe('a server’s secret typed by a person', () => {
  it('is not shown', async () => {
    const person = terminal([['Value', 'marked value\r']])
    expect(await readSecretValue(person)).toBe('marked value')
    expect(person.shown()).not.toContain('marked')
  })
})
