import { decomposeUnverifiedJwt } from 'aws-jwt-verify/jwt'
import { ENDPOINTS } from '../../../model/endpoints.ts'
import type { KnownClient, RegisteredClient } from '../../store/clients.ts'
import { equalSecrets, sha256 } from '../../tokens/secrets.ts'
import type { AuthorizationServer } from '../authorization-server.ts'
import { OAuthError } from '../http/errors.ts'
import type { Parameters } from '../http/parameters.ts'
import { type GenuineAssertion, verifyClientAssertion } from './client-assertion.ts'
import { ClientDocumentUnusable } from './client-document-unusable.ts'
import { namesTokenEndpoint } from './well-known-clients.ts'

/** RFC 7523 §2.2. */
const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

/** What a client says of itself at an endpoint that it authenticates at (OAuth 2.1 §2.4). */
export interface ClientCredentials {
  readonly clientId: string
  readonly secret?: string | undefined
  /** A signed JWT in place of a secret. */
  readonly assertion?: string | undefined
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
  const assertion = readAssertion(form)
  if ([authorization, formSecret, assertion].filter((method) => method !== undefined).length > 1)
    throw new OAuthError('invalid_request', 'The client authenticates in more than one way')
  if (authorization === undefined) {
    const clientId = formId ?? (assertion === undefined ? undefined : subjectOf(assertion))
    if (clientId === undefined) throw invalidClient('The client is not named', false)
    return { clientId, secret: formSecret, assertion, basic: false }
  }
  const credentials = readBasic(authorization)
  if (credentials === undefined) throw invalidClient('The Authorization header is not HTTP Basic', true)
  if (formId !== undefined && formId !== credentials.clientId)
    throw new OAuthError('invalid_request', 'The request names two clients')
  return { ...credentials, basic: true }
}

/**
 * Finds a client and authenticates it (AS-11), by the one method it is known with: a secret, in the header or in the
 * form; an assertion; its id alone where it is public.
 *
 * Of a client that is known by a metadata document, the document is read only where the request presents a genuine code
 * or token of that client: nobody else can make us fetch anything here.
 * @param registered what the table has under the client id
 * @param holder the client that the presented code or token was issued to
 * @throws OAuthError 401 `invalid_client`, the same for an unknown client and a wrong proof; 400 `invalid_grant`;
 * ClientDocumentUnusable, StoreUnavailable
 */
export async function authenticateClient(
  server: AuthorizationServer,
  registered: RegisteredClient | undefined,
  credentials: ClientCredentials,
  holder: string | undefined,
): Promise<KnownClient> {
  const { clients } = server
  const { clientId, basic } = credentials
  const known = registered ?? (await clients.atHand(clientId))
  if (known === undefined && clients.isDocument(clientId) && holder !== clientId)
    throw new OAuthError('invalid_grant', 'What is presented is not valid, or not of this client')
  const client = known ?? (await clients.published(clientId))
  const method = client?.metadata.token_endpoint_auth_method
  if (client !== undefined && method === 'private_key_jwt') {
    await proveByAssertion(server, client, credentials)
    return client
  }
  const { secret, assertion } = credentials
  // Whoever sends a secret waits as long for an unknown client as for a known one.
  const matches = secret !== undefined && equalSecrets(sha256(secret), client?.secretHash ?? sha256(''))
  const proven = method === 'none' ? secret === undefined : client?.secretHash !== undefined && matches
  if (client === undefined || !proven || assertion !== undefined)
    throw invalidClient('The client is unknown or did not authenticate', basic)
  return client
}

/** The assertion is genuine, and then, at the cost of one write, new. */
async function proveByAssertion(
  server: AuthorizationServer,
  client: KnownClient,
  { assertion, basic }: ClientCredentials,
): Promise<void> {
  const { issuer, clients, store } = server
  const refuse = (cause: unknown) => invalidClient('The client is unknown or did not authenticate', basic, cause)
  if (assertion === undefined) throw refuse(new Error('no client_assertion'))
  const audiences = namesTokenEndpoint(client.clientId) ? [issuer, `${issuer}${ENDPOINTS.token}`] : [issuer]
  const keys = (youngerThan?: number) => clients.keys(client, youngerThan)
  let genuine: GenuineAssertion
  try {
    genuine = await verifyClientAssertion(assertion, client, audiences, keys, server.now())
  } catch (error) {
    throw error instanceof ClientDocumentUnusable ? error : refuse(error)
  }
  if (!(await store.assertions.spend(client.clientId, genuine.jti, genuine.refusedFrom)))
    throw refuse(new Error('the assertion was used before'))
}

/** @throws OAuthError for an assertion of another type */
function readAssertion(form: Parameters): string | undefined {
  const assertion = form.get('client_assertion')
  if (assertion !== undefined && form.get('client_assertion_type') !== ASSERTION_TYPE)
    throw new OAuthError('invalid_request', `client_assertion_type must be ${ASSERTION_TYPE}`)
  return assertion
}

/** Whom an assertion claims to be of: `client_id` may be left out beside it (RFC 7521 §4.2). */
function subjectOf(assertion: string): string | undefined {
  try {
    return decomposeUnverifiedJwt(assertion).payload.sub
  } catch {
    return undefined
  }
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
function invalidClient(description: string, basic: boolean, cause?: unknown): OAuthError {
  return new OAuthError('invalid_client', description, {
    status: 401,
    cause,
    headers: basic ? { 'WWW-Authenticate': 'Basic realm="token"' } : {},
  })
}
