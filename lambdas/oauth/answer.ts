import { ENDPOINTS } from '../../model/endpoints.ts'
import { errorChain } from '../shell/error-chain.ts'
import { StoreUnavailable } from '../store/store-unavailable.ts'
import { KeysUnavailable } from '../tokens/key-set.ts'
import type { AuthorizationServer } from './authorization-server.ts'
import { ClientDocumentUnusable } from './clients/client-document-unusable.ts'
import { SignInInterrupted } from './flow/finish-sign-in.ts'
import { preflight } from './http/cors.ts'
import { OAuthError, PageError } from './http/errors.ts'
import type { Request } from './http/request.ts'
import { html, json, type Response, withCookies } from './http/response.ts'
import { messagePage } from './pages/message-page.ts'
import type { Route } from './routes.ts'
import { UpstreamUnavailable } from './upstream/upstream-errors.ts'

/** What does not answer at this moment. */
const UNAVAILABLE = [StoreUnavailable, KeysUnavailable, UpstreamUnavailable, ClientDocumentUnusable]
/** Seconds after which it is worth trying again. */
const RETRY_AFTER = 5

/** Answers one request: the route's endpoint, or an error in the form that its caller understands. Never throws. */
export async function answer(
  route: Route | undefined,
  request: Request,
  server: Pick<AuthorizationServer, 'log' | 'audit'>,
): Promise<Response> {
  try {
    if (route === undefined) throw new OAuthError('not_found', 'Nothing is served here', { status: 404 })
    const methods = allowedMethods(route)
    if (request.method === 'OPTIONS' && route.crossOrigin) return preflight(methods)
    const method = request.method === 'HEAD' ? 'GET' : request.method
    const endpoint = Object.hasOwn(route.methods, method) ? route.methods[method] : undefined
    if (endpoint === undefined)
      throw new OAuthError('invalid_request', `The method must be ${methods.join(' or ')}`, {
        status: 405,
        headers: { Allow: methods.join(', ') },
      })
    const response = await endpoint(request)
    return request.method === 'HEAD' ? { ...response, body: '' } : response
  } catch (error) {
    const known = describe(error)
    const { requestId, path } = request
    if (known.status >= 500)
      server.log.error('request failed', { requestId, path, error: known.code, reason: errorChain(error) })
    else if (route !== undefined) auditRefusal(server, request, known.code, error)
    const response = route?.errors === 'page' ? errorPage(known, request) : errorJson(known)
    return error instanceof SignInInterrupted ? withCookies(response, error.cookies) : response
  }
}

function auditRefusal({ audit }: Pick<AuthorizationServer, 'audit'>, request: Request, reason: string, error: unknown) {
  const { requestId, method, path } = request
  const detail = errorChain(error).join(' < ')
  const about = error instanceof OAuthError ? error.about : {}
  if (path === ENDPOINTS.callback) audit('sign_in.failed', { requestId, reason, detail })
  else if (path === ENDPOINTS.token) audit('token.refused', { requestId, ...about, reason, detail })
  else audit('request.refused', { requestId, ...about, method, path, reason, detail })
}

interface KnownError {
  readonly status: number
  readonly code: string
  readonly title: string
  readonly description: string
  readonly headers: Readonly<Record<string, string>>
}

/** What the caller may know. Dependencies that fail are worth a retry; clients take `server_error` for "sign in again". */
function describe(error: unknown): KnownError {
  if (error instanceof OAuthError) return { ...pick(error), code: error.code, title: 'This request cannot be answered' }
  if (error instanceof PageError) return { ...pick(error), code: 'invalid_request', title: error.title }
  if (UNAVAILABLE.some((unavailable) => error instanceof unavailable))
    return {
      status: 503,
      code: 'temporarily_unavailable',
      title: 'Not available at this moment',
      description: 'Something that this needs does not answer. Try again in a moment.',
      headers: { 'Retry-After': String(RETRY_AFTER) },
    }
  return {
    status: 500,
    code: 'server_error',
    title: 'Something went wrong',
    description: 'An unexpected error happened. The request number helps to find it.',
    headers: {},
  }
}

function pick(error: OAuthError | PageError) {
  return { status: error.status, description: error.message, headers: error.headers }
}

function errorJson({ status, code, description, headers }: KnownError): Response {
  return json(status, { error: code, error_description: description }, { Pragma: 'no-cache', ...headers })
}

function errorPage({ status, title, description, headers }: KnownError, request: Request): Response {
  return html(status, messagePage({ title, paragraphs: [description], requestId: request.requestId }), headers)
}

function allowedMethods(route: Route): string[] {
  const methods = Object.keys(route.methods)
  return [...methods, ...(methods.includes('GET') ? ['HEAD'] : []), ...(route.crossOrigin ? ['OPTIONS'] : [])]
}
