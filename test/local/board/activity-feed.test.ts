import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ActivityFeed } from '../../../local/board/activity-feed.ts'
import { LogTail } from '../../../local/board/log-tail.ts'
import { temporaryDirectory } from '../hand-made.ts'

function logs() {
  const directory = temporaryDirectory()
  const write = (name: string, text: string) => appendFileSync(join(directory, name), text)
  let second = 0
  const log = (name: string, fields: object) => {
    second += 1
    const timestamp = new Date(second * 1000).toISOString()
    write(name, `${JSON.stringify({ timestamp, ...fields })}\n`)
  }
  return { directory, write, log }
}

describe('the tail of logs', () => {
  it('gives each line once, whole, of every log', () => {
    const { directory, write } = logs()
    const tail = new LogTail(directory)
    expect(tail.read()).toEqual([])
    write('a.log', 'one\ntwo\nhal')
    write('b.log', 'ä\n')
    write('c.txt', 'no log\n')
    expect(tail.read()).toEqual(['one', 'two', 'ä'])
    write('a.log', 'f\n')
    expect(tail.read()).toEqual(['half'])
    expect(tail.read()).toEqual([])
  })

  it('of a long log reads the end', () => {
    const { directory, write } = logs()
    write('a.log', `${'x'.repeat(99)}\n`.repeat(10_000))
    expect(new LogTail(directory).read().length).toBeLessThan(3_000)
  })

  it('gives nothing where there are no logs', () => {
    expect(new LogTail('/nonexistent').read()).toEqual([])
  })
})

describe('the newest activities', () => {
  it('come with names for identifiers, in the order of their times', () => {
    const { directory, log } = logs()
    log('oauth.log', { audit: 'client.registered', client: 'c-1', name: 'Cursor' })
    log('oauth.log', { audit: 'sign_in.succeeded', sub: 'subject-1', email: 'alice@example.com', client: 'c-1' })
    log('devops.log', {
      audit: 'tool.called',
      server: 'devops',
      name: 't',
      outcome: 'ok',
      sub: 'subject-1',
      client: 'c-1',
    })
    log('authorizer.log', { audit: 'access.refused', server: 'devops', rule: 'token' })
    const feed = new ActivityFeed(new LogTail(directory))
    expect(feed.latest()).toMatchObject([
      { what: 'At the gate', who: undefined, clientName: undefined },
      { what: 'Call', who: 'alice@example.com', clientName: 'Cursor' },
      { what: 'Signed in' },
      { what: 'Client registered', clientName: 'Cursor' },
    ])
  })

  it('somebody whose sign-in was long ago is an identifier', () => {
    const { directory, log } = logs()
    log('devops.log', { audit: 'tool.called', server: 'devops', outcome: 'ok', sub: 'abcdefghij', client: 'c-1' })
    expect(new ActivityFeed(new LogTail(directory)).latest()).toMatchObject([
      { who: 'person abcdefgh', clientName: 'c-1' },
    ])
  })

  it('are fifty, numbered from one look to the next', () => {
    const { directory, log } = logs()
    const feed = new ActivityFeed(new LogTail(directory))
    for (let count = 0; count < 60; count += 1) log('oauth.log', { audit: 'sign_in.succeeded' })
    expect(feed.latest().map(({ number }) => number)).toEqual(Array.from({ length: 50 }, (_, at) => 60 - at))
    log('oauth.log', { audit: 'consent.denied' })
    expect(feed.latest()[0]).toMatchObject({ number: 61, what: 'Access' })
    expect(feed.latest()).toHaveLength(50)
  })
})
