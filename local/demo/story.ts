import type { Client } from '@modelcontextprotocol/client'
import { decodeJwt } from 'jose'
import { Browser, type Page } from '../journey/browser.ts'
import { observedFetch } from '../journey/exchanges.ts'
import { connect } from '../journey/mcp-client.ts'
import { MemoryOAuthClient } from '../journey/oauth-client.ts'
import { goThrough } from '../journey/person.ts'
import { askData } from './data-story.ts'
import { DemoError, type Transcript } from './transcript.ts'

/** A loopback redirect URI, as desktop clients have it. Nobody listens: the demo's browser stops there. */
const REDIRECT_URL = 'http://127.0.0.1:1/callback'

export interface DemoFactory {
  readonly issuer: string
  /** The URLs of the two servers. */
  readonly productivity: URL
  readonly devops: URL
  /** Where the config has the data server, over the sample, which is `made` in the background. */
  readonly data?: { readonly url: URL; readonly tom: string; readonly made: Promise<void> }
  /** The stand-in for the identity provider. */
  readonly signInIssuer: string
  /** Email addresses of sample people. */
  readonly people: { readonly alice: string; readonly carl: string; readonly mallory: string }
  /** Seconds. */
  readonly accessTokenLifetime: number
}

/**
 * The whole path, told step by step, against a running factory.
 * @throws DemoError at the first thing that is not as it should be
 */
export async function tell(factory: DemoFactory, transcript: Transcript): Promise<void> {
  const alice = newBrowser()
  const productivity = await signInAndUseProductivity(factory, alice, transcript)
  const devops = await useDevopsWithTheSameSignIn(factory, alice, transcript)
  await tokensAreForOneServerEach(factory, productivity, devops, transcript)
  await isRefused(factory, factory.people.mallory, 'an outsider', transcript)
  await isRefused(factory, factory.people.carl, 'a consumer account on a company address', transcript)
  if (factory.data !== undefined) await useData(factory, factory.data, alice, transcript)
}

function newBrowser(): Browser {
  return new Browser({ stopAt: ({ href }) => href.startsWith(REDIRECT_URL) })
}

/** @returns the access token for productivity */
async function signInAndUseProductivity(
  factory: DemoFactory,
  browser: Browser,
  transcript: Transcript,
): Promise<string> {
  transcript.step('An MCP client connects to the productivity server and is refused; it finds its own way from there.')
  const oauth = new MemoryOAuthClient({ name: 'Demo client', redirectUrl: REDIRECT_URL })
  const seen: Page[] = []
  const client = await connectTo(factory, factory.productivity, oauth, browser, seen, transcript)
  transcript.expect(
    seen.some(({ url }) => url.origin === factory.signInIssuer),
    'Alice signed in at the identity provider',
  )
  const token = accessTokenOf(oauth)
  const { aud, scope, exp, iat, email } = decodeJwt(token)
  transcript.say(`the access token: aud=${String(aud)} scope="${String(scope)}" email=${String(email)}`)
  transcript.expect(aud === factory.productivity.href, 'its audience is the productivity server alone')
  transcript.expect(
    (exp ?? 0) - (iat ?? 0) === factory.accessTokenLifetime,
    `it lives for ${factory.accessTokenLifetime} seconds`,
  )

  transcript.step('The client lists the tools and calls them.')
  const { tools } = await client.listTools()
  transcript.say(`tools: ${tools.map(({ name }) => name).join(', ')}`)
  const created = await call(client, transcript, 'create_event', {
    title: 'Design review',
    start: '2026-12-01T10:00:00+01:00',
    end: '2026-12-01T11:00:00+01:00',
    timeZone: 'Europe/Berlin',
    idempotencyKey: 'demo',
  })
  transcript.expect(created.created === true, 'the event was created')
  const listed = await call(client, transcript, 'list_events', {
    from: '2026-12-01T00:00:00+01:00',
    to: '2026-12-02T00:00:00+01:00',
  })
  const events = listed.events as { title: string }[]
  transcript.expect(events.length === 1 && events[0]?.title === 'Design review', 'the calendar has it')
  await client.close()
  return token
}

/** @returns the access token for devops */
async function useDevopsWithTheSameSignIn(
  factory: DemoFactory,
  browser: Browser,
  transcript: Transcript,
): Promise<string> {
  transcript.step('Another client connects to the devops server, in the same browser.')
  const oauth = new MemoryOAuthClient({ name: 'Demo operations client', redirectUrl: REDIRECT_URL })
  const seen: Page[] = []
  const client = await connectTo(factory, factory.devops, oauth, browser, seen, transcript)
  transcript.expect(
    seen.every(({ url }) => url.origin !== factory.signInIssuer),
    'Alice consented to the new client and did not sign in again',
  )
  const { results } = await call(client, transcript, 'check_service_health', {})
  const healthy = (results as { status: string }[]).every(({ status }) => status === 'healthy')
  transcript.expect(healthy, 'the factory reports itself healthy')
  await client.close()
  return accessTokenOf(oauth)
}

async function useData(
  factory: DemoFactory,
  { url, tom, made }: NonNullable<DemoFactory['data']>,
  browser: Browser,
  transcript: Transcript,
): Promise<void> {
  const connectAs = (email: string, browser: Browser) => {
    const oauth = new MemoryOAuthClient({ name: 'Demo analyst client', redirectUrl: REDIRECT_URL })
    return connectTo(factory, url, oauth, browser, [], transcript, email)
  }
  const people = {
    alice: () => connectAs(factory.people.alice, browser),
    tom: () => connectAs(tom, newBrowser()),
  }
  await made
  await askData(people, transcript)
}

async function tokensAreForOneServerEach(
  factory: DemoFactory,
  productivityToken: string,
  devopsToken: string,
  transcript: Transcript,
): Promise<void> {
  transcript.step('Each token is tried at the other server.')
  for (const [name, server, token] of [
    ["productivity's token at devops", factory.devops, productivityToken],
    ["devops' token at productivity", factory.productivity, devopsToken],
  ] as const) {
    const response = await observedFetch((exchange) => transcript.exchange(exchange))(server, {
      method: 'POST',
      headers: {
        Authorization: `Bearer ${token}`,
        'Content-Type': 'application/json',
        Accept: 'application/json, text/event-stream',
      },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' }),
    })
    transcript.expect(response.status === 401, `${name}: 401`)
  }
}

async function isRefused(factory: DemoFactory, email: string, who: string, transcript: Transcript): Promise<void> {
  transcript.step(`${email}, ${who}, tries to sign in.`)
  const oauth = new MemoryOAuthClient({ name: 'Demo client', redirectUrl: REDIRECT_URL })
  let end: Page | undefined
  const outcome = await connect({
    server: factory.productivity,
    oauth,
    authorize: async (url) => {
      end = await goThrough(newBrowser(), url, { email, sees: (page) => transcript.page(page) })
      return end.url
    },
  }).catch((error: unknown) => error)
  const told = end?.elements.find(({ tag }) => tag === 'p')?.text ?? end?.url.searchParams.get('error_description')
  transcript.say(`told: ${told}`)
  transcript.expect(outcome instanceof Error && oauth.issued === undefined, `${who} gets no token`)
}

function connectTo(
  factory: DemoFactory,
  server: URL,
  oauth: MemoryOAuthClient,
  browser: Browser,
  seen: Page[],
  transcript: Transcript,
  email = factory.people.alice,
): Promise<Client> {
  return connect({
    server,
    oauth,
    fetch: observedFetch((exchange) => transcript.exchange(exchange)),
    authorize: async (url) => {
      const end = await goThrough(browser, url, {
        email,
        sees: (page) => {
          seen.push(page)
          transcript.page(page)
        },
      })
      if (end.status !== 0) throw new DemoError(`the pages ended at ${end.url.origin}: ${end.text}`)
      return end.url
    },
  })
}

async function call(
  client: Client,
  transcript: Transcript,
  name: string,
  input: Record<string, unknown>,
): Promise<Record<string, unknown>> {
  const result = await client.callTool({ name, arguments: input })
  if (result.isError || result.structuredContent === undefined)
    throw new DemoError(`${name} failed: ${JSON.stringify(result.content)}`)
  transcript.say(`${name}(${JSON.stringify(input)})`)
  transcript.say(`   = ${JSON.stringify(result.structuredContent)}`)
  return result.structuredContent as Record<string, unknown>
}

function accessTokenOf(oauth: MemoryOAuthClient): string {
  if (oauth.issued === undefined) throw new DemoError('the client got no token')
  return oauth.issued.access_token
}
