import { Client as ClientV2, StreamableHTTPClientTransport as TransportV2 } from '@modelcontextprotocol/client'
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport as TransportV1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import '../runtime/support/aws-lambda.ts'
import { serve } from '../../../lambdas/runtime/serve.ts'
import devops from '../../../lambdas/skillsets/devops/skillset.ts'
import productivity from '../../../lambdas/skillsets/productivity/skillset.ts'
import { KEY_ALONE } from '../runtime/support/conversation.ts'
import { dataTable } from '../runtime/support/data-table.ts'
import { admitted } from '../runtime/support/gateway-event.ts'
import { bridge } from '../runtime/support/http-bridge.ts'
import { keptLog } from '../runtime/support/sample-skillset.ts'

const CALENDAR = 'calendar:read calendar:write'
const people = {
  alice: admitted('alice', CALENDAR),
  bob: admitted('bob', CALENDAR),
  tom: admitted('tom', CALENDAR, { tenant: 'partner', sub: 'sub-of-alice' }),
  reader: admitted('reader', 'calendar:read', { ceiling: CALENDAR }),
  operator: admitted('operator', 'services:read'),
}
type Name = keyof typeof people

let data: Awaited<ReturnType<typeof dataTable>>
let calendar: Awaited<ReturnType<typeof bridge>>
let operations: Awaited<ReturnType<typeof bridge>>

beforeAll(async () => {
  data = await dataTable()
  vi.stubEnv('AWS_ENDPOINT_URL_DYNAMODB', data.endpoint)
  vi.stubEnv('AWS_REGION', 'eu-central-1')
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test')
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test')
  const environment = { ISSUER: 'http://127.0.0.1:1', ALLOWED_ORIGINS: '[]', TABLE_NAME: 'data' }
  const { lines: _, ...kept } = keptLog()
  calendar = await bridge(
    serve(productivity, {
      environment: { ...environment, SERVER_NAME: 'productivity', OPTIONS: '{}' },
      ...kept,
      conversation: KEY_ALONE,
    }),
    people,
  )
  const OPTIONS = '{"services":[{"name":"factory","url":"{issuer}/health"}]}'
  operations = await bridge(
    serve(devops, {
      environment: { ...environment, SERVER_NAME: 'devops', OPTIONS },
      ...kept,
      conversation: KEY_ALONE,
    }),
    people,
  )
})
afterAll(async () => {
  await calendar[Symbol.asyncDispose]()
  await operations[Symbol.asyncDispose]()
  await data.close()
  vi.unstubAllEnvs()
})

interface Connected {
  listTools(): Promise<{ tools: { name: string }[] }>
  callTool(
    parameters: { name: string; arguments: Record<string, unknown> },
    onprogress?: (progress: { progress: number }) => void,
  ): Promise<{ structuredContent?: unknown; isError?: boolean | undefined; content: { text?: string }[] }>
  close(): Promise<void>
}

const requestInit = (name: Name) => ({ requestInit: { headers: { authorization: `Bearer ${name}` } } })
const about = { name: 'test', version: '1.0.0' }

async function connectV1(url: URL, name: Name): Promise<Connected> {
  const client = new ClientV1(about)
  await client.connect(new TransportV1(url, requestInit(name)) as Parameters<ClientV1['connect']>[0])
  return {
    listTools: () => client.listTools(),
    callTool: (parameters, onprogress) =>
      client.callTool(parameters, undefined, onprogress && { onprogress }) as ReturnType<Connected['callTool']>,
    close: () => client.close(),
  }
}

const connectV2 =
  (mode: 'legacy' | '2026-07-28') =>
  async (url: URL, name: Name): Promise<Connected> => {
    const client = new ClientV2(about, {
      versionNegotiation: { mode: mode === 'legacy' ? 'legacy' : { pin: mode } },
    })
    await client.connect(new TransportV2(url, requestInit(name)))
    return {
      listTools: () => client.listTools(),
      callTool: (parameters, onprogress) =>
        client.callTool(parameters, onprogress && { onprogress }) as ReturnType<Connected['callTool']>,
      close: () => client.close(),
    }
  }

describe.each([
  ['SDK v1, 2025-11-25', connectV1],
  ['SDK v2, 2025-11-25', connectV2('legacy')],
  ['SDK v2, 2026-07-28', connectV2('2026-07-28')],
] as const)('%s', (label, connect) => {
  const day = { 'SDK v1, 2025-11-25': '01', 'SDK v2, 2025-11-25': '02', 'SDK v2, 2026-07-28': '03' }[label]
  const range = { from: `2026-12-${day}T00:00:00Z`, to: `2026-12-${day}T23:00:00Z` }
  const event = {
    title: `Meeting of ${label}`,
    start: `2026-12-${day}T09:00:00+01:00`,
    end: `2026-12-${day}T10:00:00+01:00`,
    timeZone: 'Europe/Berlin',
    idempotencyKey: label,
  }
  const titlesOf = async (client: Connected) => {
    const { structuredContent } = await client.callTool({ name: 'list_events', arguments: range })
    return (structuredContent as { events: { title: string }[] }).events.map(({ title }) => title)
  }

  it('creates and lists, and nobody else sees it', async () => {
    const alice = await connect(calendar.url, 'alice')
    const { tools } = await alice.listTools()
    const calendarAbilities = productivity.abilities.filter(({ scope }) => CALENDAR.split(' ').includes(scope))
    expect(tools.map(({ name }) => name)).toEqual(calendarAbilities.map(({ name }) => name))
    const { structuredContent } = await alice.callTool({ name: 'create_event', arguments: event })
    expect(structuredContent).toMatchObject({ created: true, event: { title: event.title, start: event.start } })
    expect(await titlesOf(alice)).toEqual([event.title])
    await alice.close()
    for (const other of ['bob', 'tom'] as const) {
      const client = await connect(calendar.url, other)
      expect(await titlesOf(client)).toEqual([])
      await client.close()
    }
  })

  it('is told which scope is missing', async () => {
    const reader = await connect(calendar.url, 'reader')
    const { isError, content } = await reader.callTool({ name: 'create_event', arguments: event })
    expect(isError).toBe(true)
    expect(JSON.parse(content[0]?.text ?? '').error).toMatchObject({
      code: 'insufficient_scope',
      scope: 'calendar:read calendar:write',
    })
    await reader.close()
  })

  it("does not find another server's abilities", async () => {
    const alice = await connect(operations.url, 'alice')
    expect((await alice.listTools()).tools).toEqual([])
    await expect(alice.callTool({ name: 'check_service_health', arguments: {} })).rejects.toThrow(/Unknown tool/)
    await expect(alice.callTool({ name: 'create_event', arguments: event })).rejects.toThrow(/Unknown tool/)
    await alice.close()
  })

  it('follows progress and gets the health of the configured services', async () => {
    const operator = await connect(operations.url, 'operator')
    const updates: number[] = []
    const { structuredContent } = await operator.callTool(
      { name: 'check_service_health', arguments: {} },
      ({ progress }) => updates.push(progress),
    )
    expect(structuredContent).toMatchObject({ results: [{ service: 'factory', status: 'unreachable' }] })
    expect(updates).toEqual([1])
    await operator.close()
  })
})
