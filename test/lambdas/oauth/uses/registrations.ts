import { ENDPOINTS } from '../../../../model/endpoints.ts'
import type { FactoryFixture, HttpRequest } from '../factory-fixture.ts'
import { authorizeUrl, Browser, register, registration } from '../journey.ts'
import { type EndpointUse, isOk } from './endpoint-use.ts'

/** A client's registration, from its beginning to its end. */
export const REGISTRATION_USES: readonly EndpointUse[] = [
  {
    name: 'POST /register',
    errors: 'json',
    needs: ['table', 'writes'],
    async prepare(factory) {
      return {
        request: registration(),
        done: ({ statusCode, body }) => statusCode === 201 && isKnown(factory, JSON.parse(body ?? '').client_id),
      }
    },
  },
  {
    name: 'GET /register/<client>',
    errors: 'json',
    needs: ['table'],
    prepare: async (factory) => ({ request: (await managed(factory, 'GET')).request, done: isOk }),
  },
  {
    name: 'DELETE /register/<client>',
    errors: 'json',
    needs: ['table', 'writes'],
    async prepare(factory) {
      const { request, clientId } = await managed(factory, 'DELETE')
      return {
        request,
        // Where the reply was lost, the registration is gone already.
        done: async ({ statusCode }) => [204, 401].includes(statusCode ?? 0) && !(await isKnown(factory, clientId)),
      }
    },
  },
]

async function managed(factory: FactoryFixture, method: string): Promise<{ request: HttpRequest; clientId: string }> {
  const { client_id, registration_access_token } = await register(factory)
  const headers = { authorization: `Bearer ${registration_access_token}` }
  return { request: { method, path: `${ENDPOINTS.register}/${client_id}`, headers }, clientId: client_id }
}

async function isKnown(factory: FactoryFixture, clientId: string): Promise<boolean> {
  return isOk(await new Browser(factory).get(authorizeUrl({ client_id: clientId })))
}
