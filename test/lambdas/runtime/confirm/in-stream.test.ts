import { Client as ClientV2, StreamableHTTPClientTransport as TransportV2 } from '@modelcontextprotocol/client'
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport as TransportV1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import {
  CreateMessageRequestSchema,
  ElicitRequestSchema,
  ListRootsRequestSchema,
} from '@modelcontextprotocol/sdk/types.js'
import { beforeEach, describe, expect, it } from 'vitest'
import { askingServer } from '../support/asking-skillset.ts'
import { conversationOfFile } from '../support/conversation.ts'
import { admitted } from '../support/gateway-event.ts'
import { bridge } from '../support/http-bridge.ts'
import { handshakeRequest, send } from '../support/mcp-message.ts'

const SCOPES = 'sample:everyday sample:privileged'
const people = { alice: admitted('alice', SCOPES), mallory: admitted('mallory', SCOPES) }
type Answer = { action: 'accept' | 'decline' | 'cancel'; content?: Record<string, string> }

const conversation = await conversationOfFile()
let server: ReturnType<typeof askingServer>
let http: Awaited<ReturnType<typeof bridge>>
beforeEach(async () => {
  server = askingServer({ conversation })
  http = await bridge(server.handler, people)
  return () => http[Symbol.asyncDispose]()
})

const requestInit = { headers: { authorization: 'Bearer alice' } }
const call = (name: string, args: Record<string, unknown> = { what: 'notes' }) => ({ name, arguments: args })

async function v1(answer: () => Answer, capabilities: object = { elicitation: {}, sampling: {}, roots: {} }) {
  const client = new ClientV1({ name: 'v1', version: '1.0.0' }, { capabilities })
  const asked: string[] = []
  if ('elicitation' in capabilities)
    client.setRequestHandler(ElicitRequestSchema, ({ params }) => {
      asked.push(params.message)
      return answer()
    })
  if ('sampling' in capabilities)
    client.setRequestHandler(CreateMessageRequestSchema, () => ({
      role: 'assistant' as const,
      model: 'test',
      content: { type: 'text' as const, text: 'Paris' },
    }))
  if ('roots' in capabilities)
    client.setRequestHandler(ListRootsRequestSchema, () => ({ roots: [{ uri: 'file:///home' }] }))
  // SDK 1 is compiled without exactOptionalPropertyTypes: its own transport does not fit its own interface.
  await client.connect(new TransportV1(http.url, { requestInit }) as unknown as Parameters<ClientV1['connect']>[0])
  return { client, asked }
}

describe('a question to a client of 2025 that declared elicitation', () => {
  it('goes within the stream of its call; the ability goes on where it stopped', async () => {
    const { client, asked } = await v1(() => ({ action: 'accept', content: {} }))
    const result = await client.callTool(call('erase_for_all'))
    expect(result.structuredContent).toEqual({ text: 'erased notes' })
    expect(asked).toEqual(['Erase notes of 3 people?'])
    expect(server.deeds).toMatchObject({ done: ['notes'], runs: 1 })
    await client.close()
  })

  it.each(['decline', 'cancel'] as const)('answered by %s ends the ability', async (action) => {
    const { client } = await v1(() => ({ action }))
    const { isError } = await client.callTool(call('erase'))
    expect([isError, server.deeds.done]).toEqual([true, []])
    await client.close()
  })

  it('answered by an error ends the ability; the log is told the beginning of it', async () => {
    const { client } = await v1(() => {
      throw new Error(`no ${'x'.repeat(100_000)}`)
    })
    expect(JSON.stringify((await client.callTool(call('erase'))).content)).toContain('client_refused')
    expect(server.log.join()).toContain('no xxx')
    expect(Math.max(...server.log.map((line) => line.length))).toBeLessThan(2_000)
    await client.close()
  })

  it('one after the other, with a form', async () => {
    const { client, asked } = await v1(() => ({ action: 'accept', content: { name: 'Atlas' } }))
    expect((await client.callTool(call('rename', {}))).structuredContent).toEqual({ text: 'Atlas' })
    expect(asked).toEqual(['What is the new name?', 'Rename it to Atlas?'])
    await client.close()
  })

  it('asks the client’s model and folders too', async () => {
    const { client } = await v1(() => ({ action: 'cancel' }))
    const { structuredContent } = await client.callTool(call('consult', {}))
    expect(JSON.parse((structuredContent as { text: string }).text)).toMatchObject({
      capital: { content: { text: 'Paris' } },
      folders: { roots: [{ uri: 'file:///home' }] },
    })
    await client.close()
  })

  it('an ability’s own time stands still while the person thinks', async () => {
    const { client } = await v1(() => ({ action: 'accept', content: {} }))
    expect((await client.callTool(call('brief', { asks: true }))).structuredContent).toEqual({ text: 'in time' })
    const late = await client.callTool(call('brief', { asks: false }))
    expect(JSON.stringify(late.content)).toContain('timeout')
    await client.close()
  })

  it('SDK 2 answers the same way in the older revision', async () => {
    const client = new ClientV2(
      { name: 'v2', version: '1.0.0' },
      { capabilities: { elicitation: {} }, versionNegotiation: { mode: 'legacy' } },
    )
    client.setRequestHandler('elicitation/create', () => ({ action: 'accept', content: {} }))
    await client.connect(new TransportV2(http.url, { requestInit }))
    expect((await client.callTool(call('erase'))).structuredContent).toEqual({ text: 'erased notes' })
    await client.close()
  })
})

describe('an answer', () => {
  const answerTo = (id: string) => ({
    ...handshakeRequest('ignored'),
    message: { jsonrpc: '2.0', id, result: { action: 'accept', content: {} } },
  })

  it('of another grant is none: Mallory cannot agree for Alice', async () => {
    let wasAsked = (_id: string) => {}
    const id = new Promise<string>((resolve) => {
      wasAsked = resolve
    })
    const { client } = await v1(() => ({ action: 'decline' }))
    const transport = client.transport
    const receive = transport?.onmessage
    if (transport && receive)
      transport.onmessage = (message, extra) => {
        if (!('method' in message && message.method === 'elicitation/create')) return receive(message, extra)
        const request = message as typeof message & { id: string }
        wasAsked(request.id)
        void send(server.handler, answerTo(request.id), people.mallory).then(() => receive(message, extra))
      }
    const { isError } = await client.callTool(call('erase'))
    expect(await id).toMatch(/^[0-9a-f]{32}$/)
    expect([isError, server.deeds.done]).toEqual([true, []])
    await client.close()
  })

  it('that nobody waits for is 202, and not kept', async () => {
    const before = await conversation.data.items()
    const { statusCode, text } = await send(server.handler, answerTo('0'.repeat(32)), people.alice)
    expect([statusCode, text]).toEqual([202, ''])
    expect(await conversation.data.items()).toEqual(before)
  })

  it('within a batch does not keep the other messages from being answered', async () => {
    const { headers, message } = handshakeRequest('tools/list', {}, '2025-03-26')
    const batch = [answerTo('0'.repeat(32)).message, message]
    const { messages } = await send(server.handler, { headers, message: batch }, people.alice)
    expect(messages).toHaveLength(1)
    expect(messages[0].result.tools.length).toBeGreaterThan(0)
  })
})
