import { DeleteItemCommand, DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb'
import type { StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Exchange, observedFetch } from '../../local/journey/exchanges.ts'
import { connect } from '../../local/journey/mcp-client.ts'
import { MemoryOAuthClient } from '../../local/journey/oauth-client.ts'
import { goThrough } from '../../local/journey/person.ts'
import { outputOf } from '../../local/stack.ts'
import { ENDPOINTS } from '../../model/endpoints.ts'
import { OUTPUTS } from '../../model/names.ts'
import { startTestFactory, type TestFactory } from '../support/factory.ts'
import { newBrowser } from '../support/journeys.ts'
import { type RunningBackend, startSdkV2Backend } from '../support/mcp-backend.ts'
import { RawOAuth, REDIRECT_URI } from '../support/oauth.ts'
import { connectWithSdkV1 } from '../support/sdk-v1.ts'

/** Within this time whatever the gate is told acts on tokens that are out already. */
const PATIENCE = { timeout: 20_000, interval: 500 }

let wiki: RunningBackend
let factory: TestFactory
beforeAll(async () => {
  wiki = await startSdkV2Backend()
  factory = await startTestFactory({
    config: {
      servers: {
        wiki: {
          title: 'Wiki',
          proxy: { url: wiki.url, tools: { delete_page: { scope: 'wiki:delete', level: 'privileged' } } },
          privileged: { people: ['bob@example.com'] },
        },
      },
    },
  })
})
afterAll(async () => {
  await factory?.remove()
  await wiki?.stop()
})

/** What a client of either SDK does here, with all that it exchanged. */
interface Client {
  callTool(parameters: { name: string; arguments?: Record<string, unknown> }): Promise<unknown>
  readResource(parameters: { uri: string }): Promise<unknown>
  getPrompt(parameters: { name: string; arguments?: Record<string, string> }): Promise<unknown>
  listTools(): Promise<unknown>
  close(): Promise<void>
  readonly transport?: unknown
}
type Connect = (options: Parameters<typeof connect>[0]) => Promise<Client>

const SDK_1: Connect = connectWithSdkV1 as Connect
const SDK_2 = ((options) => connect({ ...options, mode: { pin: '2026-07-28' } })) as Connect
const SDK_2_LEGACY = ((options) => connect({ ...options, mode: 'legacy' })) as Connect

/** Alice's client, signed in; with one scope alone where the test says so, whatever the challenge proposed. */
async function alice(connectWith: Connect, server: string, scope?: string) {
  const browser = newBrowser()
  const exchanges: Exchange[] = []
  const headers: Record<string, string> = {}
  const observed = observedFetch((exchange) => exchanges.push(exchange))
  const oauth = new MemoryOAuthClient({ name: 'Test client', redirectUrl: REDIRECT_URI })
  const authorize = async (url: URL) => (await goThrough(browser, url, { email: 'alice@example.com' })).url
  const client = await connectWith({
    server: new URL(factory.url(server)),
    oauth,
    authorize(url) {
      if (scope !== undefined) url.searchParams.set('scope', scope)
      return authorize(url)
    },
    fetch(input, init) {
      const sent = new Headers(init?.headers)
      for (const [name, value] of Object.entries(headers)) sent.set(name, value)
      return observed(input, { ...init, headers: sent })
    },
  })
  exchanges.length = 0
  oauth.authorizationUrl = undefined
  const answers = (path: string) =>
    exchanges.filter(({ url }) => url.pathname.endsWith(path)).map(({ status }) => status)
  return { client, oauth, exchanges, headers, authorize, answers }
}

const EVENT = { title: 'Standup', start: '2026-12-01T09:00:00Z', end: '2026-12-01T09:15:00Z' }
/** A call that no client answers from its cache, as SDK 2 does with lists. */
const use = (client: Client) =>
  client.callTool({ name: 'list_events', arguments: { from: EVENT.start, to: EVENT.end } })
const outcomeOf = (client: Client) =>
  use(client).then(
    () => 'served',
    () => 'refused',
  )
describe.each([
  ['SDK 1', SDK_1],
  ['SDK 2', SDK_2],
] as const)('a client of %s', (_sdk, connectWith) => {
  it('RS-02: whose grant was revoked: 401, its refresh token is refused, and it asks for a new sign-in', async () => {
    const { client, oauth, answers } = await alice(connectWith, 'productivity')
    const { refresh_token = '' } = oauth.issued ?? {}
    const { client_id = '' } = oauth.registration ?? {}
    await new RawOAuth(factory.issuer).postForm(ENDPOINTS.revoke, { token: refresh_token, client_id })
    await expect.poll(() => outcomeOf(client), PATIENCE).toBe('refused')
    expect(answers('/mcp').at(-1)).toBe(401)
    expect(answers(ENDPOINTS.token).at(-1)).toBe(400)
    expect(oauth.authorizationUrl?.pathname).toBe(ENDPOINTS.authorize)
    await client.close()
  })

  it('RS-04: of a page elsewhere: 403 from the server', async () => {
    const { client, headers, answers } = await alice(connectWith, 'productivity')
    headers.Origin = 'https://evil.test'
    await expect(use(client)).rejects.toThrow('origin_not_allowed')
    expect(answers('/mcp')).toContain(403)
    expect(answers('/mcp')).not.toContain(200)
    await client.close()
  })

  it('at a gate that has lost its rules: 503 with Retry-After, and afterwards all is well', async () => {
    const { client, exchanges, oauth } = await alice(connectWith, 'productivity')
    await withoutPolicy(async () => {
      await expect.poll(() => outcomeOf(client), PATIENCE).toBe('refused')
      const { status, headers } = exchanges.at(-1) ?? {}
      expect(status).toBe(503)
      expect(Number(headers?.get('retry-after'))).toBeGreaterThan(0)
      expect(headers?.has('www-authenticate')).toBe(false)
    })
    await expect.poll(() => outcomeOf(client), PATIENCE).toBe('served')
    expect(oauth.authorizationUrl).toBeUndefined()
    await client.close()
  })
})

describe('a scope that the token lacks', () => {
  it('RS-02: is named by a 403 where the headers name the tool, and SDK 2 asks for it and goes on', async () => {
    const { client, oauth, exchanges, authorize } = await alice(SDK_2, 'productivity', 'calendar:read')
    expect(oauth.issued?.scope).toBe('calendar:read')
    await expect(client.callTool({ name: 'create_event', arguments: EVENT })).rejects.toThrow()
    const challenged = exchanges.find(({ status }) => status === 403)
    expect(challenged?.headers.get('www-authenticate')).toMatch(
      /^Bearer error="insufficient_scope", scope="calendar:read calendar:write", resource_metadata="[^"]+"$/,
    )
    const asked = oauth.authorizationUrl
    expect(asked?.searchParams.get('scope')?.split(' ')).toEqual(
      expect.arrayContaining(['calendar:read', 'calendar:write']),
    )
    const callback = await authorize(asked ?? new URL('about:blank'))
    await (client.transport as StreamableHTTPClientTransport).finishAuth(oauth.authorizationResponse(callback))
    expect(await client.callTool({ name: 'create_event', arguments: EVENT })).toMatchObject({
      structuredContent: { created: true },
    })
    await client.close()
  })

  it.each([
    ['a resource', (client: Client) => client.readResource({ uri: 'calendar://upcoming' })],
    ['a prompt', (client: Client) => client.getPrompt({ name: 'plan_my_week', arguments: { timeZone: 'UTC' } })],
  ])('RS-02: is named by a 403 for %s, too', async (_kind, ask) => {
    const { client, oauth, exchanges } = await alice(SDK_2, 'productivity', 'calendar:write')
    await expect(ask(client)).rejects.toThrow()
    expect(exchanges.find(({ status }) => status === 403)?.headers.get('www-authenticate')).toMatch(
      /scope="calendar:write calendar:read"/,
    )
    expect(oauth.authorizationUrl?.searchParams.get('scope')).toContain('calendar:read')
    await client.close()
  })

  it.each([
    ['SDK 1', SDK_1],
    ['SDK 2 in 2025-11-25', SDK_2_LEGACY],
  ] as const)('is named by the result for %s, which says how to reconnect', async (_sdk, connectWith) => {
    const { client, answers } = await alice(connectWith, 'productivity', 'calendar:read')
    const result = (await client.callTool({ name: 'create_event', arguments: EVENT })) as {
      isError?: boolean
      content: { text: string }[]
    }
    expect(result.isError).toBe(true)
    expect(JSON.parse(result.content[0]?.text ?? '').error).toMatchObject({
      code: 'insufficient_scope',
      scope: 'calendar:read calendar:write',
      hint: expect.stringContaining('connect it again'),
    })
    await client.close()
    const writer = await alice(connectWith, 'productivity', 'calendar:write')
    for (const ask of [
      () => writer.client.readResource({ uri: 'calendar://upcoming' }),
      () => writer.client.getPrompt({ name: 'plan_my_week', arguments: { timeZone: 'UTC' } }),
    ])
      await expect(ask()).rejects.toMatchObject({
        code: -32600,
        data: { code: 'insufficient_scope', scope: 'calendar:write calendar:read' },
      })
    expect([...answers('/mcp'), ...writer.answers('/mcp')]).not.toContain(403)
    await writer.client.close()
  })
})

describe('what this person may never have', () => {
  it('is refused by a 403 without a challenge where the headers name it, and SDK 2 asks for nothing', async () => {
    const { client, oauth, exchanges } = await alice(SDK_2, 'wiki')
    await expect(client.callTool({ name: 'delete_page' })).rejects.toThrow()
    const [refused] = exchanges
    expect([refused?.status, refused?.headers.get('www-authenticate') ?? '']).toEqual([
      403,
      expect.not.stringContaining('insufficient_scope'),
    ])
    expect(oauth.authorizationUrl).toBeUndefined()
    await client.close()
  })

  it.each([
    ['SDK 1', SDK_1],
    ['SDK 2 in 2025-11-25', SDK_2_LEGACY],
  ] as const)('does not exist for %s', async (_sdk, connectWith) => {
    const { client, oauth } = await alice(connectWith, 'wiki')
    await expect(client.callTool({ name: 'delete_page' })).rejects.toThrow('Unknown tool')
    expect(JSON.stringify(await client.listTools())).not.toContain('delete_page')
    expect(oauth.authorizationUrl).toBeUndefined()
    await client.close()
  })
})

/** Takes the organisation's rules out of the factory table for as long as `run` takes. */
async function withoutPolicy(run: () => Promise<void>): Promise<void> {
  const { region, credentials, dynamodb } = factory.running.administrator
  const client = new DynamoDBClient({ region, credentials, endpoint: dynamodb })
  const TableName = outputOf(factory.running.stacks, OUTPUTS.tableName)
  const Key = { pk: { S: 'POLICY' }, sk: { S: 'POLICY' } }
  const { Item } = await client.send(new GetItemCommand({ TableName, Key }))
  await client.send(new DeleteItemCommand({ TableName, Key }))
  try {
    await run()
  } finally {
    await client.send(new PutItemCommand({ TableName, Item }))
    client.destroy()
  }
}
