import { ENDPOINTS } from '../../../../model/endpoints.ts'
import type { FactoryFixture } from '../factory-fixture.ts'
import {
  authorizeUrl,
  Browser,
  consentForm,
  KNOWN,
  obtainCode,
  pkce,
  reachCallback,
  refreshTarget,
  register,
} from '../journey.ts'
import { type EndpointUse, givesTokens, isOk } from './endpoint-use.ts'

/** From a client's request to its code. */
export const AUTHORIZATION_USES: readonly EndpointUse[] = [
  {
    name: 'GET /authorize by a stranger',
    errors: 'page',
    needs: ['table', 'keys'],
    async prepare(factory) {
      const { client_id } = await register(factory)
      return {
        request: new Browser(factory).toGet(authorizeUrl({ client_id })),
        done: (page) => isOk(page) && consentForm(page, 'allow').get('csrf') !== '',
      }
    },
  },
  {
    name: 'GET /authorize with a remembered consent',
    errors: 'page',
    needs: ['table', 'writes', 'keys'],
    async prepare(factory) {
      const { client_id } = await register(factory)
      const before = await obtainCode(factory, { clientId: client_id, redirectUri: KNOWN })
      const code_challenge = pkce(before.verifier).challenge
      return {
        request: before.browser.toGet(authorizeUrl({ client_id, redirect_uri: KNOWN, code_challenge })),
        done: (answer) => givesTokens(factory, before, answer),
      }
    },
  },
  {
    name: 'POST /consent by a stranger',
    errors: 'page',
    needs: ['table', 'keys', 'upstream'],
    async prepare(factory) {
      const { browser, page } = await strangersPage(factory)
      return {
        request: browser.toPost(ENDPOINTS.consent, consentForm(page, 'allow')),
        done: (answer) => isOk(answer) && refreshTarget(answer).startsWith(factory.provider.issuer),
      }
    },
  },
  {
    name: 'POST /consent to deny',
    errors: 'page',
    needs: ['table', 'keys'],
    async prepare(factory) {
      const { browser, page } = await strangersPage(factory)
      return {
        request: browser.toPost(ENDPOINTS.consent, consentForm(page, 'deny')),
        done: (answer) => isOk(answer) && refreshTarget(answer).includes('error=access_denied'),
      }
    },
  },
  {
    name: 'POST /consent with a browser session',
    errors: 'page',
    needs: ['table', 'writes', 'keys'],
    async prepare(factory) {
      const { client_id } = await register(factory)
      const before = await obtainCode(factory, { clientId: client_id })
      const code_challenge = pkce(before.verifier).challenge
      const page = await before.browser.get(authorizeUrl({ client_id, code_challenge }))
      return {
        request: before.browser.toPost(ENDPOINTS.consent, consentForm(page, 'allow')),
        done: (answer) => givesTokens(factory, before, answer),
      }
    },
  },
  {
    name: 'GET /callback',
    errors: 'page',
    needs: ['table', 'writes', 'keys', 'upstream'],
    async prepare(factory) {
      const { client_id } = await register(factory)
      const reached = await reachCallback(factory, { clientId: client_id })
      return {
        request: reached.browser.toGet(reached.callback),
        done: (answer) => givesTokens(factory, reached, answer),
      }
    },
  },
]

async function strangersPage(factory: FactoryFixture) {
  const { client_id } = await register(factory)
  const browser = new Browser(factory)
  return { browser, page: await browser.get(authorizeUrl({ client_id })) }
}
