import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type RunningBackend, startBackend } from '../../support/mcp-backend.ts'
import { admitted } from '../runtime/support/gateway-event.ts'
import { answerOf, JSON_HEADERS } from '../runtime/support/mcp-message.ts'
import { ABILITIES, ALICE, ask, BOB, codeOf, open, sampleProxy } from './sample-proxy.ts'

const TOOLS = ['read_page', 'write_page', 'delete_page'].map((name) => ({ name, size: 1 }))
const LIST = `{"jsonrpc":"2.0","id":1,"result":{"big":12345678901234567890,"tools":${JSON.stringify(TOOLS)}}}`

let backend: RunningBackend
let asEvents = false
beforeAll(async () => {
  backend = await startBackend((_request, response) => {
    response.writeHead(200, { 'content-type': asEvents ? 'text/event-stream' : 'application/json' })
    if (!asEvents) return response.end(LIST)
    // Split in the midst of line breaks, an event and a character.
    const stream = Buffer.from(`: hello\r\n\r\nid: 7\r\nevent: message\r\ndata: ${LIST}\r\n\r\ndata: {"é":1}\n\n`)
    for (let at = 0; at < stream.length; at += 7) response.write(stream.subarray(at, at + 7))
    return response.end()
  })
})
afterAll(() => backend.stop())

const { handler, lines } = sampleProxy('http://127.0.0.1:1/mcp')
const proxy = () => sampleProxy(backend.url).handler
const holding = (scope: string, ceiling = Object.values(ABILITIES).join(' ')) => ({
  ...admitted('eve', scope),
  ceiling,
})

describe('a call that is refused never reaches the backend', () => {
  it.each([
    [
      'a tool above the ceiling, like one that is not there',
      'delete_page',
      holding('wiki:use', 'wiki:use'),
      'unknown_tool',
    ],
    ['an unnamed tool where nothing may ever be used', 'read_page', holding('', ''), 'unknown_tool'],
    ['a name that some servers take for a listed one', 'DELETE_PAGE', BOB, 'unknown_tool'],
    ['the same with a space', 'delete_page ', BOB, 'unknown_tool'],
    ['a name that is no string', ['read_page'], BOB, 'invalid_params'],
    ['no name', undefined, BOB, 'invalid_params'],
  ])('%s', async (_case, name, authorizer, code) => {
    const answer = await ask(handler, 'tools/call', { name }, { authorizer })
    expect([answer.statusCode, codeOf(answer), answer.messages[0].id]).toEqual([200, code, 1])
  })

  it.each([
    ['delete_page', 'wiki:use', 'wiki:delete'],
    ['read_page', 'wiki:delete', 'wiki:use'],
    ['toString', 'wiki:delete', 'wiki:use'],
    ['__proto__', 'wiki:delete', 'wiki:use'],
    ['*', 'wiki:delete', 'wiki:use'],
  ])('RS-02: %s with %s alone: a tool result says what is missing', async (name, scope, missing) => {
    const answer = await ask(handler, 'tools/call', { name }, { authorizer: holding(scope) })
    const { isError, content } = answer.messages[0].result
    expect([answer.statusCode, isError]).toEqual([200, true])
    expect(JSON.parse(content[0].text).error).toMatchObject({
      code: 'insufficient_scope',
      scope: `${scope} ${missing}`,
      requestId: 'request-1',
    })
    expect(lines.join()).toContain('insufficient_scope')
  })

  it.each([
    'initialize',
    'tools/list',
    'resources/read',
    'prompts/get',
    'completion/complete',
    'logging/setLevel',
    'x/y',
  ])('%s without the scope of the server', async (method) => {
    const answer = await ask(handler, method, {}, { authorizer: holding('wiki:delete') })
    expect([answer.statusCode, codeOf(answer)]).toEqual([403, 'insufficient_scope'])
  })

  it.each(['GET', 'DELETE'])('%s without the scope of the server', async (method) => {
    const sent = { method, headers: { 'mcp-session-id': 'stolen' }, authorizer: holding('wiki:delete') }
    expect((await open(handler, sent)).statusCode).toBe(403)
  })

  it.each([
    ['a key that some parsers take for the name', { params: { name: 'read_page', Name: 'delete_page' } }],
    ['the same in another alphabet', { paramſ: { name: 'delete_page' } }],
    ['two methods', { Method: 'tools/call' }],
    ['a method that is no text and turns into one', { method: ['tools/call'] }],
    ['a method that some servers take for tools/call', { method: 'Tools/Call' }],
    ['the same with a space', { method: 'tools/call ' }],
    ['the same in another alphabet', { method: 'toolſ/call' }],
    ['a method that some servers take for tools/list', { method: 'TOOLS/LIST' }],
    ['a method to inherit', { method: undefined, ['__proto__']: { method: 'tools/call' } }],
    ['positional parameters', { params: ['delete_page'] }],
  ])('%s', async (_case, more) => {
    const message = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'read_page' }, ...more }
    const answer = await answerOf(await open(handler, { headers: JSON_HEADERS, body: JSON.stringify(message) }))
    expect([answer.statusCode, codeOf(answer)]).toEqual([400, 'invalid_message'])
  })

  it('RS-06: a batch with one call that is refused', async () => {
    const call = (id: number, name: string) => ({ jsonrpc: '2.0', id, method: 'tools/call', params: { name } })
    const headers = { ...JSON_HEADERS, 'mcp-protocol-version': '2025-03-26' }
    const body = JSON.stringify([call(1, 'read_page'), call(2, 'delete_page')])
    for (const authorizer of [ALICE, holding('wiki:use')])
      expect((await open(handler, { headers, body, authorizer })).statusCode).toBe(400)
    expect((await open(proxy(), { headers, body, authorizer: BOB })).statusCode).toBe(200)
  })
})

describe('a list of tools', () => {
  it.each([
    ['JSON', false],
    ['an event stream', true],
  ])('as %s shows what the person may ever use', async (_form, events) => {
    asEvents = events
    const names = async (authorizer: typeof BOB) => {
      const { messages, text } = await ask(proxy(), 'tools/list', {}, { authorizer })
      expect(text).toContain('12345678901234567890')
      return messages[0].result.tools.map(({ name }: { name: string }) => name)
    }
    expect(await names(BOB)).toEqual(['read_page', 'write_page', 'delete_page'])
    expect(await names(ALICE)).toEqual(['read_page', 'write_page'])
    // What it may ever use, and not what this token holds.
    expect(await names(holding('wiki:use'))).toHaveLength(3)
  })

  it('is filtered where a stream replays it, and the other events stay as they are', async () => {
    asEvents = true
    const headers = { accept: 'text/event-stream', 'last-event-id': '6' }
    const { text } = await answerOf(await open(proxy(), { method: 'GET', headers, authorizer: ALICE }))
    expect(backend.recorded.at(-1)?.headers['last-event-id']).toBe('6')
    expect(text).not.toContain('delete_page')
    expect(text).toMatch(/^: hello\n\nid: 7\nevent: message\ndata: \{.*\}\n\ndata: \{"é":1\}\n\n$/)
  })
})
