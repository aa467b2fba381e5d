import { describe, expect, it } from 'vitest'
import type { AuthorizerContext } from '../../../../model/authorizer-context.ts'
import { askingServerOfFile } from '../support/asking-server-of-file.ts'
import { askingServer } from '../support/asking-skillset.ts'
import { admitted } from '../support/gateway-event.ts'
import { send, statelessRequest } from '../support/mcp-message.ts'
import { ENVIRONMENT } from '../support/sample-skillset.ts'

const SCOPES = 'sample:everyday sample:privileged'
const alice = admitted('alice', SCOPES)
const CAN_ELICIT = { elicitation: {} }
const INVALID = { code: -32602, data: { code: 'invalid_request_state', requestId: 'request-1' } }

const asking = await askingServerOfFile()

interface Round {
  readonly as?: AuthorizerContext
  readonly handler?: unknown
  readonly capabilities?: object
  readonly inputResponses?: unknown
  readonly requestState?: string
}

async function round(
  name: string,
  args: object,
  { as = alice, handler, capabilities = CAN_ELICIT, ...more }: Round = {},
) {
  const _meta = { 'io.modelcontextprotocol/clientCapabilities': capabilities }
  const request = statelessRequest('tools/call', { name, arguments: args, ...more, _meta })
  const { messages, statusCode } = await send(handler ?? asking.server.handler, request, as)
  const { result, error } = messages.at(-1)
  return { statusCode, error, result }
}

const accept = { confirm: { action: 'accept', content: {} } }
const asked = async (name: string, args: object, options?: Round) => (await round(name, args, options)).result
const codeOf = (result: { content: { text: string }[] }) => JSON.parse(result.content[0]?.text ?? '{}').error?.code

describe('RS-07: a question of an ability, to a client of 2026-07-28', () => {
  it('is an input-required result; the ability runs again when the answer comes', async () => {
    const question = await asked('erase', { what: 'notes' })
    expect(question).toMatchObject({
      resultType: 'input_required',
      inputRequests: {
        confirm: {
          method: 'elicitation/create',
          params: { message: 'Erase notes of 3 people?', requestedSchema: { type: 'object', properties: {} } },
        },
      },
    })
    expect(asking.server.deeds).toMatchObject({ done: [], runs: 1 })
    const { requestState } = question
    const { result } = await round('erase', { what: 'notes' }, { requestState, inputResponses: accept })
    expect(result.structuredContent).toEqual({ text: 'erased notes' })
    expect(asking.server.deeds).toMatchObject({ done: ['notes'], runs: 2 })
  })

  it.each([
    ['decline', 'declined'],
    ['cancel', 'dismissed'],
  ])('answered by %s ends as %s, and nothing is done', async (action, code) => {
    const { requestState } = await asked('erase', { what: 'notes' })
    const { result } = await round(
      'erase',
      { what: 'notes' },
      { requestState, inputResponses: { confirm: { action } } },
    )
    expect([result.isError, codeOf(result), asking.server.deeds.done]).toEqual([true, code, []])
  })

  it('an answer without the state that asked is none', async () => {
    const { result } = await round('erase', { what: 'notes' }, { inputResponses: accept })
    expect([result.resultType, asking.server.deeds.done]).toEqual(['input_required', []])
  })

  const others: [string, string, object, Round][] = [
    ['another person', 'erase', { what: 'notes' }, { as: admitted('bob', SCOPES, { sid: 'grant-of-alice' }) }],
    ['another grant of the same person', 'erase', { what: 'notes' }, { as: { ...alice, sid: 'other' } }],
    ['the same id in another tenant', 'erase', { what: 'notes' }, { as: { ...alice, tenant: 'partner' } }],
    ['another ability', 'erase_for_all', { what: 'notes' }, {}],
    ['other arguments', 'erase', { what: 'everything' }, {}],
  ]
  it.each(others)('the state does not serve %s', async (_what, name, args, options) => {
    const { requestState } = await asked('erase', { what: 'notes' })
    const { error } = await round(name, args, { ...options, requestState, inputResponses: accept })
    expect([error, asking.server.deeds.done]).toMatchObject([INVALID, []])
  })

  it('the state does not serve another server', async () => {
    const { requestState } = await asked('erase', { what: 'notes' })
    const environment = { ...ENVIRONMENT, SERVER_NAME: 'other' }
    const other = askingServer({ conversation: asking.conversation, environment })
    const options = { handler: other.handler, requestState, inputResponses: accept }
    const { error } = await round('erase', { what: 'notes' }, options)
    expect([error, other.deeds.done]).toMatchObject([INVALID, []])
  })

  it.each([
    ['a byte more', (state: string) => `${state}A`],
    ['text behind it that base64url skips', (state: string) => `${state}-TAMPERED`],
    ['nothing', () => ''],
    ['a changed byte', (state: string) => (state.startsWith('A') ? `B${state.slice(1)}` : `A${state.slice(1)}`)],
  ])('a state with %s is refused', async (_what, tamper) => {
    const { requestState } = await asked('erase', { what: 'notes' })
    const options = { requestState: tamper(requestState), inputResponses: accept }
    const { error } = await round('erase', { what: 'notes' }, options)
    expect([error, asking.server.deeds.done]).toMatchObject([INVALID, []])
  })

  it('is asked anew where the answer comes after five minutes', async () => {
    const { requestState } = await asked('erase', { what: 'notes' })
    asking.time += 5 * 60_000
    const { result } = await round('erase', { what: 'notes' }, { requestState, inputResponses: accept })
    expect([result.resultType, asking.server.deeds.done]).toEqual(['input_required', []])
  })

  it('is asked anew where it reads otherwise by now: what was agreed to is no longer what would be done', async () => {
    const { requestState } = await asked('erase', { what: 'notes' })
    asking.server.deeds.attendees = 300
    const { result } = await round('erase', { what: 'notes' }, { requestState, inputResponses: accept })
    expect(result.inputRequests.confirm.params.message).toBe('Erase notes of 300 people?')
    expect(asking.server.deeds.done).toEqual([])
  })

  it('a privileged ability takes an answer once', async () => {
    const { requestState } = await asked('erase_for_all', { what: 'notes' })
    const options = { requestState, inputResponses: accept }
    const rounds = [1, 2, 3].map(() => round('erase_for_all', { what: 'notes' }, options))
    const outcomes = await Promise.all(rounds)
    expect(outcomes.filter(({ result }) => result?.structuredContent)).toHaveLength(1)
    expect(outcomes.filter(({ error }) => error).map(({ error }) => error)).toMatchObject([INVALID, INVALID])
    expect(asking.server.deeds.done).toEqual(['notes'])
  })

  it('and none of an instance whose clock is behind, as long as the answer would count', async () => {
    const { requestState } = await asked('erase_for_all', { what: 'notes' })
    const options = { requestState, inputResponses: accept }
    const behind = askingServer({ conversation: asking.conversation, now: () => asking.time - 2_000 })
    await round('erase_for_all', { what: 'notes' }, { ...options, handler: behind.handler })
    asking.time += 5 * 60_000 - 1_000
    const { error } = await round('erase_for_all', { what: 'notes' }, options)
    expect([error, behind.deeds.done, asking.server.deeds.done]).toMatchObject([INVALID, ['notes'], []])
  })

  it('an everyday one writes nothing', async () => {
    asking.conversation.data.takeCalls()
    const { requestState } = await asked('erase', { what: 'notes' })
    await round('erase', { what: 'notes' }, { requestState, inputResponses: accept })
    expect(asking.conversation.data.takeCalls()).toEqual([])
  })

  it('one question after the other: earlier answers travel along', async () => {
    const first = await asked('rename', {})
    expect(first.inputRequests.confirm.params.requestedSchema).toMatchObject({ required: ['name'] })
    const named = { confirm: { action: 'accept', content: { name: 'Atlas' } } }
    const second = await asked('rename', {}, { requestState: first.requestState, inputResponses: named })
    expect(second.inputRequests.confirm.params.message).toBe('Rename it to Atlas?')
    expect(second.requestState).not.toBe(first.requestState)
    const { result } = await round('rename', {}, { requestState: second.requestState, inputResponses: accept })
    expect(result.structuredContent).toEqual({ text: 'Atlas' })
  })

  it('what is filled in has to match the form', async () => {
    const { requestState } = await asked('rename', {})
    const { result } = await round('rename', {}, { requestState, inputResponses: accept })
    expect(codeOf(result)).toBe('invalid_answer')
  })

  it('an ability that catches everything does not go on without an answer', async () => {
    expect((await asked('careless', {})).resultType).toBe('input_required')
    expect(asking.server.deeds.done).toEqual([])
  })

  it('several at once, of the client’s model and folders; only what it declared it can answer', async () => {
    const capabilities = { sampling: {}, roots: {} }
    const question = await asked('consult', {}, { capabilities })
    const methods = Object.entries<{ method: string }>(question.inputRequests).map(([key, { method }]) => [key, method])
    expect(methods).toEqual([
      ['capital', 'sampling/createMessage'],
      ['folders', 'roots/list'],
    ])
    const inputResponses = {
      capital: { role: 'assistant', model: 'm', content: { type: 'text', text: 'Paris' } },
      folders: { roots: [{ uri: 'file:///home' }] },
    }
    // One of the two is missing, or of another kind: only that one is asked again.
    const { folders, ...some } = inputResponses
    const again = await asked(
      'consult',
      {},
      {
        capabilities,
        requestState: question.requestState,
        inputResponses: { ...some, folders: 7 },
      },
    )
    expect(Object.keys(again.inputRequests)).toEqual(['folders'])
    const rest = { capabilities, requestState: again.requestState, inputResponses: { folders } }
    const { result } = await round('consult', {}, rest)
    expect(JSON.parse(result.structuredContent.text)).toEqual(inputResponses)

    const refused = await round('consult', {}, { capabilities: { roots: {} } })
    expect(refused).toMatchObject({
      statusCode: 400,
      error: { code: -32021, data: { requiredCapabilities: { sampling: {} }, code: 'client_cannot_be_asked' } },
    })
  })
})
