import type { RegisteredClient } from '../../store/clients.ts'
import { equalSecrets, sha256 } from '../../tokens/secrets.ts'
import { OAuthError } from '../http/errors.ts'
import type { Parameters } from '../http/parameters.ts'

/** What a client says of itself at the token endpoint (OAuth 2.1 §2.4). */
export interface ClientCredentials {
  readonly clientId: string
  readonly secret?: string | undefined
  /** Whether it used the Authorization header: then a refusal names the scheme (RFC 6749 §5.2). */
  readonly basic: boolean
}

/**
 * Reads the credentials of a request: HTTP Basic, or the form.
 * @throws OAuthError `invalid_request` for two methods at once, `invalid_client` for none or a header that is no Basic
 */
export function readClientCredentials(authorization: string | undefined, form: Parameters): ClientCredentials {
  const formId = form.get('client_id')
  const formSecret = form.get('client_secret')
  if (authorization === undefined) {
    if (formId === undefined) throw invalidClient('The client is not named', false)
    return { clientId: formId, secret: formSecret, basic: false }
  }
  if (formSecret !== undefined) throw new OAuthError('invalid_request', 'The client authenticates in more than one way')
  const credentials = readBasic(authorization)
  if (credentials === undefined) throw invalidClient('The Authorization header is not HTTP Basic', true)
  if (formId !== undefined && formId !== credentials.clientId)
    throw new OAuthError('invalid_request', 'The request names two clients')
  return { ...credentials, basic: true }
}

/**
 * Authenticates a client (AS-11): a confidential one by its secret, in the header or in the form, a public one by its
 * id alone.
 * @throws OAuthError 401 `invalid_client`, the same for an unknown client and a wrong secret
 */
export function authenticateClient(
  client: RegisteredClient | undefined,
  credentials: ClientCredentials,
): RegisteredClient {
  const { secret, basic } = credentials
  const expected = client?.secretHash
  const matches = equalSecrets(sha256(secret ?? ''), expected ?? sha256(''))
  const proven = expected === undefined ? secret === undefined : secret !== undefined && matches
  if (client === undefined || !proven) throw invalidClient('The client is unknown or did not authenticate', basic)
  return client
}

/** RFC 6749 §2.3.1: both parts are form-encoded before they are joined. */
function readBasic(authorization: string): { clientId: string; secret: string | undefined } | undefined {
  const [, encoded] = /^Basic +([A-Za-z0-9+/]+={0,2})$/i.exec(authorization) ?? []
  const decoded = encoded === undefined ? '' : Buffer.from(encoded, 'base64').toString('utf8')
  const split = decoded.indexOf(':')
  if (split < 1) return undefined
  try {
    const clientId = formDecode(decoded.slice(0, split))
    const secret = formDecode(decoded.slice(split + 1))
    return { clientId, secret: secret === '' ? undefined : secret }
  } catch {
    return undefined
  }
}

function formDecode(text: string): string {
  return decodeURIComponent(text.replaceAll('+', ' '))
}

/** API Gateway renames `WWW-Authenticate` of an integration (PLATFORM 12a): a documented deviation. */
function invalidClient(description: string, basic: boolean): OAuthError {
  return new OAuthError('invalid_client', description, {
    status: 401,
    headers: basic ? { 'WWW-Authenticate': 'Basic realm="token"' } : {},
  })
}
