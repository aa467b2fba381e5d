import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { readRequest } from '../../../lambdas/runtime/incoming-request.ts'
import { admitted, proxyEvent } from './support/gateway-event.ts'
import { libraryServer } from './support/library-skillset.ts'
import { handshakeRequest, send, statelessRequest } from './support/mcp-message.ts'
import { sampleServer } from './support/sample-skillset.ts'

const PLANTED = 'planted-7f3a'
const planted = {
  Authorization: `Bearer ${PLANTED}-token`,
  authorization: `Bearer ${PLANTED}-second`,
  Cookie: `__Host-session=${PLANTED}-cookie`,
  'Proxy-Authorization': `Basic ${PLANTED}-proxy`,
  'X-User-Id': `${PLANTED}-user`,
  'x-user-email': `${PLANTED}@evil.test`,
  'X-Api-Key': `${PLANTED}-key`,
  'X-Forwarded-For': `${PLANTED}-address`,
  'X-User-Tenant': `${PLANTED}-tenant`,
  'X-Amz-Security-Token': `${PLANTED}-amz`,
  'X-Amzn-Oidc-Data': `${PLANTED}-oidc`,
  'X-Amzn-Oidc-Accesstoken': `${PLANTED}-oidc-token`,
  'Mcp-Session-Id': `${PLANTED}-session`,
  'Last-Event-ID': `${PLANTED}-event`,
}

describe('readRequest', () => {
  it('lets only the headers through that the protocol needs', () => {
    const { headers } = statelessRequest('tools/call', { name: 'echo' }, { 'Mcp-Param-City': 'Berlin' })
    // The session's id is sealed: the runtime opens it, and what follows shows that nobody else sees it.
    const { 'Mcp-Session-Id': _sealed, ...others } = planted
    const read = readRequest(proxyEvent({ headers: { ...headers, ...others }, body: '{}', authorizer: {} }))
    expect([...read.headers.keys()].toSorted()).toEqual([
      'accept',
      'content-type',
      'mcp-method',
      'mcp-name',
      'mcp-param-city',
      'mcp-protocol-version',
    ])
    expect(everything(read)).not.toContain(PLANTED)
  })
})

/** Everything reachable, symbols and getters included. */
const everything = (value: unknown) =>
  inspect(value, { depth: 12, showHidden: true, getters: true, maxArrayLength: 500 })

describe.each([
  ['2025-11-25', handshakeRequest],
  ['2026-07-28', statelessRequest],
] as const)('credentials of the request in %s', (_version, request) => {
  it('are nowhere: not in what an ability sees, not in the log, not in the answer', async () => {
    const { handler, seen, log } = sampleServer()
    const alice = admitted('alice', 'sample:read')
    const calls = [
      ['echo', { text: 'hi' }],
      ['echo', { text: 7 }],
      ['misbehave', { how: 'throw' }],
      ['no_such', {}],
    ] as const
    for (const [name, args] of calls) {
      const { headers, message } = request('tools/call', { name, arguments: args })
      const { text, headers: answered } = await send(handler, { headers: { ...headers, ...planted }, message }, alice)
      expect(text + JSON.stringify(answered)).not.toContain(PLANTED)
    }
    expect(seen).toHaveLength(1)
    expect(everything(seen)).not.toContain(PLANTED)
    expect(log.join()).not.toContain(PLANTED)
  })

  it('are nowhere: not in what resources, prompts, completions and services see, nor in how they fail', async () => {
    const { handler, seen, log } = libraryServer()
    const alice = admitted('alice', 'books:read')
    const shelf = {
      ref: { type: 'ref/resource', uri: 'library://books/{shelf}/{number}' },
      argument: { name: 'shelf', value: '' },
    }
    const requests = [
      ['resources/read', { uri: 'library://motto' }],
      ['resources/read', { uri: 'library://books/Art/7' }],
      ['resources/read', { uri: 'library://books/Art/404' }],
      ['resources/read', { uri: 'library://broken' }],
      ['resources/read', { uri: 'library://ledger' }],
      ['resources/list', {}],
      ['prompts/get', { name: 'recommend', arguments: { shelf: 'Art' } }],
      ['prompts/get', { name: 'recommend', arguments: { shelf: 'none' } }],
      ['prompts/get', { name: 'recommend' }],
      ['completion/complete', shelf],
      ['no/such', {}],
    ] as const
    for (const [method, params] of requests) {
      const { headers, message } = request(method, params)
      const { text, headers: answered } = await send(handler, { headers: { ...headers, ...planted }, message }, alice)
      expect(text + JSON.stringify(answered), method).not.toContain(PLANTED)
    }
    // What the services were built with, and then each that got to its author's code.
    expect(seen).toHaveLength(6)
    expect(everything(seen)).toContain('alice@example.com')
    expect(everything(seen)).not.toContain(PLANTED)
    expect(log.join()).not.toContain(PLANTED)
  })

  it('do not make the person: x-user-* of the request changes nothing', async () => {
    const { handler, seen } = sampleServer()
    const { headers, message } = request('tools/call', { name: 'echo', arguments: { text: 'hi' } })
    await send(
      handler,
      { headers: { ...headers, 'x-user-id': 'mallory', 'x-user-email': 'mallory@evil.test' }, message },
      admitted('alice', 'sample:read'),
    )
    expect(seen[0]?.person).toEqual({
      id: 'sub-of-alice',
      email: 'alice@example.com',
      name: 'alice',
      tenant: 'example',
      scopes: ['sample:read'],
      clientId: 'client-1',
    })
  })

  it('RS-03: neither the token id nor the grant reaches an ability', async () => {
    const { handler, seen } = sampleServer()
    await send(
      handler,
      request('tools/call', { name: 'echo', arguments: { text: 'hi' } }),
      admitted('alice', 'sample:read'),
    )
    expect(everything(seen)).not.toMatch(/token-of-alice|grant-of-alice/)
  })
})
