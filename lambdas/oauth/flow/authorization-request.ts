import type { ServerDocument } from '../../../model/documents.ts'
import { normalizeResource } from '../../../model/resource-urls.ts'
import { parseScope } from '../../../model/scopes.ts'
import type { KnownClient } from '../../store/clients.ts'
import type { Factory } from '../../store/factory-documents.ts'
import type { Parameters } from '../http/parameters.ts'
import type { AuthorizationError } from './authorization-response.ts'
import type { AuthorizationRequest } from './flow.ts'

/** Bytes of the client's `state`, which travels in a cookie. */
const LONGEST_STATE = 1024
const CODE_CHALLENGE = /^[A-Za-z0-9_-]{43}$/
const LONGEST_LOGIN_HINT = 254

/** How the person is to be asked (OpenID Connect Core §3.1.2.1 `prompt`). */
export interface Prompt {
  /** Never: answer at once or with an error. */
  readonly none: boolean
  /** Sign in again, whatever browser session there is. */
  readonly login: boolean
  /** Show the consent page, whatever is remembered. */
  readonly consent: boolean
}

export type CheckedRequest =
  | { readonly ok: true; readonly request: AuthorizationRequest; readonly prompt: Prompt }
  | ({ readonly ok: false } & AuthorizationError)

/**
 * Checks an authorization request whose client and redirect URI are valid already (OAuth 2.1 §4.1.1, RFC 7636, 8707).
 */
export function checkAuthorizationRequest(
  parameters: Parameters,
  client: KnownClient,
  redirectUri: string,
  factory: Factory,
): CheckedRequest {
  const [repeated] = parameters.repeated
  if (repeated === 'resource') return wrong('invalid_target', 'A token is for one resource: name one')
  if (repeated !== undefined)
    return wrong('invalid_request', `A parameter is given more than once: ${printable(repeated)}`)
  const state = parameters.get('state')
  if (Buffer.byteLength(state ?? '') > LONGEST_STATE)
    return wrong('invalid_request', `state is longer than ${LONGEST_STATE} bytes`)
  if (parameters.get('request') !== undefined)
    return wrong('request_not_supported', 'Request objects are not supported')
  if (parameters.get('request_uri') !== undefined)
    return wrong('request_uri_not_supported', 'Request objects are not supported')

  const responseType = parameters.get('response_type')
  if (responseType === undefined) return wrong('invalid_request', 'response_type is missing')
  if (responseType !== 'code') return wrong('unsupported_response_type', 'response_type must be code')
  if ((parameters.get('response_mode') ?? 'query') !== 'query')
    return wrong('invalid_request', 'response_mode must be query')
  if (!client.metadata.grant_types.includes('authorization_code'))
    return wrong('unauthorized_client', 'The client is not registered for the authorization_code grant')

  const codeChallenge = parameters.get('code_challenge')
  if (codeChallenge === undefined) return wrong('invalid_request', 'code_challenge is missing: PKCE is required')
  if (parameters.get('code_challenge_method') !== 'S256')
    return wrong('invalid_request', 'code_challenge_method must be S256')
  if (!CODE_CHALLENGE.test(codeChallenge))
    return wrong('invalid_request', 'code_challenge must be 43 characters of base64url')

  const prompt = readPrompt(parameters.get('prompt'))
  if (prompt === undefined) return wrong('invalid_request', 'prompt=none goes with no other value')

  const asked = parseScope(parameters.get('scope'))
  const resource = parameters.get('resource')
  const server = resource === undefined ? serverOfScopes(asked, factory) : serverOfResource(resource, factory.servers)
  // A public server, which takes no token, has no scopes.
  if (resource !== undefined && !server?.scopes.length)
    return wrong('invalid_target', 'resource is not a server of this authorization server')

  const loginHint = parameters.get('login_hint')
  return {
    ok: true,
    prompt,
    request: {
      clientId: client.clientId,
      redirectUri,
      state,
      codeChallenge,
      server: server?.name,
      scopes: knownScopes(asked, server === undefined ? factory.servers : [server]),
      loginHint: loginHint !== undefined && loginHint.length <= LONGEST_LOGIN_HINT ? loginHint : undefined,
    },
  }
}

/** The server whose resource this is, after the normalisation of AS-08. */
function serverOfResource(resource: string, servers: readonly ServerDocument[]): ServerDocument | undefined {
  const wanted = normalizeResource(resource)
  return wanted === undefined ? undefined : servers.find((server) => normalizeResource(server.resource) === wanted)
}

/**
 * Where a request names no resource (clients of 2025-03-26): the server that alone has the scopes asked for, else the
 * config's default server, else the only one there is; else the person chooses.
 */
function serverOfScopes(asked: readonly string[], { policy, servers }: Factory): ServerDocument | undefined {
  const named = servers.filter(({ scopes }) => scopes.some(({ name }) => asked.includes(name)))
  if (named.length === 1) return named[0]
  const usual = servers.find(({ name }) => name === policy.defaultServer)
  return usual ?? (servers.length === 1 ? servers[0] : undefined)
}

function knownScopes(asked: readonly string[], servers: readonly ServerDocument[]): string[] {
  const known = new Set(servers.flatMap(({ scopes }) => scopes.map(({ name }) => name)))
  return asked.filter((scope) => known.has(scope))
}

function readPrompt(value: string | undefined): Prompt | undefined {
  const prompts = (value ?? '').split(' ').filter((prompt) => prompt !== '')
  if (prompts.includes('none') && prompts.length > 1) return undefined
  return {
    none: prompts.includes('none'),
    login: prompts.includes('login') || prompts.includes('select_account'),
    consent: prompts.includes('consent'),
  }
}

/** `error_description` admits few characters (RFC 6749 §4.1.2.1). */
function printable(name: string): string {
  return name.replace(/[^\w.-]/g, '?').slice(0, 40)
}

function wrong(error: string, description: string): CheckedRequest {
  return { ok: false, error, description }
}
