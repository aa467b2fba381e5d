import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { definePrompt } from '../../../lambdas/runtime/define-prompt.ts'
import { defineSkillset } from '../../../lambdas/runtime/define-skillset.ts'
import { connect } from './support/connect.ts'
import { admitted } from './support/gateway-event.ts'
import { libraryServer } from './support/library-skillset.ts'
import { handshakeRequest, send, statelessRequest } from './support/mcp-message.ts'
import { sampleServer } from './support/sample-skillset.ts'

const { handler, seen } = libraryServer()
const alice = admitted('alice', 'books:read')
const nobody = admitted('nobody', '', { ceiling: 'books:read' })
const trainee = admitted('trainee', 'books:read', { ceiling: 'books:read books:audit' })
const BOOKS = { type: 'ref/resource', uri: 'library://books/{shelf}/{number}' }
const RECOMMEND = { type: 'ref/prompt', name: 'recommend' }

describe.each([
  ['2025-11-25', handshakeRequest],
  ['2026-07-28', statelessRequest],
] as const)('in %s', (_version, request) => {
  const ask = async (method: string, params: object, person = alice) =>
    (await send(handler, request(method, { ...params }), person)).messages[0]

  describe('prompts', () => {
    const get = (name: string, given?: object, person = alice) =>
      ask('prompts/get', { name, ...(given && { arguments: given }) }, person)

    it('are listed with their arguments, and only to who may ever use them', async () => {
      expect((await ask('prompts/list', {})).result.prompts).toEqual([
        {
          name: 'recommend',
          title: 'Recommend a book',
          description: 'Recommends a book.',
          arguments: [
            { name: 'shelf', description: 'Where to look', required: true },
            { name: 'mood', required: false },
          ],
          icons: [{ src: 'https://library.example.com/icon.png', mimeType: 'image/png', sizes: ['48x48'] }],
        },
      ])
      expect((await ask('prompts/list', {}, trainee)).result.prompts).toHaveLength(2)
      expect((await ask('prompts/list', {}, admitted('eve', '', { ceiling: '' }))).result.prompts).toEqual([])
    })

    it('give their messages, text as one of the person’s', async () => {
      expect((await get('recommend', { shelf: 'Art' })).result).toMatchObject({
        description: 'Recommends a book.',
        messages: [{ role: 'user', content: { type: 'text', text: 'Recommend a book from Art.' } }],
      })
      expect((await get('recommend', { shelf: 'Art', mood: 'calm' })).result.messages).toEqual([
        { role: 'assistant', content: { type: 'text', text: 'calm, from Art' } },
      ])
    })

    it.each([undefined, {}, { shelf: 'x'.repeat(21) }, { shelf: 'Art', floor: '2' }])('refuse %j', async (given) => {
      seen.length = 0
      expect((await get('recommend', given)).error).toMatchObject({
        code: -32602,
        message: expect.stringMatching(/^(shelf|arguments): /),
        data: { code: 'invalid_arguments', requestId: 'request-1' },
      })
      expect(seen).toEqual([])
    })

    it('refuse by their own code', async () => {
      expect((await get('recommend', { shelf: 'none' })).error).toMatchObject({
        code: -32602,
        data: { code: 'no_such_shelf', hint: 'Choose another.' },
      })
    })

    it('that the person may never use, or that are none, do not exist', async () => {
      for (const name of ['inspect', 'no_such_prompt', 'motto', '__proto__'])
        expect((await get(name)).error).toEqual({
          code: -32602,
          message: 'Unknown prompt',
          data: { code: 'unknown_prompt', requestId: 'request-1' },
        })
    })

    it('whose scope the token lacks are refused with what to do', async () => {
      for (const [name, person, scope] of [
        ['inspect', trainee, 'books:read books:audit'],
        ['recommend', nobody, 'books:read'],
      ] as const)
        expect((await get(name, { shelf: 'Art' }, person)).error).toMatchObject({
          code: -32600,
          data: { code: 'insufficient_scope', scope, requestId: 'request-1' },
        })
    })
  })

  describe('completions', () => {
    const complete = (ref: object, name: string, value: string, person = alice) =>
      ask('completion/complete', { ref, argument: { name, value } }, person)

    it('offer what begins as was typed, a hundred at most', async () => {
      expect((await complete(BOOKS, 'shelf', 'a')).result.completion).toEqual({
        values: ['Art', 'Astronomy'],
        total: 2,
        hasMore: false,
      })
      const { values, total, hasMore } = (await complete(RECOMMEND, 'shelf', '')).result.completion
      expect([values.length, total, hasMore]).toEqual([100, 150, true])
    })

    it('offer nothing for what has no completion', async () => {
      for (const name of ['number', 'no_such', 'constructor'])
        expect((await complete(BOOKS, name, '')).result.completion.values).toEqual([])
    })

    it('show nothing of what the person may not use', async () => {
      const AUDITS = { type: 'ref/resource', uri: 'library://audits/{year}' }
      for (const ref of [AUDITS, { type: 'ref/prompt', name: 'inspect' }, { type: 'ref/prompt', name: 'none' }])
        expect((await complete(ref, 'year', '')).error.data.code).toBe('unknown_reference')
      expect((await complete(AUDITS, 'year', '', trainee)).error.data.code).toBe('insufficient_scope')
      expect((await complete(BOOKS, 'shelf', '', nobody)).error.data.code).toBe('insufficient_scope')
    })
  })

  it('RS-08: only what a skillset has is a capability, and nothing promises notifications', async () => {
    const capabilitiesOf = async (server: unknown, person: typeof alice) => {
      const { messages } =
        request === handshakeRequest
          ? await send(
              server,
              request('initialize', {
                protocolVersion: '2025-11-25',
                capabilities: {},
                clientInfo: { name: 'test', version: '1' },
              }),
              person,
            )
          : await send(server, request('server/discover'), person)
      return messages[0].result.capabilities
    }
    expect(await capabilitiesOf(handler, alice)).toEqual({
      resources: { listChanged: false, subscribe: false },
      prompts: { listChanged: false },
      completions: {},
      logging: {},
    })
    const sample = sampleServer().handler
    expect(await capabilitiesOf(sample, admitted('alice', 'sample:read'))).toEqual({
      tools: { listChanged: false },
      logging: {},
    })
    const { messages } = await send(sample, request('prompts/list'), admitted('alice', 'sample:read'))
    expect(messages[0].error.code).toBe(-32601)
  })
})

it('a prompt over the limit is refused with advice instead of being cut', async () => {
  const recite = definePrompt({
    name: 'recite',
    title: 'Recite',
    description: 'For tests.',
    scope: 'books:read',
    arguments: z.strictObject({}),
    messages: () => 'x'.repeat(7_000_000),
  })
  const about = { name: 'library', title: 'Library', instructions: 'For tests.' }
  const skillset = defineSkillset({ ...about, abilities: [], prompts: [recite] })
  const client = await connect(skillset, { as: { name: 'alice' }, services: undefined })
  await expect(client.getPrompt({ name: 'recite' })).rejects.toMatchObject({
    code: -32602,
    data: { code: 'result_too_large', hint: expect.stringMatching(/narrower|smaller/) },
  })
  await client.close()
})
