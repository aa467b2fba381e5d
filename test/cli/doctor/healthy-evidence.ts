import type { AdmittedEvidence } from '../../../cli/doctor/admitted-evidence.ts'
import type { IssuerEvidence, ServerEvidence } from '../../../cli/doctor/evidence.ts'
import type { Exchange } from '../../../cli/doctor/exchange.ts'

export const ISSUER = 'https://mcp.example.com'
export const RESOURCE = `${ISSUER}/one/mcp`
export const METADATA_URL = `${ISSUER}/one/.well-known/oauth-protected-resource`

interface Answer {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly json?: unknown
  readonly body?: string
  readonly arrivals?: readonly number[]
  readonly failure?: string
}

const PROTECTED = {
  'strict-transport-security': 'max-age=63072000',
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
  'access-control-allow-origin': '*',
}

/** An answer as a healthy factory gives it, but for what is said here; an empty header is none. */
export function answer({ status = 200, headers = {}, json, body, arrivals = [1], failure }: Answer): Exchange {
  const all = { ...PROTECTED, ...(json !== undefined && { 'content-type': 'application/json' }), ...headers }
  return {
    method: 'GET',
    url: `${ISSUER}/asked`,
    status,
    headers: new Headers(Object.entries(all).filter(([, value]) => value !== '')),
    body: body ?? (json === undefined ? '' : JSON.stringify(json)),
    arrivals,
    ...(failure !== undefined && { failure }),
  }
}

export const SERVER_METADATA = {
  issuer: ISSUER,
  authorization_endpoint: `${ISSUER}/authorize`,
  token_endpoint: `${ISSUER}/token`,
  registration_endpoint: `${ISSUER}/register`,
  jwks_uri: `${ISSUER}/.well-known/jwks.json`,
  response_types_supported: ['code'],
  grant_types_supported: ['authorization_code', 'refresh_token'],
  token_endpoint_auth_methods_supported: ['none'],
  code_challenge_methods_supported: ['S256'],
  authorization_response_iss_parameter_supported: true,
}
export const PUBLIC_KEY = { kty: 'EC', crv: 'P-256', alg: 'ES256', kid: '1', x: 'x', y: 'y' }

export const healthyIssuer: IssuerEvidence = {
  issuer: ISSUER,
  metadata: answer({ json: SERVER_METADATA, headers: { 'apigw-requestid': '1' } }),
  openidConfiguration: answer({ json: SERVER_METADATA }),
  keys: answer({ json: { keys: [PUBLIC_KEY] } }),
  health: answer({ json: { status: 'ok', down: [] } }),
  nowhere: answer({ status: 404 }),
  tokenError: answer({ status: 401, json: { error: 'invalid_client' } }),
  tokenPreflight: answer({ status: 204 }),
}

const CHALLENGE = {
  'www-authenticate': `Bearer resource_metadata="${METADATA_URL}", scope="a:read a:write"`,
  'access-control-expose-headers': 'WWW-Authenticate, MCP-Session-Id',
  'x-amz-apigw-id': '1',
}
export const RESOURCE_METADATA = {
  resource: RESOURCE,
  authorization_servers: [ISSUER],
  scopes_supported: ['a:read', 'a:write'],
}
export const refused = (headers: Readonly<Record<string, string>> = {}) =>
  answer({ status: 401, headers: { ...CHALLENGE, ...headers } })
export const PREFLIGHT = {
  'access-control-allow-methods': 'GET, POST, DELETE, OPTIONS',
  'access-control-allow-headers': 'Authorization, *',
}

export const healthyServer: ServerEvidence = {
  resource: RESOURCE,
  issuer: ISSUER,
  listedAs: 'ok',
  refused: { POST: refused(), GET: refused(), DELETE: refused() },
  badToken: refused(),
  preflight: answer({ status: 204, headers: PREFLIGHT }),
  metadata: answer({ json: RESOURCE_METADATA }),
  insertedMetadata: answer({ json: RESOURCE_METADATA }),
  nowhere: answer({ status: 404 }),
  health: answer({}),
  admitted: { unavailable: 'not asked for' },
}

export const STEP_UP = {
  'www-authenticate': `Bearer error="insufficient_scope", scope="a:read a:write", resource_metadata="${METADATA_URL}"`,
}

export const healthyAdmitted: AdmittedEvidence = {
  scopes: ['a:read'],
  everyday: ['a:read', 'a:write'],
  list: answer({ body: 'data: {}' }),
  get: answer({ status: 405 }),
  forbidden: { ability: 'write', exchange: answer({ status: 403, headers: STEP_UP }) },
  progress: {
    ability: 'read',
    exchange: answer({ body: 'data: {"method":"notifications/progress"}', arrivals: [10, 300] }),
  },
}
