import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport as TransportV1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestFactory, type TestFactory } from '../support/factory.ts'
import { receiveTokens } from '../support/journeys.ts'

const STANDUP = {
  title: 'Stand-up',
  start: '2026-12-01T09:00:00Z',
  end: '2026-12-01T09:15:00Z',
  attendees: [{ email: 'bob@example.com', name: 'Bob' }],
}
type Answer = { action: 'accept' | 'decline'; content?: Record<string, never> }

let factory: TestFactory
let url: URL
let requestInit: { headers: Record<string, string> }
beforeAll(async () => {
  factory = await startTestFactory()
  url = new URL(factory.servers.productivity)
  const { accessToken } = await receiveTokens(factory.issuer, url.href)
  requestInit = { headers: { authorization: `Bearer ${accessToken}` } }
})
afterAll(() => factory?.remove())

/** The answers to a tool call, as far as these tests read them. */
interface Called {
  readonly structuredContent?: unknown
  readonly isError?: boolean | undefined
  readonly content: readonly { readonly text?: string }[]
}

interface Asked {
  readonly questions: string[]
  call(name: string, args: object, signal?: AbortSignal): Promise<Called>
  close(): Promise<void>
}

async function sdkV1(answer: () => Answer | Promise<Answer>): Promise<Asked> {
  const client = new ClientV1({ name: 'SDK 1', version: '1.0.0' }, { capabilities: { elicitation: {} } })
  const questions: string[] = []
  client.setRequestHandler(ElicitRequestSchema, ({ params }) => {
    questions.push(params.message)
    return answer()
  })
  // SDK 1 is compiled without exactOptionalPropertyTypes: its own transport does not fit its own interface.
  await client.connect(new TransportV1(url, { requestInit }) as unknown as Parameters<ClientV1['connect']>[0])
  return {
    questions,
    call: async (name, args, signal) =>
      (await client.callTool({ name, arguments: { ...args } }, undefined, { ...(signal && { signal }) })) as Called,
    close: () => client.close(),
  }
}

async function sdkV2(answer?: () => Answer | Promise<Answer>): Promise<Asked> {
  const client = new Client(
    { name: 'SDK 2', version: '1.0.0' },
    { capabilities: answer ? { elicitation: {} } : {}, versionNegotiation: { mode: { pin: '2026-07-28' } } },
  )
  const questions: string[] = []
  if (answer)
    client.setRequestHandler('elicitation/create', ({ params }) => {
      questions.push(params.message)
      return answer()
    })
  await client.connect(new StreamableHTTPClientTransport(url, { requestInit }))
  return {
    questions,
    call: async (name, args) => (await client.callTool({ name, arguments: { ...args } })) as Called,
    close: () => client.close(),
  }
}

async function newEvent(client: Asked): Promise<string> {
  const { structuredContent } = await client.call('create_event', STANDUP)
  return (structuredContent as { event: { id: string } }).event.id
}
const errorOf = ({ content }: Called) => JSON.parse(content[0]?.text ?? '{}').error

describe.each([
  ['SDK 1, within the stream of its call', sdkV1],
  ['SDK 2, by an input-required result', sdkV2],
])('RS-07: cancel_event asks the person where others take part: %s', (_how, connect) => {
  it('goes on where they agree', async () => {
    const client = await connect(() => ({ action: 'accept', content: {} }))
    const id = await newEvent(client)
    expect((await client.call('cancel_event', { id })).structuredContent).toMatchObject({ cancelled: true })
    expect(client.questions).toEqual([expect.stringContaining('Bob')])
    await client.close()
  })

  it('leaves the event where they do not', async () => {
    const client = await connect(() => ({ action: 'decline' }))
    const id = await newEvent(client)
    expect(errorOf(await client.call('cancel_event', { id }))).toMatchObject({ code: 'declined' })
    expect((await client.call('get_event', { id })).structuredContent).toBeDefined()
    await client.close()
  })
})

it('RS-07: a client that can ask nothing is told what to confirm, and takes an argument for it', async () => {
  const client = await sdkV2()
  const id = await newEvent(client)
  const { code, message, hint } = errorOf(await client.call('cancel_event', { id }))
  expect([code, message]).toEqual(['confirmation_required', expect.stringContaining('Bob')])
  const confirmation = JSON.parse(/"confirmation": (\{.*?\})/.exec(hint)?.[1] ?? '{}')
  const other = await newEvent(client)
  expect(errorOf(await client.call('cancel_event', { id: other, confirmation }))).toMatchObject({ code })
  expect((await client.call('cancel_event', { id, confirmation })).structuredContent).toMatchObject({ cancelled: true })
  await client.close()
})

it('RS-06: a cancelled call is aborted within two seconds, whichever instance is told', { retry: 1 }, async () => {
  const asked = Promise.withResolvers<void>()
  const client = await sdkV1(() => {
    asked.resolve()
    return new Promise<Answer>(() => {})
  })
  const id = await newEvent(client)
  const controller = new AbortController()
  const called = client.call('cancel_event', { id }, controller.signal).catch((error: unknown) => error)
  await asked.promise
  controller.abort('not wanted any more')
  await expect.poll(cancelledCalls, { timeout: 2_000, interval: 50 }).toBe(1)
  expect(await called).toBeInstanceOf(Error)
  expect((await client.call('get_event', { id })).structuredContent).toBeDefined()
  await client.close()
})

/** How many calls the function has logged as cancelled. */
async function cancelledCalls(): Promise<number> {
  const files = await readdir(factory.logsDirectory, { recursive: true, withFileTypes: true })
  const logs = files.filter((file) => file.isFile()).map((file) => readFile(join(file.parentPath, file.name), 'utf8'))
  return (await Promise.all(logs)).join('').match(/"outcome":"cancelled"/g)?.length ?? 0
}
