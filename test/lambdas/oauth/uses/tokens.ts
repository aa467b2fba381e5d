import { ENDPOINTS } from '../../../../model/endpoints.ts'
import type { FactoryFixture } from '../factory-fixture.ts'
import {
  type Answer,
  codeForm,
  formRequest,
  obtainCode,
  obtainTokens,
  postToken,
  refreshForm,
  register,
} from '../journey.ts'
import { type EndpointUse, isOk } from './endpoint-use.ts'

/** What programs do with codes and tokens. */
export const TOKEN_USES: readonly EndpointUse[] = [
  {
    name: 'POST /token with a code',
    errors: 'json',
    needs: ['table', 'writes', 'keys'],
    async prepare(factory) {
      const { client_id } = await register(factory)
      const obtained = await obtainCode(factory, { clientId: client_id })
      return {
        request: formRequest(ENDPOINTS.token, codeForm(obtained)),
        done: (answer) => canBeRefreshed(factory, client_id, answer),
      }
    },
  },
  {
    name: 'POST /token with a refresh token',
    errors: 'json',
    needs: ['table', 'writes', 'keys'],
    async prepare(factory) {
      const { clientId, refresh_token } = await obtainTokens(factory)
      return {
        request: formRequest(ENDPOINTS.token, refreshForm(clientId, refresh_token)),
        done: (answer) => canBeRefreshed(factory, clientId, answer),
      }
    },
  },
  {
    name: 'POST /revoke with a refresh token',
    errors: 'json',
    needs: ['table', 'writes', 'keys'],
    async prepare(factory) {
      const { clientId, refresh_token } = await obtainTokens(factory)
      return {
        request: formRequest(ENDPOINTS.revoke, { client_id: clientId, token: refresh_token }),
        done: (answer) => isOk(answer) && hasEnded(factory, clientId, refresh_token),
      }
    },
  },
  {
    name: 'POST /revoke with an access token',
    errors: 'json',
    needs: ['table', 'writes'],
    async prepare(factory) {
      const { clientId, refresh_token, access_token } = await obtainTokens(factory)
      return {
        request: formRequest(ENDPOINTS.revoke, { client_id: clientId, token: access_token }),
        done: (answer) => isOk(answer) && hasEnded(factory, clientId, refresh_token),
      }
    },
  },
  {
    name: 'POST /introspect',
    errors: 'json',
    needs: ['table'],
    async prepare(factory) {
      const client = await register(factory, { token_endpoint_auth_method: 'client_secret_post' })
      const secret = { client_secret: client.client_secret ?? '' }
      const obtained = await obtainCode(factory, { clientId: client.client_id })
      const { body } = await postToken(factory, codeForm(obtained, secret))
      const form = { client_id: client.client_id, ...secret, token: String(body.access_token) }
      return {
        request: formRequest(ENDPOINTS.introspect, form),
        done: (answer) => isOk(answer) && JSON.parse(answer.body ?? '').active === true,
      }
    },
  },
]

async function canBeRefreshed(factory: FactoryFixture, clientId: string, answer: Answer): Promise<boolean> {
  const { access_token, refresh_token } = JSON.parse(answer.body ?? '') as Record<string, unknown>
  const { status } = await postToken(factory, refreshForm(clientId, String(refresh_token)))
  return isOk(answer) && typeof access_token === 'string' && status === 200
}

async function hasEnded(factory: FactoryFixture, clientId: string, refreshToken: string): Promise<boolean> {
  const { body } = await postToken(factory, refreshForm(clientId, refreshToken))
  return body.error === 'invalid_grant'
}
