import { describe, expect, it } from 'vitest'
import { activityOf } from '../../../local/board/activity.ts'

const AT = '2026-11-22T08:00:00.000Z'
const line = (fields: object) => JSON.stringify({ level: 'INFO', timestamp: AT, ...fields })

describe('what a line of a log tells', () => {
  it.each([
    [
      'a call',
      { audit: 'tool.called', server: 'devops', name: 'x', outcome: 'ok', durationMs: 3, sub: 's', client: 'c' },
      { what: 'Call', outcome: 'ok', server: 'devops', ability: 'x', milliseconds: 3, sub: 's', client: 'c' },
    ],
    [
      'what an administrator has done',
      { message: 'person.blocked', service: 'command-line', email: 'a@b.test' },
      { what: 'Blocked by an administrator', outcome: 'ok', email: 'a@b.test' },
    ],
    [
      'a call that an ability refused, by its code',
      { audit: 'tool.called', server: 'devops', name: 'x', outcome: 'conflict', durationMs: 3 },
      { what: 'Call', outcome: 'refused', detail: 'conflict', milliseconds: 3 },
    ],
    [
      'a call whose time was over',
      { audit: 'tool.called', server: 'devops', name: 'x', outcome: 'timeout', durationMs: 3 },
      { what: 'Call', outcome: 'failed', detail: 'timeout' },
    ],
    [
      'a call whose ability threw: what, and where in its own source',
      {
        message: 'ability failed',
        service: 'devops',
        tool: 'x',
        sub: 's',
        error: {
          name: 'TypeError',
          message: 'no lambdas/skillsets/a.ts:1\nmore',
          stack:
            'TypeError: no lambdas/skillsets/a.ts:1\nmore\n    at get (/p/node_modules/l/i.js:1:2)\n' +
            '    at run (/p/lambdas/skillsets/devops/abilities/x.ts:12:5)\n    at call (/p/lambdas/runtime/c.ts:1:1)',
        },
      },
      {
        what: 'Call',
        outcome: 'failed',
        server: 'devops',
        ability: 'x',
        sub: 's',
        detail: 'TypeError: no lambdas/skillsets/a.ts:1 (lambdas/skillsets/devops/abilities/x.ts:12)',
      },
    ],
    [
      'a call whose ability threw what is no error',
      { message: 'ability failed', service: 'devops', tool: 'x', error: 'nonsense' },
      { outcome: 'failed', detail: 'nonsense' },
    ],
    [
      'a call that a proxy passed on',
      { audit: 'call.proxied', server: 'wiki', methods: ['tools/call'], tools: ['find'], outcome: 'ok', durationMs: 9 },
      { what: 'Call', outcome: 'ok', server: 'wiki', ability: 'find', milliseconds: 9 },
    ],
    [
      'a call whose backend is down',
      { audit: 'call.proxied', server: 'wiki', methods: ['tools/list'], tools: [], outcome: 'backend_unreachable' },
      { what: 'Call', outcome: 'failed', server: 'wiki', ability: 'tools/list', detail: 'backend_unreachable' },
    ],
    [
      'a grant that its person ended',
      { audit: 'grant.ended', reason: 'ended by its person' },
      { what: 'Grant ended', outcome: 'ok', detail: 'ended by its person' },
    ],
    [
      'a call without the scope',
      { audit: 'tool.called', server: 'devops', name: 'x', outcome: 'insufficient_scope', scope: 'a:b' },
      { outcome: 'refused', detail: 'insufficient_scope: a:b' },
    ],
    [
      'a sign-in',
      { audit: 'sign_in.succeeded', service: 'oauth', sub: 's', email: 'alice@example.com', client: 'c' },
      { what: 'Signed in', outcome: 'ok', email: 'alice@example.com', server: undefined },
    ],
    [
      'a refused sign-in',
      {
        audit: 'sign_in.refused',
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
      { audit: 'token.issued', service: 'oauth', server: 'devops', scopes: ['a', 'b'] },
      { what: 'Token issued', server: 'devops', detail: 'a b' },
    ],
    [
      'a refusal at the gate',
      {
        audit: 'access.refused',
        service: 'devops-authorizer',
        server: 'devops',
        outcome: 'unauthorized',
        rule: 'token',
      },
      { what: 'At the gate', outcome: 'refused', server: 'devops', detail: 'token' },
    ],
    [
      'a refused request',
      {
        audit: 'request.refused',
        service: 'oauth',
        path: '/revoke',
        reason: 'invalid_client',
        detail: 'Error: unknown',
      },
      { what: '/revoke', outcome: 'refused', detail: 'Error: unknown' },
    ],
    [
      'the request with which a client begins',
      { audit: 'access.refused', server: 'devops', rule: 'token', detail: 'no Authorization header' },
      { what: 'At the gate', outcome: 'asked' },
    ],
    ['a registration', { audit: 'client.registered', client: 'c', name: 'Cursor' }, { clientName: 'Cursor' }],
  ])('%s', (_name, fields, expected) => {
    expect(activityOf(line(fields))).toMatchObject({ at: Date.parse(AT), ...expected })
  })

  it('why a function ended, or did not start, and where in its own source', () => {
    const stack = ['Error: broken', '    at <anonymous> (/p/lambdas/skillsets/devops/skillset.ts:21:49)']
    const error = JSON.stringify({ errorType: 'Error', errorMessage: 'broken', stack })
    expect(activityOf(`${AT}\tundefined\tERROR\tUncaught Exception \t${error}`)).toEqual({
      at: Date.parse(AT),
      what: 'Function',
      outcome: 'failed',
      detail: 'Error: broken (lambdas/skillsets/devops/skillset.ts:21)',
    })
  })

  it.each([
    'RequestId: 1-2 Error: Runtime exited with error: exit status 3',
    '1-2 Task timed out after 300.00 seconds',
  ])('a function that ended in the middle of a call: %s', (told) => {
    const detail = `notes: ${told.replace(/^.*?(Runtime|Task)/, '$1')}`
    expect(activityOf(`${AT} notes ${told}`)).toEqual({
      at: Date.parse(AT),
      what: 'Function',
      outcome: 'failed',
      detail,
    })
  })

  it('an exception that was told is not told again by the end that follows', () => {
    expect(activityOf(`${AT} notes RequestId: 1-2 Error: Runtime exited with error: exit status 1`)).toBeUndefined()
  })

  it.each([
    ['an error that is none', `${AT}\tundefined\tERROR\tUncaught Exception \t{"errorType":1}`],
    ['no JSON', 'Task timed out after 3.00 seconds'],
    ['JSON that is no line', '[1]'],
    ['a message that nobody tells', line({ message: 'answered', path: '/token' })],
    ['a message named like a part of every object', line({ message: 'constructor' })],
    ['the end of a call whose ability threw', line({ audit: 'tool.called', name: 'x', outcome: 'internal_error' })],
    ['no time', JSON.stringify({ audit: 'sign_in.succeeded' })],
  ])('nothing: %s', (_name, text) => {
    expect(activityOf(text)).toBeUndefined()
  })

  it.each(['\u202e', '\u001b', '\n', '\u2066'])('nothing that steers a terminal or a page: %j', (character) => {
    const planted = `a${character}b`
    const fields = { tool: planted, email: planted, service: planted, error: { name: planted, message: planted } }
    const told = activityOf(line({ message: 'ability failed', ...fields }))
    expect(told).toMatchObject({ ability: 'a\ufffdb', email: 'a\ufffdb' })
    expect(Object.values(told ?? {}).join('')).not.toContain(character)
  })

  it('a field of another type is passed over', () => {
    expect(activityOf(line({ audit: 'tool.called', name: { deep: 1 }, outcome: 'ok' }))).toMatchObject({
      what: 'Call',
    })
  })
})
