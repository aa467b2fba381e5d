import { setTimeout as sleep } from 'node:timers/promises'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { isOAuthError } from '../support/expectations.ts'
import {
  newAuthorizationRequest,
  newBrowser,
  type ReceivedCode,
  type ReceivedTokens,
  receiveCode,
  receiveTokens,
} from '../support/journeys.ts'
import { LIST_TOOLS, postMessage } from '../support/oauth.ts'
import type { Target } from './target.ts'

/** Seconds: the shortest that the config takes, and for refresh tokens one that outlives their grace window. */
export const SHORT_LIFETIMES = { accessToken: 60, browserSession: 60, refreshIdle: 70 }
/** Seconds. */
const CODE_LIFETIME = 60
/** Seconds after which a used code tells of theft, and a used refresh token does. */
const CODE_GRACE = 10
const REFRESH_GRACE = 60
/** Milliseconds: at most this old is what the gate knows, and a little more. */
const SNAPSHOT = 15_000

interface Rotated {
  readonly tokens: ReceivedTokens
  readonly successor: string
}

/** Everything is issued first, so that the waiting is done once. Wants a factory with {@link SHORT_LIFETIMES}. */
export function describeExpiry(target: () => Target): void {
  describe('what has expired', () => {
    const browser = newBrowser()
    let signedIn: ReceivedTokens
    let unused: ReceivedCode
    let replayed: ReceivedTokens
    let stolen: Rotated
    let honest: Rotated
    /** A thief has it, and goes on exchanging it. */
    let exchanged: Rotated
    let thiefs: { readonly refreshToken: string; readonly accessToken: string }
    /** Milliseconds since the epoch. */
    let issuedAt: number

    beforeAll(async () => {
      const { factory, resource, client } = target()
      const tokens = () => receiveTokens(factory.issuer, resource, { browser, client })
      const rotated = async (): Promise<Rotated> => {
        const received = await tokens()
        const { json } = await received.refresh(received.refreshToken)
        return { tokens: received, successor: String(json?.refresh_token) }
      }
      signedIn = await tokens()
      unused = await receiveCode(factory.issuer, resource, { browser, client })
      replayed = await tokens()
      stolen = await rotated()
      honest = await rotated()
      exchanged = await rotated()
      issuedAt = Date.now()
    })

    /** Waits until so many seconds have passed since everything was issued. */
    const until = (seconds: number) => sleep(Math.max(0, issuedAt + seconds * 1000 - Date.now()))
    const listTools = ({ accessToken }: ReceivedTokens) => postMessage(target().resource, accessToken, LIST_TOOLS)

    it('works before it has expired', async () => {
      for (const each of [signedIn, replayed, stolen.tokens, honest.tokens])
        expect((await listTools(each)).status).toBe(200)
    })

    it('AS-12: a code that comes again later than 10 s ends its grant: the access token within 10 s', async () => {
      await until(CODE_GRACE + 1)
      isOAuthError(await replayed.redeem(), 400, 'invalid_grant')
      isOAuthError(await replayed.refresh(replayed.refreshToken), 400, 'invalid_grant')
      await vi.waitFor(async () => expect((await listTools(replayed)).status).toBe(401), {
        timeout: SNAPSHOT,
        interval: 500,
      })
      expect((await listTools(signedIn)).status, 'another grant').toBe(200)
    })

    it('a thief’s exchange of a stolen refresh token works as long as nobody notices', {
      timeout: 60_000,
    }, async () => {
      await until(REFRESH_GRACE - 20)
      const { status, json } = await exchanged.tokens.refresh(exchanged.successor)
      expect(status).toBe(200)
      thiefs = { refreshToken: String(json?.refresh_token), accessToken: String(json?.access_token) }
    })

    it('RS-02: an access token is refused with the challenge', { timeout: 90_000 }, async () => {
      await until(SHORT_LIFETIMES.accessToken + 1)
      const answer = await listTools(signedIn)
      expect(answer.status).toBe(401)
      expect(answer.headers.get('www-authenticate')).toContain('resource_metadata=')
    })

    it('AS-12: a code is refused', async () => {
      await until(CODE_LIFETIME + 1)
      isOAuthError(await unused.redeem(), 400, 'invalid_grant')
    })

    it('a browser session asks for sign-in again', async () => {
      await until(SHORT_LIFETIMES.browserSession + 1)
      const { oauth, resource, client } = target()
      const page = await browser.open((await newAuthorizationRequest(oauth, resource, { client })).url)
      expect(page.status).toBe(200)
      expect(page.text).not.toContain('alice@example.com')
    })

    it('AS-07: a refresh token that comes again after the grace window ends its family; others live on', async () => {
      await until(REFRESH_GRACE + 2)
      isOAuthError(await stolen.tokens.refresh(stolen.tokens.refreshToken), 400, 'invalid_grant')
      isOAuthError(await stolen.tokens.refresh(stolen.successor), 400, 'invalid_grant')
      expect((await honest.tokens.refresh(honest.successor)).status).toBe(200)
    })

    it('AS-07: its first holder coming back ends the family although the thief goes on, at the gate too', async () => {
      const { tokens } = exchanged
      isOAuthError(await tokens.refresh(tokens.refreshToken), 400, 'invalid_grant')
      isOAuthError(await tokens.refresh(thiefs.refreshToken), 400, 'invalid_grant')
      await vi.waitFor(
        async () => expect((await postMessage(target().resource, thiefs.accessToken, LIST_TOOLS)).status).toBe(401),
        { timeout: SNAPSHOT, interval: 500 },
      )
    })

    it('an idle refresh token is refused', async () => {
      await until(SHORT_LIFETIMES.refreshIdle + 1)
      isOAuthError(await signedIn.refresh(signedIn.refreshToken), 400, 'invalid_grant')
    })
  })
}
