import { ENDPOINTS } from '../../model/endpoints.ts'
import { protectedResourceMetadata } from '../../model/protected-resource-metadata.ts'
import { cached } from '../store/cached.ts'
import { answerAccount, showAccount } from './account/account.ts'
import type { AuthorizationServer } from './authorization-server.ts'
import { authorize } from './authorize.ts'
import { callback } from './callback.ts'
import { answerConsent } from './consent.ts'
import { checkHealth } from './health.ts'
import { OAuthError } from './http/errors.ts'
import type { Request } from './http/request.ts'
import { html, json, publicJson, type Response } from './http/response.ts'
import { introspect } from './introspect.ts'
import { JWKS_LIFETIME, jwkSet } from './jwks.ts'
import { authorizationServerMetadata, METADATA_LIFETIME } from './metadata.ts'
import { homePage } from './pages/home-page.ts'
import { serverOfMetadataPath } from './protected-resource.ts'
import { deleteRegistration, readRegistration, register } from './register.ts'
import { revoke } from './revoke.ts'
import { serverList } from './servers.ts'
import { token } from './token/token.ts'

export type Endpoint = (request: Request) => Promise<Response>

export interface Route {
  readonly methods: Readonly<Record<string, Endpoint>>
  /** What an error looks like: JSON for programs, a page for people. */
  readonly errors: 'json' | 'page'
  /** Whether browser clients of any origin may call it (AS-13). */
  readonly crossOrigin: boolean
}

/** The route that lib/authorization-api.ts throttles. */
const REGISTRATION_ROUTE = `POST ${ENDPOINTS.register}`

/** Seconds that a look at the dependencies is good for: nobody can make us look more often. */
const HEALTH_LIFETIME = 5
const LIST_LIFETIME = 60
/** Seconds that the servers' status is good for. */
const STATUS_LIFETIME = 10

/** Every path that is served; undefined for the rest. */
export function routes(server: AuthorizationServer): (path: string) => Route | undefined {
  const metadata = api({
    GET: async () => publicJson(authorizationServerMetadata(server), METADATA_LIFETIME),
  })
  const health = cached(() => checkHealth(server), HEALTH_LIFETIME, server.now)
  const servers = cached(() => serverList(server), STATUS_LIFETIME, server.now)
  const exact: Readonly<Record<string, Route>> = {
    '/': page({ GET: async () => html(200, await home(server)) }),
    [ENDPOINTS.authorizationServerMetadata]: metadata,
    [ENDPOINTS.openidConfiguration]: metadata,
    [ENDPOINTS.jwks]: api({
      GET: async () => publicJson(jwkSet(await server.store.publicKeys(), server.now()), JWKS_LIFETIME),
    }),
    [ENDPOINTS.authorize]: page({ GET: (request) => authorize(server, request) }),
    [ENDPOINTS.consent]: page({ POST: (request) => answerConsent(server, request) }),
    [ENDPOINTS.callback]: page({ GET: (request) => callback(server, request) }),
    [ENDPOINTS.token]: api({ POST: (request) => token(server, request) }),
    [ENDPOINTS.revoke]: api({ POST: (request) => revoke(server, request) }),
    [ENDPOINTS.introspect]: api({ POST: (request) => introspect(server, request) }),
    [ENDPOINTS.account]: page({
      GET: (request) => showAccount(server, request),
      POST: (request) => answerAccount(server, request),
    }),
    [ENDPOINTS.register]: api({ POST: (request) => register(server, throttled(request)) }),
    [ENDPOINTS.servers]: api({
      GET: async () => publicJson(await servers(), STATUS_LIFETIME),
    }),
    [ENDPOINTS.health]: api({
      GET: async () => {
        const state = await health()
        return json(state.status === 'ok' ? 200 : 503, state)
      },
    }),
  }
  const registration = api({
    GET: (request) => readRegistration(server, request),
    DELETE: (request) => deleteRegistration(server, request),
  })
  const protectedResource = api({ GET: (request) => resourceMetadata(server, request) })
  return (path) => {
    if (Object.hasOwn(exact, path)) return exact[path]
    if (path.startsWith(`${ENDPOINTS.register}/`)) return registration
    return path.startsWith(`${ENDPOINTS.protectedResourceMetadata}/`) ? protectedResource : undefined
  }
}

/**
 * A path that API Gateway decodes only after it has chosen the route comes by `$default`, past the registration route's
 * throttle.
 * @throws OAuthError
 */
function throttled(request: Request): Request {
  if (request.routeKey !== REGISTRATION_ROUTE)
    throw new OAuthError('not_found', 'Nothing is served here', { status: 404 })
  return request
}

async function resourceMetadata(server: AuthorizationServer, request: Request): Promise<Response> {
  const { servers } = await server.store.factory()
  const found = serverOfMetadataPath(request.path, servers, server.issuer)
  if (found === undefined) throw new OAuthError('not_found', 'No such server here', { status: 404 })
  return publicJson(protectedResourceMetadata(found, server.issuer), LIST_LIFETIME)
}

async function home(server: AuthorizationServer): Promise<string> {
  const { policy, servers } = await server.store.factory()
  return homePage(policy.organisation, servers)
}

function api(methods: Route['methods']): Route {
  return { methods, errors: 'json', crossOrigin: true }
}

function page(methods: Route['methods']): Route {
  return { methods, errors: 'page', crossOrigin: false }
}
