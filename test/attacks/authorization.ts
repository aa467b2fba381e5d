import { describe, expect, it } from 'vitest'
import { goThrough } from '../../local/journey/person.ts'
import { ENDPOINTS } from '../../model/endpoints.ts'
import { consentLabel, isErrorPage, isErrorRedirect } from '../support/expectations.ts'
import { newAuthorizationRequest, newBrowser } from '../support/journeys.ts'
import { pkcePair, REDIRECT_URI, send } from '../support/oauth.ts'
import { countItems } from '../support/table.ts'
import type { Target } from './target.ts'

const ALICE = { email: 'alice@example.com' }

export function describeAuthorizationAttacks(target: () => Target): void {
  describe('authorization', () => {
    const request = async (parameters: Record<string, string>) =>
      send(
        (await newAuthorizationRequest(target().oauth, target().resource, { client: target().client, parameters })).url,
      )

    it('AS-11: an unknown client gets a page and no redirect', async () => {
      isErrorPage(await request({ client_id: 'nobody' }))
      isErrorPage(await request({ client_id: '' }))
    })

    it.each([
      'https://evil.test/callback',
      `${REDIRECT_URI}/more`,
      `${REDIRECT_URI}?more`,
      REDIRECT_URI.replace('http:', 'https:'),
      REDIRECT_URI.replace('127.0.0.1', '127.0.0.2'),
      '',
    ])('AS-06: redirect URI "%s", which this client has not, gets a page and no redirect', async (redirect_uri) => {
      isErrorPage(await request({ redirect_uri }))
    })

    it.each([
      ['AS-03: a missing challenge', { code_challenge: '' }, 'invalid_request'],
      ['AS-03: the method plain', { code_challenge_method: 'plain' }, 'invalid_request'],
      ['AS-03: no method, which means plain', { code_challenge_method: '' }, 'invalid_request'],
      ['AS-03: a challenge of a wrong length', { code_challenge: 'short' }, 'invalid_request'],
      ['a response type for the implicit flow', { response_type: 'token' }, 'unsupported_response_type'],
      ['AS-08: an unknown resource', { resource: 'https://evil.test/mcp' }, 'invalid_target'],
      ['AS-08: a resource that is no URL', { resource: 'productivity' }, 'invalid_target'],
    ])('%s', async (_case, parameters, error) => {
      isErrorRedirect(await request(parameters as Record<string, string>), target().factory.issuer, error)
    })

    it('a duplicated parameter', async () => {
      const { url } = await newAuthorizationRequest(target().oauth, target().resource, { client: target().client })
      url.searchParams.append('code_challenge', pkcePair().challenge)
      isErrorRedirect(await send(url), target().factory.issuer, 'invalid_request')
      const ambiguous = (await newAuthorizationRequest(target().oauth, target().resource, { client: target().client }))
        .url
      ambiguous.searchParams.append('redirect_uri', 'https://evil.test/callback')
      isErrorPage(await send(ambiguous))
    })

    it('a state beyond 1,024 bytes', async () => {
      const answer = await request({ state: 's'.repeat(1025) })
      expect(answer.headers.get('location') ?? '').not.toContain('code=')
      if (answer.status < 400) expect(answer.headers.get('location')).toContain('error=invalid_request')
      else isErrorPage(answer)
    })

    it('markup in a client name is shown as text', async () => {
      const name = '<img src=x onerror=alert(1)>'
      const marked = await target().oauth.newClient({ client_name: name })
      const { text, status } = await send(
        (await newAuthorizationRequest(target().oauth, target().resource, { client: marked })).url,
      )
      expect(status).toBe(200)
      expect(text).not.toContain('<img src=x')
    })

    it('writes nothing, however often and however wrong it is asked', async () => {
      const before = await countItems(target().factory)
      const good = { client: target().client }
      const { oauth, resource } = target()
      const requests = await Promise.all([
        ...Array.from({ length: 10 }, () => newAuthorizationRequest(oauth, resource, good)),
        newAuthorizationRequest(oauth, resource, { client: 'nobody' }),
        newAuthorizationRequest(oauth, resource, { ...good, parameters: { code_challenge: '' } }),
      ])
      await Promise.all(requests.map(({ url }) => send(url)))
      const browser = newBrowser()
      const consent = await browser.open((await newAuthorizationRequest(oauth, resource, good)).url)
      await browser.press(consent, consentLabel(consent))
      expect(await countItems(target().factory)).toBe(before)
    })
  })

  describe('consent', () => {
    it('AS-09: an answer without the cookie of its request, or with another CSRF token, changes nothing', async () => {
      const {
        url,
        client: id,
        verifier,
      } = await newAuthorizationRequest(target().oauth, target().resource, { client: target().client })
      const browser = newBrowser()
      const page = await browser.open(url)
      const csrf = page.elements.find(({ tag, attributes }) => tag === 'input' && attributes.type === 'hidden')
      expect(csrf).toBeDefined()

      const elsewhere = await newBrowser().press(page, consentLabel(page))
      expect(elsewhere.status).toBeGreaterThanOrEqual(400)

      const forged = {
        ...page,
        elements: page.elements.map((element) =>
          element.attributes.type === 'hidden'
            ? {
                ...element,
                attributes: { ...element.attributes, value: `${element.attributes.value?.slice(0, -4)}AAAA` },
              }
            : element,
        ),
      }
      const refused = await browser.press(forged, consentLabel(page))
      expect(refused.status).toBeGreaterThanOrEqual(400)

      const end = await goThrough(browser, url, ALICE)
      const redeemed = await target().oauth.token({
        grant_type: 'authorization_code',
        client_id: id,
        code: end.url.searchParams.get('code') ?? '',
        redirect_uri: REDIRECT_URI,
        code_verifier: verifier,
      })
      expect(redeemed.status).toBe(200)
    })

    it('AS-09: an answer that another site posts', async () => {
      const { url } = await newAuthorizationRequest(target().oauth, target().resource, { client: target().client })
      const browser = newBrowser()
      const page = await browser.open(url)
      const foreign = { ...page, url: new URL('http://evil.test/') }
      const form = page.elements.find(({ tag }) => tag === 'form')
      const action = new URL(form?.attributes.action || url.href, url).href
      const posted = {
        ...foreign,
        elements: page.elements.map((element) =>
          element.tag === 'form' ? { ...element, attributes: { ...element.attributes, action } } : element,
        ),
      }
      expect((await browser.press(posted, consentLabel(page))).status).toBeGreaterThanOrEqual(400)
    })

    it('an empty or foreign form', async () => {
      for (const body of [new URLSearchParams(), new URLSearchParams({ flow: 'x', csrf: 'y', decision: 'allow' })])
        isErrorPage(await send(target().factory.issuer + ENDPOINTS.consent, { method: 'POST', body }))
    })
  })
}
