import { decodeJwt } from 'jose'
import { ENDPOINTS } from '../../../../model/endpoints.ts'
import { cognitoPerson, type FactoryFixture } from '../factory-fixture.ts'
import { Browser, obtainTokens, postToken, refreshForm, refreshTarget } from '../journey.ts'
import { type EndpointUse, isOk } from './endpoint-use.ts'

/** What a person does on their own page. */
export const ACCOUNT_USES: readonly EndpointUse[] = [
  {
    name: 'GET /account',
    errors: 'page',
    needs: ['table'],
    async prepare(factory) {
      const { browser } = await signedIn(factory)
      return {
        request: browser.toGet(ENDPOINTS.account),
        done: (answer) => isOk(answer) && (answer.body ?? '').includes('alice@example.com'),
      }
    },
  },
  {
    name: 'POST /account to sign in',
    errors: 'page',
    needs: ['keys', 'upstream'],
    async prepare(factory) {
      return {
        request: new Browser(factory).toPost(ENDPOINTS.account, new URLSearchParams({ action: 'sign-in' })),
        done: (answer) => isOk(answer) && refreshTarget(answer).startsWith(factory.provider.issuer),
      }
    },
  },
  {
    name: 'GET /callback to the account',
    errors: 'page',
    needs: ['table', 'writes', 'keys', 'upstream'],
    async prepare(factory) {
      const browser = new Browser(factory)
      const leaving = await browser.post(ENDPOINTS.account, new URLSearchParams({ action: 'sign-in' }))
      return {
        request: browser.toGet(await browser.upstreamAnswer(leaving, cognitoPerson('alice@example.com'))),
        done: ({ statusCode, headers, cookies = [] }) =>
          statusCode === 302 &&
          headers?.Location === ENDPOINTS.account &&
          cookies.some((cookie) => cookie.startsWith('__Host-session=')),
      }
    },
  },
  {
    name: 'POST /account to end a grant',
    errors: 'page',
    needs: ['table', 'writes'],
    async prepare(factory) {
      const { browser, csrf, clientId, refreshToken, grantId } = await signedIn(factory)
      const form = new URLSearchParams({ action: 'remove-access', csrf, id: grantId })
      return {
        request: browser.toPost(ENDPOINTS.account, form),
        done: async () =>
          (await postToken(factory, refreshForm(clientId, refreshToken))).body.error === 'invalid_grant',
      }
    },
  },
  {
    name: 'POST /account to sign out',
    errors: 'page',
    needs: ['table', 'writes'],
    async prepare(factory) {
      const { browser, csrf } = await signedIn(factory)
      return {
        request: browser.toPost(ENDPOINTS.account, new URLSearchParams({ action: 'sign-out', csrf })),
        done: async () => !((await browser.get(ENDPOINTS.account)).body ?? '').includes('alice@example.com'),
      }
    },
  },
]

async function signedIn(factory: FactoryFixture) {
  const { clientId, obtained, refresh_token, access_token } = await obtainTokens(factory)
  const { browser } = obtained
  const page = await browser.get(ENDPOINTS.account)
  const [, csrf = ''] = /name="csrf" value="([^"]*)"/.exec(page.body ?? '') ?? []
  const { sid } = decodeJwt<{ sid: string }>(access_token)
  return { browser, csrf, clientId, refreshToken: refresh_token, grantId: sid }
}
