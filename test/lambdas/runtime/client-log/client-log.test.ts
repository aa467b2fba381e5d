import { beforeEach, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { AbilityError } from '../../../../lambdas/runtime/ability-error.ts'
import { defineAbility } from '../../../../lambdas/runtime/define-ability.ts'
import { defineSkillset } from '../../../../lambdas/runtime/define-skillset.ts'
import { serve } from '../../../../lambdas/runtime/serve.ts'
import { conversationOfFile } from '../support/conversation.ts'
import { admitted } from '../support/gateway-event.ts'
import { handshakeRequest, send, statelessRequest } from '../support/mcp-message.ts'
import { ENVIRONMENT, keptLog } from '../support/sample-skillset.ts'
import '../support/aws-lambda.ts'

const talk = defineAbility({
  name: 'talk',
  title: 'Talk',
  description: 'Logs at every level.',
  scope: 'sample:read',
  input: z.strictObject({ fails: z.boolean().default(false) }),
  output: z.object({}),
  async run({ fails }, { log }) {
    log.debug('to debug')
    log.info('to inform', { secret: 'marked-secret' })
    log.warn('to warn')
    log.error('to alarm', { error: new Error('marked-secret') })
    if (fails) throw new AbilityError('refused', 'No.', 'Do not.')
    return {}
  },
})
const skillset = defineSkillset({ name: 'talking', title: 'Talking', instructions: 'For tests.', abilities: [talk] })

const alice = admitted('alice', 'sample:read')
const conversation = await conversationOfFile()
let log: string[]
beforeEach(() => {
  conversation.data.failing = []
  conversation.data.takeCalls()
})

/** Each time another instance, which shares nothing but the table. */
function handler() {
  const { lines, ...kept } = keptLog()
  log = lines
  return serve(skillset, { environment: ENVIRONMENT, ...kept, conversation })
}

async function send2025(method: string, params: object, session?: string, as = alice) {
  const { headers, message } = handshakeRequest(method, { ...params })
  return await send(handler(), { headers: { ...headers, ...(session && { 'mcp-session-id': session }) }, message }, as)
}
const call = (session?: string, as = alice, fails = false) =>
  send2025('tools/call', { name: 'talk', arguments: { fails } }, session, as)
const setLevel = (level: string, session?: string) => send2025('logging/setLevel', { level }, session)

/** A session of this client's, as `initialize` gives it. */
async function session(as = alice): Promise<string> {
  const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'test', version: '1' } }
  const { headers } = await send2025('initialize', params, undefined, as)
  return headers['Mcp-Session-Id'] ?? ''
}

type Answer = Awaited<ReturnType<typeof send>>
const told = ({ messages }: Answer) => messages.slice(0, -1).map(({ method, params }) => ({ method, ...params }))
const message = (level: string, data: string) => ({ method: 'notifications/message', level, data })

describe('what an ability logs, to a client of 2025', () => {
  it('is told from the level on that it set, at whichever instance; messages alone, before the answer', async () => {
    const mine = await session()
    expect((await setLevel('warning', mine)).messages[0].result).toEqual({})
    const answer = await call(mine)
    expect(told(answer)).toEqual([message('warning', 'to warn'), message('error', 'to alarm')])
    expect(answer.messages.at(-1).result.structuredContent).toEqual({})
    await setLevel('debug', mine)
    expect(told(await call(mine)).map(({ data }) => data)).toEqual(['to debug', 'to inform', 'to warn', 'to alarm'])
    expect((await call(mine)).text).not.toContain('marked-secret')
    expect(log.join('')).toContain('marked-secret')
  })

  it('is told of a call that fails, too', async () => {
    const mine = await session()
    await setLevel('error', mine)
    const answer = await call(mine, alice, true)
    expect(told(answer)).toEqual([message('error', 'to alarm')])
    expect(answer.messages.at(-1).result.isError).toBe(true)
  })

  it('is not told to who did not ask: another session, person or grant', async () => {
    const mine = await session()
    await setLevel('debug', mine)
    for (const [id, as] of [
      [await session(), alice],
      [mine, admitted('bob', 'sample:read')],
      [mine, { ...alice, sid: 'another grant of the same person' }],
    ] as const)
      expect(told(await call(id, as))).toEqual([])
  })

  it('without a session nothing is kept, and nothing is asked', async () => {
    await setLevel('debug')
    expect(told(await call())).toEqual([])
    expect(conversation.data.takeCalls()).toEqual([])
  })

  it('for a session that is made up, or another person’s, nothing is kept', async () => {
    for (const id of ['made-up', await session(admitted('bob', 'sample:read'))]) {
      conversation.data.takeCalls()
      expect((await setLevel('debug', id)).messages[0].result).toEqual({})
      expect(conversation.data.takeCalls()).toEqual([])
    }
  })

  it('a table that does not answer costs the client its messages, not the call', async () => {
    const mine = await session()
    await setLevel('debug', mine)
    conversation.data.failing = ['*']
    const answer = await call(mine)
    expect(told(answer)).toEqual([])
    expect(answer.messages.at(-1).result.structuredContent).toEqual({})
    expect(log.join('')).toContain('the client could not be told of a log line')
  })
})

describe('what an ability logs, to a client of 2026-07-28', () => {
  const ask = (meta: object) =>
    send(handler(), statelessRequest('tools/call', { name: 'talk', arguments: {}, _meta: meta }), alice)

  it('is told where the request asks for it', async () => {
    const answer = await ask({ 'io.modelcontextprotocol/logLevel': 'error' })
    expect(told(answer)).toEqual([message('error', 'to alarm')])
    expect(conversation.data.takeCalls()).toEqual([])
  })

  it('is not told otherwise', async () => {
    expect(told(await ask({}))).toEqual([])
  })

  it('cannot be asked for by a method of 2025', async () => {
    const { statusCode, messages } = await send(
      handler(),
      statelessRequest('logging/setLevel', { level: 'info' }),
      alice,
    )
    expect([statusCode, messages[0].error.code]).toEqual([404, -32601])
  })
})
