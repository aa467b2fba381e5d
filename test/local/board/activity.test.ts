import { describe, expect, it } from 'vitest'
import { activityOf } from '../../../local/board/activity.ts'

const AT = '2026-11-22T08:00:00.000Z'
const line = (fields: object) => JSON.stringify({ level: 'INFO', timestamp: AT, ...fields })

describe('what a line of a log tells', () => {
  it.each([
    [
      'a call',
      { message: 'tool called', service: 'devops', tool: 'x', outcome: 'ok', durationMs: 3, sub: 's', client: 'c' },
      { what: 'Call', outcome: 'ok', server: 'devops', ability: 'x', milliseconds: 3, sub: 's', client: 'c' },
    ],
    [
      'a call that failed',
      { message: 'tool called', service: 'devops', tool: 'x', outcome: 'conflict', durationMs: 3 },
      { what: 'Call', outcome: 'failed', detail: 'conflict' },
    ],
    [
      'a call without the scope',
      { message: 'tool refused', service: 'devops', tool: 'x', outcome: 'insufficient_scope', scope: 'a:b' },
      { outcome: 'refused', detail: 'insufficient_scope: a:b' },
    ],
    [
      'a sign-in',
      { message: 'signed in', service: 'oauth', sub: 's', email: 'alice@example.com', client: 'c' },
      { what: 'Signed in', outcome: 'ok', email: 'alice@example.com', server: undefined },
    ],
    [
      'a refused sign-in',
      {
        message: 'sign-in refused',
        service: 'oauth',
        rule: 'domain',
        detail: 'why',
        email: 'm@evil.test',
        server: 'x',
      },
      { outcome: 'refused', detail: 'why', email: 'm@evil.test', server: 'x' },
    ],
    [
      'a token',
      { message: 'token issued', service: 'oauth', server: 'devops', scopes: ['a', 'b'] },
      { what: 'Token issued', server: 'devops', detail: 'a b' },
    ],
    [
      'a refusal at the gate',
      {
        message: 'access refused',
        service: 'devops-authorizer',
        server: 'devops',
        outcome: 'unauthorized',
        rule: 'token',
      },
      { what: 'At the gate', outcome: 'refused', server: 'devops', detail: 'token' },
    ],
    [
      'a refused request',
      { message: 'request refused', service: 'oauth', path: '/token', error: 'invalid_grant', reason: 'Error: used' },
      { what: '/token', outcome: 'refused', detail: 'Error: used' },
    ],
    ['a registration', { message: 'client registered', client: 'c', name: 'Cursor' }, { clientName: 'Cursor' }],
  ])('%s', (_name, fields, expected) => {
    expect(activityOf(line(fields))).toMatchObject({ at: Date.parse(AT), ...expected })
  })

  it.each([
    ['no JSON', 'Task timed out after 3.00 seconds'],
    ['JSON that is no line', '[1]'],
    ['a message that nobody tells', line({ message: 'answered', path: '/token' })],
    ['a message named like a part of every object', line({ message: 'constructor' })],
    ['no time', JSON.stringify({ message: 'signed in' })],
    [
      'a page that was looked for in vain',
      line({ message: 'request refused', path: '/favicon.ico', error: 'not_found' }),
    ],
  ])('nothing: %s', (_name, text) => {
    expect(activityOf(text)).toBeUndefined()
  })

  it('a field of another type is passed over', () => {
    expect(activityOf(line({ message: 'tool called', tool: { deep: 1 }, outcome: 'ok' }))).toMatchObject({
      what: 'Call',
    })
  })
})
