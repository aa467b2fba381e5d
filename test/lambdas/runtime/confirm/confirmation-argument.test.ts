import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { defineAbility } from '../../../../lambdas/runtime/define-ability.ts'
import { askingServerOfFile } from '../support/asking-server-of-file.ts'
import { admitted } from '../support/gateway-event.ts'
import { handshakeRequest, send, statelessRequest } from '../support/mcp-message.ts'

const SCOPES = 'sample:everyday sample:privileged'
const alice = admitted('alice', SCOPES)
const CAN_ELICIT = { 'io.modelcontextprotocol/clientCapabilities': { elicitation: {} } }

const asking = await askingServerOfFile()

async function call(name: string, args: object, { as = alice, _meta }: { as?: typeof alice; _meta?: object } = {}) {
  const request = statelessRequest('tools/call', { name, arguments: args, ...(_meta && { _meta }) })
  const { messages } = await send(asking.server.handler, request, as)
  return messages.at(-1).result
}
const errorOf = (result: { content: { text: string }[] }) => JSON.parse(result.content[0]?.text ?? '{}').error
const confirmationIn = (hint: string) => JSON.parse(/"confirmation": (\{.*\})\./.exec(hint)?.[1] ?? '')
/** What a model is told to pass on. */
const confirmationFor = async (name: string, args: object) => confirmationIn(errorOf(await call(name, args)).hint)

describe('RS-07: a client that cannot ask its person', () => {
  it('is told what to confirm, and by which argument; nothing is done before', async () => {
    const error = errorOf(await call('erase', { what: 'notes' }))
    expect(error).toMatchObject({ code: 'confirmation_required', message: 'Erase notes of 3 people?' })
    expect(confirmationIn(error.hint)).toEqual({ token: expect.stringMatching(/^[\w-]{60,160}$/) })
    expect(asking.server.deeds.done).toEqual([])
    const confirmation = confirmationIn(error.hint)
    expect((await call('erase', { confirmation, what: 'notes' })).structuredContent).toEqual({ text: 'erased notes' })
  })

  it('may be one of 2025', async () => {
    const { messages } = await send(
      asking.server.handler,
      handshakeRequest('tools/call', { name: 'erase', arguments: { what: 'notes' } }),
      alice,
    )
    expect(errorOf(messages.at(-1).result).code).toBe('confirmation_required')
  })

  it.each([
    ['other arguments', 'erase', { what: 'everything' }, alice],
    ['another ability', 'erase_for_all', { what: 'notes' }, alice],
    ['another person', 'erase', { what: 'notes' }, admitted('bob', SCOPES)],
    ['another grant', 'erase', { what: 'notes' }, { ...alice, sid: 'other' }],
  ])('the token does not serve %s: it is asked for anew', async (_what, name, args, as) => {
    const confirmation = await confirmationFor('erase', { what: 'notes' })
    expect(errorOf(await call(name, { ...args, confirmation }, { as })).code).toBe('confirmation_required')
    expect(asking.server.deeds.done).toEqual([])
  })

  it.each([
    ['made up', { token: 'x'.repeat(80) }],
    ['of another shape', 'yes'],
    ['empty', {}],
    ['of no type', null],
  ])('a confirmation that is %s is none', async (_what, confirmation) => {
    expect(errorOf(await call('erase', { what: 'notes', confirmation })).code).toBe('confirmation_required')
  })

  it('the token serves five minutes', async () => {
    const confirmation = await confirmationFor('erase', { what: 'notes' })
    asking.time += 5 * 60_000
    expect(errorOf(await call('erase', { what: 'notes', confirmation })).code).toBe('confirmation_required')
  })

  it('the token serves for the question as it was, and no other', async () => {
    const confirmation = await confirmationFor('erase', { what: 'notes' })
    asking.server.deeds.attendees = 300
    expect(errorOf(await call('erase', { what: 'notes', confirmation })).message).toContain('300')
    expect(asking.server.deeds.done).toEqual([])
  })

  it('a privileged ability takes it once', async () => {
    const args = { what: 'notes', confirmation: await confirmationFor('erase_for_all', { what: 'notes' }) }
    expect((await call('erase_for_all', args)).structuredContent).toEqual({ text: 'erased notes' })
    expect(errorOf(await call('erase_for_all', args)).code).toBe('confirmation_required')
    expect(asking.server.deeds.done).toEqual(['notes'])
  })

  it('whoever can ask the person does: the argument takes the place of no question', async () => {
    const confirmation = await confirmationFor('erase', { what: 'notes' })
    const { resultType } = await call('erase', { what: 'notes', confirmation }, { _meta: CAN_ELICIT })
    expect([resultType, asking.server.deeds.done]).toEqual(['input_required', []])
  })

  it('the state of a question is no token', async () => {
    const { requestState } = await call('erase', { what: 'notes' }, { _meta: CAN_ELICIT })
    const confirmation = { token: requestState }
    expect(errorOf(await call('erase', { what: 'notes', confirmation })).code).toBe('confirmation_required')
  })

  it('several questions and a form: earlier answers are in the token', async () => {
    const { hint } = errorOf(await call('rename', {}))
    expect(hint).toContain('"values":{}')
    expect(hint).toContain('"name"')
    const { token } = JSON.parse(/"confirmation": (\{.*?\}\})/.exec(hint)?.[1] ?? '')
    const second = errorOf(await call('rename', { confirmation: { token, values: { name: 'Atlas' } } }))
    expect(second.message).toBe('Rename it to Atlas?')
    const { structuredContent } = await call('rename', { confirmation: confirmationIn(second.hint) })
    expect(structuredContent).toEqual({ text: 'Atlas' })
  })

  it('however long they are', async () => {
    const { token } = JSON.parse(/"confirmation": (\{.*?\}\})/.exec(errorOf(await call('rename', {})).hint)?.[1] ?? '')
    const name = 'n'.repeat(20_000)
    const second = errorOf(await call('rename', { confirmation: { token, values: { name } } }))
    const { structuredContent } = await call('rename', { confirmation: confirmationIn(second.hint) })
    expect(structuredContent).toEqual({ text: name })
  })
})

describe('a request of 2025 with what only requests of 2026 say', () => {
  const declaring = (capabilities: object) => ({
    _meta: { 'io.modelcontextprotocol/clientCapabilities': capabilities },
  })
  const { headers, message } = handshakeRequest('initialize', {
    protocolVersion: '2025-11-25',
    capabilities: { elicitation: {} },
    clientInfo: { name: 'test', version: '1.0.0' },
  })
  async function call2025(params: object, session?: string) {
    const request = handshakeRequest('tools/call', { name: 'erase', ...params })
    const withSession = { ...request.headers, ...(session && { 'mcp-session-id': session }) }
    const { messages } = await send(asking.server.handler, { ...request, headers: withSession }, alice, 3_000)
    return messages
  }

  it('declares nothing by it', async () => {
    const messages = await call2025({ arguments: { what: 'notes' }, ...declaring({ elicitation: {} }) })
    expect(errorOf(messages.at(-1).result).code).toBe('confirmation_required')
  })

  it('takes nothing back by it: its person is asked, and the argument takes the place of no question', async () => {
    const session = (await send(asking.server.handler, { headers, message }, alice)).headers['Mcp-Session-Id']
    const confirmation = await confirmationFor('erase', { what: 'notes' })
    const messages = await call2025({ arguments: { what: 'notes', confirmation }, ...declaring({}) }, session)
    expect(messages[0].method).toBe('elicitation/create')
    expect(asking.server.deeds.done).toEqual([])
  })
})

describe('tools/list', () => {
  it('shows the argument of abilities that confirm, and of no others', async () => {
    const { messages } = await send(asking.server.handler, statelessRequest('tools/list'), alice)
    const shown = (messages.at(-1).result.tools as { name: string; inputSchema: { properties?: object } }[])
      .filter(({ inputSchema }) => 'confirmation' in (inputSchema.properties ?? {}))
      .map(({ name }) => name)
    expect(shown).toEqual(['erase', 'erase_for_all', 'rename', 'careless', 'brief'])
  })
})

describe('defineAbility', () => {
  const ability = (more: object) => () =>
    defineAbility({
      name: 'x',
      title: 'X',
      description: 'X.',
      scope: 'x:y',
      input: z.strictObject({ confirmation: z.string() }),
      output: z.object({}),
      run: () => ({}),
      ...more,
    })

  it('an ability that confirms has no argument of that name itself', () => {
    expect(ability({})).not.toThrow()
    expect(ability({ confirms: true })).toThrow(/found an argument confirmation; allowed: any other name/)
  })

  it.each([0, -1, 301, Number.NaN])('a timeout of %d seconds is refused', (timeout) => {
    expect(ability({ timeout })).toThrow(/timeout: found .*; allowed: seconds, more than 0 and at most 300/)
  })
})
