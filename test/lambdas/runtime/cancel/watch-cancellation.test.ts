import { setTimeout as sleep } from 'node:timers/promises'
import { beforeEach, describe, expect, it } from 'vitest'
import type { AuthorizerContext } from '../../../../model/authorizer-context.ts'
import { askingServer } from '../support/asking-skillset.ts'
import { conversationOfFile } from '../support/conversation.ts'
import { admitted } from '../support/gateway-event.ts'
import { handshakeRequest, send, statelessRequest } from '../support/mcp-message.ts'

const alice = admitted('alice', 'sample:everyday')
const bob = admitted('bob', 'sample:everyday')

const conversation = await conversationOfFile()
let server: ReturnType<typeof askingServer>
beforeEach(() => {
  server = askingServer({ conversation })
  conversation.data.takeCalls()
})

/** The same at another instance, which shares nothing but the table. */
const elsewhere = () => askingServer({ conversation }).handler

let requests = 0
function wait(milliseconds: number, session: string | undefined, as: AuthorizerContext) {
  const { headers, message } = handshakeRequest('tools/call', { name: 'wait', arguments: { milliseconds } })
  const id = ++requests
  const withSession = { ...headers, ...(session && { 'mcp-session-id': session }) }
  const answer = send(server.handler, { headers: withSession, message: { ...message, id } }, as)
  return { id, code: answer.then(({ text }) => codeIn(text)) }
}

function codeIn(text: string): string {
  if (text === '') return 'unanswered'
  return /\\"code\\":\\"(\w+)\\"/.exec(text)?.[1] ?? 'done'
}

function cancel(
  requestId: string | number,
  session: string | undefined,
  as: AuthorizerContext,
  handler: unknown = elsewhere(),
) {
  const { headers } = handshakeRequest('ignored')
  const message = { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId } }
  const withSession = { ...headers, ...(session && { 'mcp-session-id': session }) }
  return send(handler, { headers: withSession, message }, as)
}

describe('RS-06: notifications/cancelled, at another instance than the one that runs the call', () => {
  it.each([undefined, 'session-1'])('aborts the ability, and nothing answers it (session %s)', async (session) => {
    const { id, code } = wait(30_000, session, alice)
    expect(await cancel(id, session, alice)).toMatchObject({ statusCode: 202, text: '' })
    expect(await code).toBe('unanswered')
    expect(server.deeds.done).toEqual(['aborted: cancelled'])
  })

  it('a batch is answered whole', async () => {
    const { headers, message } = handshakeRequest('tools/call', {}, '2025-03-26')
    const ids = [++requests, ++requests]
    const batch = ids.map((id, at) => ({
      ...message,
      id,
      params: { name: 'wait', arguments: { milliseconds: at === 0 ? 30_000 : 1_500 } },
    }))
    const answer = send(server.handler, { headers, message: batch }, alice)
    await cancel(ids[0] ?? 0, undefined, alice)
    const { messages } = await answer
    expect(Object.fromEntries(messages.map((one) => [one.id, codeIn(JSON.stringify(one))]))).toEqual({
      [String(ids[0])]: 'cancelled',
      [String(ids[1])]: 'done',
    })
  })

  it('one that is there before the instance that runs the call had started counts', async () => {
    const id = requests + 1
    await cancel(id, undefined, alice)
    server = askingServer({ conversation, now: () => Date.now() + 5_000 })
    expect(await wait(1_500, undefined, alice).code).toBe('unanswered')
  })

  it('by another person, grant or session, or of "1" for 1, cancels nothing', async () => {
    const others = [
      { session: 'session-1', as: bob },
      { session: 'session-1', as: { ...alice, sid: 'another grant of the same person' } },
      { session: 'session-2', as: alice },
      { session: undefined, as: alice },
      { session: 'session-1', as: alice, idOf: String },
    ]
    const codes = others.map(async ({ session, as, idOf = Number }) => {
      const { id, code } = wait(1_500, 'session-1', alice)
      await cancel(idOf(id), session, as)
      return await code
    })
    expect(await Promise.all(codes)).toEqual(others.map(() => 'done'))
  })

  it('while its person is asked, it ends an ability that catches everything, too', async () => {
    const capabilities = { elicitation: {} }
    const clientInfo = { name: 'test', version: '1.0.0' }
    const initialize = handshakeRequest('initialize', { protocolVersion: '2025-11-25', capabilities, clientInfo })
    const session = (await send(server.handler, initialize, alice)).headers['Mcp-Session-Id']
    const { headers, message } = handshakeRequest('tools/call', { name: 'careless', arguments: {} })
    const id = ++requests
    const request = { headers: { ...headers, 'mcp-session-id': session ?? '' }, message: { ...message, id } }
    const answer = send(server.handler, request, alice)
    await cancel(id, session, alice)
    expect((await answer).text).toContain('elicitation/create')
    // The wait for the answer ends in the next turn; what would come after it, too.
    await sleep(20)
    expect(server.deeds.done).toEqual([])
  })

  it('one of an earlier request with the same id cancels nothing', async () => {
    const earlier = askingServer({ conversation, now: () => Date.now() - 5_000 })
    await cancel(requests + 1, undefined, alice, earlier.handler)
    expect(await wait(1_500, undefined, alice).code).toBe('done')
  })

  it('is understood in the revision of 2026, too, and answered: without sessions it may have been another’s', async () => {
    const { headers: ofCall, message: call } = statelessRequest('tools/call', {
      name: 'wait',
      arguments: { milliseconds: 30_000 },
    })
    const id = ++requests
    const answer = send(server.handler, { headers: ofCall, message: { ...call, id } }, alice)
    const { headers, message } = statelessRequest('notifications/cancelled', { requestId: id })
    const { id: _id, ...notification } = message
    expect((await send(elsewhere(), { headers, message: notification }, alice)).statusCode).toBe(202)
    expect(codeIn((await answer).text)).toBe('cancelled')
  })

  it('one that the protocol refuses is not recorded', async () => {
    const { headers, message } = statelessRequest('notifications/cancelled', { requestId: 1 })
    const { id: _id, ...notification } = message
    const wrong = { ...headers, 'mcp-method': 'tools/list' }
    expect((await send(elsewhere(), { headers: wrong, message: notification }, alice)).statusCode).toBe(400)
    expect(conversation.data.takeCalls()).toEqual([])
  })

  it('a call that takes less than a second asks nothing of the table, a longer one once a second', async () => {
    await wait(10, undefined, alice).code
    expect(conversation.data.takeCalls()).toEqual([])
    await wait(1_400, undefined, alice).code
    expect(conversation.data.takeCalls()).toEqual(['GetItem'])
  })

  it('a table that does not answer costs the cancellation, not the call', async () => {
    conversation.data.failing = ['*']
    try {
      expect(await wait(1_400, undefined, alice).code).toBe('done')
    } finally {
      conversation.data.failing = []
    }
    expect(server.log.join()).toContain('nobody could be asked whether the call is cancelled')
  })
})
