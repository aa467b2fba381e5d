import { describe, expect, it } from 'vitest'
import { Browser } from '../../local/journey/browser.ts'
import { goThrough } from '../../local/journey/person.ts'
import { ENDPOINTS } from '../../model/endpoints.ts'
import { isErrorPage } from '../support/expectations.ts'
import { newAuthorizationRequest, newBrowser } from '../support/journeys.ts'
import { LIST_TOOLS, postMessage, REDIRECT_URI, send } from '../support/oauth.ts'
import type { Target } from './target.ts'

const ALICE = { email: 'alice@example.com' }

export function describeCallbackAttacks(target: () => Target): void {
  describe('the way back from the identity provider', () => {
    /** Goes up to the callback and returns its URL unopened, with the browser that may open it. */
    async function untilCallback() {
      const request = await newAuthorizationRequest(target().oauth, target().resource, { client: target().client })
      const callback = `${target().factory.issuer}${ENDPOINTS.callback}`
      const cookies = newBrowser().cookies
      const before = new Browser({ cookies, stopAt: ({ href }) => href.startsWith(callback) })
      const { url } = await goThrough(before, request.url, ALICE)
      const browser = new Browser({ cookies, stopAt: ({ href }) => href.startsWith(REDIRECT_URI) })
      return { ...request, callback: url, browser }
    }

    it.each([
      ['no state', (url: URL) => url.searchParams.delete('state')],
      ['a foreign state', (url: URL) => url.searchParams.set('state', 'A'.repeat(43))],
      ['no code', (url: URL) => url.searchParams.delete('code')],
      ['a foreign code', (url: URL) => url.searchParams.set('code', 'A'.repeat(43))],
      ['a foreign issuer', (url: URL) => url.searchParams.set('iss', 'https://evil.test')],
    ])('AS-09: %s ends in a page, not in a code', async (_case, spoil) => {
      const { callback, browser } = await untilCallback()
      const spoilt = new URL(callback)
      spoil(spoilt)
      const page = await browser.open(spoilt)
      expect(page.url.searchParams.get('code') === null || page.status >= 400, page.url.href).toBe(true)
    })

    it('AS-09: the callback in another browser yields nothing there, and still works where it belongs', async () => {
      const { callback, browser, verifier, client: id } = await untilCallback()
      const stolen = await newBrowser().open(callback)
      expect(stolen.status).toBeGreaterThanOrEqual(400)
      const end = await browser.open(callback)
      const redeemed = await target().oauth.token({
        grant_type: 'authorization_code',
        client_id: id,
        code: end.url.searchParams.get('code') ?? '',
        redirect_uri: REDIRECT_URI,
        code_verifier: verifier,
      })
      expect(redeemed.status, redeemed.text).toBe(200)
    })

    it('AS-09: a cookie whose name is ours only where Unicode white space is cut off is none', async () => {
      const { callback, browser } = await untilCallback()
      const own = browser.cookies.header({ url: callback, method: 'GET', initiator: undefined })
      const planted = own.replace(/(^|; )/g, '$1\u00a0')
      const answer = await send(callback, { headers: { Cookie: planted } })
      isErrorPage(answer)
      expect(answer.text).toContain('not started here')
      expect((await browser.open(callback)).url.searchParams.has('code')).toBe(true)
    })

    it('AS-09: a replayed state yields no second code and does not end what the first one gave', async () => {
      const { callback, browser, verifier, client: id } = await untilCallback()
      const first = await browser.open(callback)
      const code = first.url.searchParams.get('code') ?? ''
      const again = await browser.open(callback)
      const second = again.status === 0 ? again.url.searchParams.get('code') : null
      expect(second === null || second === code).toBe(true)
      const fields = {
        grant_type: 'authorization_code',
        client_id: id,
        redirect_uri: REDIRECT_URI,
        code_verifier: verifier,
      }
      const redeemed = await target().oauth.token({ ...fields, code })
      expect(redeemed.status, redeemed.text).toBe(200)
      await browser.open(callback)
      const token = String(redeemed.json?.access_token)
      expect((await postMessage(target().resource, token, LIST_TOOLS)).status).toBe(200)
    })
  })
}
