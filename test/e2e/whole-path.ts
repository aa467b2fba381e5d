import { decodeJwt, decodeProtectedHeader } from 'jose'
import { describe, expect, it } from 'vitest'
import productivitySkillset from '../../lambdas/skillsets/productivity/skillset.ts'
import type { Browser, Page } from '../../local/journey/browser.ts'
import { type Exchange, observedFetch } from '../../local/journey/exchanges.ts'
import { type ConnectOptions, connect } from '../../local/journey/mcp-client.ts'
import { MemoryOAuthClient } from '../../local/journey/oauth-client.ts'
import { goThrough } from '../../local/journey/person.ts'
import type { TestFactory } from '../support/factory.ts'
import { newBrowser } from '../support/journeys.ts'
import { LIST_TOOLS, postMessage, REDIRECT_URI, send } from '../support/oauth.ts'
import { connectWithSdkV1 } from '../support/sdk-v1.ts'

const DAY = { from: '2026-12-01T00:00:00Z', to: '2026-12-02T00:00:00Z' }
const EVENT = { title: 'Standup', start: '2026-12-01T09:00:00Z', end: '2026-12-01T09:15:00Z' }

/** What everybody who is admitted may use, in the order in which the skillset lists it. */
const EVERYDAY_TOOLS = productivitySkillset.abilities
  .filter(({ level }) => level === 'everyday')
  .map(({ name }) => name)

/** A client and the person who uses it, as one test needs them. */
function visitor(email: string, browser: Browser = newBrowser()) {
  const seen: Page[] = []
  const exchanges: Exchange[] = []
  const oauth = new MemoryOAuthClient({ name: 'Test client', redirectUrl: REDIRECT_URI })
  const options = (server: string): ConnectOptions => ({
    server: new URL(server),
    oauth,
    fetch: observedFetch((exchange) => exchanges.push(exchange)),
    authorize: async (url) => {
      const end = await goThrough(browser, url, { email, sees: (page) => seen.push(page) })
      return end.url
    },
  })
  return { browser, seen, exchanges, oauth, options }
}

const byName = (one: { name: string }, other: { name: string }) => one.name.localeCompare(other.name)

const structured = (answer: object) => {
  const result = answer as { structuredContent?: unknown; isError?: unknown; content?: unknown }
  if (result.isError) throw new Error(JSON.stringify(result.content))
  return result.structuredContent as Record<string, never>
}

/**
 * What holds wherever the APIs answer: the same tests for one origin and for an origin per API.
 * @param factory a running factory, shared by the tests
 */
export function describeWholePath(factory: () => TestFactory): void {
  describe('discovery', () => {
    it('002.8: /servers says of each server where it is and that it serves', async () => {
      const listed = async () => (await send(`${factory().issuer}/servers`)).json?.servers
      const servers = Object.entries(factory().servers).map(([name, resource]) => ({ name, resource, status: 'ok' }))
      // A function's first start may take longer than the list waits for it.
      await expect
        .poll(listed, { timeout: 50_000, interval: 2_000 })
        .toEqual(servers.toSorted(byName).map((server) => expect.objectContaining(server)))
    })

    it('RS-02: a request without a token is refused with a challenge that leads to the metadata', async () => {
      const { status, headers } = await postMessage(factory().servers.productivity, undefined, LIST_TOOLS)
      expect(status).toBe(401)
      const challenge = headers.get('www-authenticate') ?? ''
      const [, metadataUrl] = challenge.match(/^Bearer resource_metadata="([^"]+)", scope="[^"]+"$/) ?? []
      expect(metadataUrl, challenge).toBeDefined()
      const { json } = await send(metadataUrl ?? '')
      expect(json?.resource).toBe(factory().servers.productivity)
      expect(json?.authorization_servers).toEqual([factory().issuer])
    })

    it('RS-02: an unauthenticated GET is refused in the same way, never with 405', async () => {
      const { status, headers } = await send(factory().servers.productivity)
      expect(status).toBe(401)
      expect(headers.get('www-authenticate')).toContain('resource_metadata=')
    })

    it('AS-02: both metadata documents name the issuer byte for byte, and agree', async () => {
      const [oauth, openid] = await Promise.all(
        ['oauth-authorization-server', 'openid-configuration'].map((name) =>
          send(`${factory().issuer}/.well-known/${name}`),
        ),
      )
      expect(oauth?.json?.issuer).toBe(factory().issuer)
      expect(openid?.json).toEqual(oauth?.json)
      expect(oauth?.json?.code_challenge_methods_supported).toEqual(['S256'])
      expect(oauth?.json?.authorization_response_iss_parameter_supported).toBe(true)
    })
  })

  describe('an MCP client', () => {
    it('of SDK 1 (2025-11-25) signs in and uses an ability', async () => {
      const { options, oauth } = visitor('alice@example.com')
      const client = await connectWithSdkV1(options(factory().servers.productivity))
      const { tools } = await client.listTools()
      expect(tools.map(({ name }) => name)).toEqual(EVERYDAY_TOOLS)
      const input = { ...EVENT, title: 'By SDK 1', idempotencyKey: 'sdk-1' }
      expect(structured(await client.callTool({ name: 'create_event', arguments: input }))).toMatchObject({
        created: true,
        event: { title: 'By SDK 1' },
      })
      expect(JSON.stringify(structured(await client.callTool({ name: 'list_events', arguments: DAY })))).toContain(
        'By SDK 1',
      )
      const token = oauth.issued?.access_token ?? ''
      expect(decodeProtectedHeader(token)).toMatchObject({ typ: 'at+jwt', alg: 'ES256' })
      expect(decodeJwt(token)).toMatchObject({ aud: factory().servers.productivity, iss: factory().issuer })
      await client.close()
    })

    it.each([
      ['2026-07-28, asked for', { pin: '2026-07-28' }, '2026-07-28'],
      ['2026-07-28, negotiated', 'auto', '2026-07-28'],
      ['2025-11-25', 'legacy', '2025-11-25'],
    ] as const)('of SDK 2 (%s) signs in and uses an ability', async (_era, mode, expected) => {
      const { options } = visitor('alice@example.com')
      const client = await connect({ ...options(factory().servers.productivity), mode })
      expect(client.getNegotiatedProtocolVersion()).toBe(expected)
      const title = `By SDK 2 in ${JSON.stringify(mode)}`
      const created = await client.callTool({ name: 'create_event', arguments: { ...EVENT, title } })
      expect(structured(created)).toMatchObject({ created: true })
      const listed = await client.callTool({ name: 'list_events', arguments: DAY })
      expect(structured(listed).events).toContainEqual(expect.objectContaining({ title }))
      await client.close()
    })

    it.each([
      ['SDK 1', connectWithSdkV1],
      ['SDK 2', connect],
    ])('of %s refreshes its token by itself and goes on', async (_sdk, connectWith) => {
      const { options, oauth, seen } = visitor('alice@example.com')
      const client = await connectWith(options(factory().servers.productivity))
      const before = oauth.issued
      const pages = seen.length
      oauth.saveTokens({ ...before, access_token: 'no-longer-valid', token_type: 'Bearer' })
      await client.listTools()
      expect(oauth.issued?.access_token).not.toBe(before?.access_token)
      expect(oauth.issued?.refresh_token).not.toBe(before?.refresh_token)
      expect(seen).toHaveLength(pages)
      await client.close()
    })

    it('is told a wrong argument as a tool error, and goes on', async () => {
      const { options } = visitor('alice@example.com')
      const client = await connect(options(factory().servers.productivity))
      const backwards = { ...EVENT, start: EVENT.end, end: EVENT.start }
      const refused = await client.callTool({ name: 'create_event', arguments: backwards })
      expect(refused.isError).toBe(true)
      expect(JSON.stringify(refused.content)).toContain('invalid_time_range')
      expect((await client.callTool({ name: 'list_events', arguments: DAY })).isError).not.toBe(true)
      await client.close()
    })
  })

  describe('single sign-on', () => {
    it('one sign-in serves both servers; each client still gets its own consent and token', async () => {
      const first = visitor('alice@example.com')
      const second = visitor('alice@example.com', first.browser)
      const productivity = await connect(first.options(factory().servers.productivity))
      const devops = await connect(second.options(factory().servers.devops))
      const atSignIn = ({ url }: Page) => url.origin === factory().signInIssuer
      expect(first.seen.some(atSignIn)).toBe(true)
      expect(second.seen.some(atSignIn)).toBe(false)
      expect(second.seen.filter(({ status }) => status === 200)).toHaveLength(1)
      expect(second.seen[0]?.text).toContain('alice@example.com')
      expect(structured(await devops.callTool({ name: 'check_service_health', arguments: {} }))).toMatchObject({
        results: [{ service: 'factory', status: 'healthy' }],
      })
      const subjects = [first, second].map(({ oauth }) => decodeJwt(oauth.issued?.access_token ?? ''))
      expect(subjects[0]?.sub).toBe(subjects[1]?.sub)
      expect(subjects[0]?.sid).not.toBe(subjects[1]?.sid)
      await Promise.all([productivity.close(), devops.close()])
    })

    it('RS-03: the token of one server is refused by the other', async () => {
      const first = visitor('alice@example.com')
      const second = visitor('alice@example.com', first.browser)
      const { productivity, devops } = factory().servers
      await (await connect(first.options(productivity))).close()
      await (await connect(second.options(devops))).close()
      for (const [server, token] of [
        [devops, first.oauth.issued?.access_token],
        [productivity, second.oauth.issued?.access_token],
      ] as const) {
        const { status, headers } = await postMessage(server, token, LIST_TOOLS)
        expect(status).toBe(401)
        expect(headers.get('www-authenticate')).toContain('resource_metadata=')
      }
      expect((await postMessage(productivity, first.oauth.issued?.access_token, LIST_TOOLS)).status).toBe(200)
    })
  })

  describe('people', () => {
    it.each([
      ['mallory@evil.test', 'from outside'],
      ['carl@example.com', 'a consumer account on a company address'],
      ['una@example.com', 'whose address is not verified'],
    ])('%s, %s, is refused by every server and told so, and no token is issued', async (email) => {
      for (const server of Object.values(factory().servers)) {
        const { options, oauth, seen } = visitor(email)
        await expect(connect(options(server))).rejects.toThrow()
        expect(oauth.issued).toBeUndefined()
        const end = seen.at(-1)
        const error = end?.url.searchParams.get('error')
        expect(error === 'access_denied' || (end?.status ?? 0) >= 400, `${end?.url.href} ${end?.status}`).toBe(true)
      }
    })

    it('of another tenant sees nothing of this one, and stays out of a server of this one', async () => {
      const alice = visitor('alice@example.com')
      const tom = visitor('tom@partner.test')
      const { productivity, devops } = factory().servers
      const ofAlice = await connect(alice.options(productivity))
      const ofTom = await connect(tom.options(productivity))
      await ofAlice.callTool({ name: 'create_event', arguments: { ...EVENT, title: 'Secret of Alice' } })
      const listed = structured(await ofTom.callTool({ name: 'list_events', arguments: DAY }))
      expect(JSON.stringify(listed)).not.toContain('Secret of Alice')
      await expect(connect(visitor('tom@partner.test', tom.browser).options(devops))).rejects.toThrow()
      await Promise.all([ofAlice.close(), ofTom.close()])
    })

    it('of one tenant have a calendar each', async () => {
      const alice = await connect(visitor('alice@example.com').options(factory().servers.productivity))
      const bob = await connect(visitor('bob@example.com').options(factory().servers.productivity))
      await alice.callTool({ name: 'create_event', arguments: { ...EVENT, title: 'Only of Alice' } })
      const listed = structured(await bob.callTool({ name: 'list_events', arguments: DAY }))
      expect(JSON.stringify(listed)).not.toContain('Only of Alice')
      await Promise.all([alice.close(), bob.close()])
    })

    it('whom the client names by login_hint come first at the identity provider', async () => {
      const { oauth, browser, options } = visitor('bob@example.com')
      const { productivity } = factory().servers
      await connect({
        ...options(productivity),
        authorize: async (url) => {
          url.searchParams.set('login_hint', 'bob@example.com')
          const consent = await browser.open(url)
          const chooser = await browser.press(consent, 'Allow')
          expect(chooser.buttons[0]?.text).toContain('bob@example.com')
          return (await browser.press(chooser, 'bob@example.com')).url
        },
      }).then((client) => client.close())
      expect(decodeJwt(oauth.issued?.access_token ?? '')).toMatchObject({ email: 'bob@example.com' })
    })

    it('who deny consent send the client away with access_denied, and may come back', async () => {
      const { browser, oauth, options } = visitor('alice@example.com')
      const denied = connect({
        ...options(factory().servers.productivity),
        authorize: async (url) => {
          const consent = await browser.open(url)
          return (await browser.press(consent, 'Do not allow')).url
        },
      })
      await expect(denied).rejects.toThrow('access_denied')
      expect(oauth.issued).toBeUndefined()
      const client = await connect(options(factory().servers.productivity))
      expect((await client.listTools()).tools.length).toBeGreaterThan(0)
      await client.close()
    })
  })
}
