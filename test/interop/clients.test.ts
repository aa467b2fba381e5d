import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import productivitySkillset from '../../lambdas/skillsets/productivity/skillset.ts'
import { listenEarly } from '../../local/origins.ts'
import { CHROMIUM } from '../support/chromium.ts'
import { startTestFactory, type TestFactory } from '../support/factory.ts'
import type { Client, ClientKind } from './client.ts'
import { aiSdk } from './clients/ai-sdk.ts'
import { inspector } from './clients/inspector.ts'
import { mcpRemote } from './clients/mcp-remote.ts'
import { mcporter } from './clients/mcporter.ts'
import { sdkV1, sdkV2 } from './clients/sdk.ts'
import { type Desktop, newDesktop } from './desktop.ts'
import { INSTALLED } from './installed.ts'
import { type Exchange, type ObservedFront, startObservedFront } from './observed-front.ts'
import { newPerson, type Person } from './person.ts'
import { refreshesInLog } from './refreshes-in-log.ts'

/** Slow ones first: the last one's token is the last to expire. */
const KINDS: readonly ClientKind[] = [mcporter, mcpRemote, inspector, sdkV1, sdkV2, aiSdk]
/** Seconds: the shortest that the config takes. */
const ACCESS_TOKEN = 60
/** Where the path of a server's metadata is named in the challenge, and where it is looked for without one. */
const NAMED = '/productivity/.well-known/oauth-protected-resource'
const GUESSED = '/.well-known/oauth-protected-resource/productivity/mcp'

const EVERYDAY_TOOLS = productivitySkillset.abilities
  .filter(({ level }) => level === 'everyday')
  .map(({ name }) => name)
const DAY = { from: '2026-12-01T00:00:00Z', to: '2026-12-02T00:00:00Z' }
const EVENT = { start: '2026-12-01T09:00:00Z', end: '2026-12-01T09:15:00Z' }

/** A client that has signed in, and since when its token is none older, in milliseconds since the epoch. */
interface SignedIn {
  readonly client: Client
  readonly since: number
}

describe.skipIf(!INSTALLED || CHROMIUM === undefined)('clients', () => {
  let front: ObservedFront
  let factory: TestFactory
  let person: Person
  const desktops: Desktop[] = []
  const signedIn = new Map<ClientKind, SignedIn>()

  beforeAll(async () => {
    front = await startObservedFront()
    const free = await listenEarly(0)
    front.target = free.port
    await free.close()
    const lifetimes = { accessToken: ACCESS_TOKEN }
    factory = await startTestFactory({ port: front.target, origin: front.origin, config: { lifetimes } })
    person = await newPerson('alice@example.com')
  })
  afterAll(async () => {
    for (const { client } of signedIn.values()) await client.close()
    for (const desktop of desktops) await desktop.remove()
    await person?.leave()
    await factory?.remove()
    await front?.close()
  })
  beforeEach(() => {
    front.exchanges = []
    front.hidesChallenge = false
  })

  /** Starts it on a desktop of its own. */
  const start = async (kind: ClientKind): Promise<Client> => {
    const desktop = await newDesktop(person)
    desktops.push(desktop)
    return kind.start({ name: 'productivity', url: factory.servers.productivity }, person, desktop)
  }

  it.each(KINDS)('000.7, CL-03: $name signs in, lists and calls, in its own way', async (kind) => {
    const signIns = person.signIns
    const client = await start(kind)
    expect(await client.listTools()).toEqual(EVERYDAY_TOOLS)
    expect(await client.callTool('create_event', { ...EVENT, title: kind.name })).toMatchObject({ created: true })
    expect(person.signIns).toBe(signIns + 1)
    signedIn.set(kind, { client, since: Date.now() })

    const { exchanges } = front
    const { probe, revision, methodHeader, redirectUri } = kind.habits
    expect(exchanges[0]).toMatchObject({ method: probe, path: '/productivity/mcp', status: 401 })
    expect(metadataPaths(exchanges)).toEqual([NAMED, '/.well-known/oauth-authorization-server'])
    if (redirectUri) expect(redirectUris(exchanges)).toEqual([expect.stringMatching(redirectUri)])
    expect(tokenRequests(exchanges, 'authorization_code')).toEqual([
      expect.objectContaining({ resource: factory.servers.productivity }),
    ])
    const messages = exchanges.filter(({ method, headers }) => method === 'POST' && headers.authorization)
    expect(new Set(messages.map(revisionOf))).toEqual(new Set([revision]))
    expect(messages.every(({ headers }) => 'mcp-method' in headers)).toBe(methodHeader)
  })

  it.each(KINDS)('CL-02: $name finds where to sign in without the challenge', async (kind) => {
    front.hidesChallenge = true
    const client = await start(kind)
    expect(await client.listTools()).toEqual(EVERYDAY_TOOLS)
    await client.close()
    expect(metadataPaths(front.exchanges)).toEqual([GUESSED, '/.well-known/oauth-authorization-server'])
  })

  it.each(KINDS)('000.7: $name outlives its access token by refreshing it, without a browser', async (kind) => {
    const { client, since } = signedIn.get(kind) ?? expect.fail('it never signed in')
    const signIns = person.signIns
    await sleep(Math.max(0, since + (ACCESS_TOKEN + 1) * 1000 - Date.now()))
    expect(await client.callTool('list_events', DAY)).toMatchObject({
      events: expect.arrayContaining([expect.objectContaining({ title: kind.name })]),
    })
    expect(person.signIns).toBe(signIns)

    const refused = front.exchanges.some(({ status, headers }) => status === 401 && headers.authorization)
    expect(refused ? 'when refused' : 'ahead').toBe(kind.habits.refreshes)
    const [refresh] = tokenRequests(front.exchanges, 'refresh_token')
    expect(refresh).toMatchObject({ resource: factory.servers.productivity })
    expect(await refreshesInLog(factory.logsDirectory, since)).toContain(refresh?.client_id)
  })
})

/** Where metadata was looked for, each path once, in order. */
function metadataPaths(exchanges: readonly Exchange[]): string[] {
  const registered = exchanges.findIndex(({ path }) => path === '/register')
  const before = exchanges.slice(0, registered).map(({ path }) => path)
  return [...new Set(before.filter((path) => path.includes('.well-known')))]
}

function redirectUris(exchanges: readonly Exchange[]): unknown {
  return exchanges.filter(({ path }) => path === '/register').flatMap(({ body }) => JSON.parse(body).redirect_uris)
}

/** The parameters of the token requests that were granted. */
function tokenRequests(exchanges: readonly Exchange[], grantType: string): Readonly<Record<string, string>>[] {
  return exchanges
    .filter(({ path, status }) => path === '/token' && status === 200)
    .map(({ body }) => Object.fromEntries(new URLSearchParams(body)))
    .filter(({ grant_type }) => grant_type === grantType)
}

/** `initialize` says it in its body, everything else in the header. */
function revisionOf({ headers, body }: Exchange): unknown {
  return headers['mcp-protocol-version'] ?? JSON.parse(body).params.protocolVersion
}
