import { CLIENT_AUTHENTICATION_METHODS, type ClientMetadata } from '../../store/clients.ts'
import { OAuthError } from '../http/errors.ts'
import { GRANT_TYPES } from '../metadata.ts'
import { leadsToIssuer, redirectUriKind } from './redirect-uri.ts'

const MOST_REDIRECT_URIS = 20
const LONGEST_TEXT = 200
const LONGEST_URL = 500
const MOST_CONTACTS = 10

/**
 * The client metadata that a registration comes to (RFC 7591 §2): unknown fields, nulls and unusable extras are left
 * out, what cannot be served is narrowed, what is not permitted is refused.
 * @param schemes private-use redirect schemes that the config allows
 * @param issuer ours: nothing may be sent to it
 * @throws OAuthError `invalid_redirect_uri` or `invalid_client_metadata`
 */
export function readClientMetadata(
  body: Readonly<Record<string, unknown>>,
  schemes: readonly string[],
  issuer: string,
): ClientMetadata {
  const optional = {
    application_type: oneOf(body.application_type, ['web', 'native'] as const),
    client_name: text(body, 'client_name', LONGEST_TEXT),
    client_uri: url(body.client_uri),
    logo_uri: url(body.logo_uri),
    tos_uri: url(body.tos_uri),
    policy_uri: url(body.policy_uri),
    contacts: texts(body.contacts),
    scope: text(body, 'scope', LONGEST_URL),
    software_id: text(body, 'software_id', LONGEST_TEXT),
    software_version: text(body, 'software_version', LONGEST_TEXT),
  }
  return {
    redirect_uris: redirectUris(body.redirect_uris, schemes, issuer),
    token_endpoint_auth_method: authenticationMethod(body.token_endpoint_auth_method),
    grant_types: grantTypes(body.grant_types),
    response_types: responseTypes(body.response_types),
    ...(Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined)) as Pick<
      ClientMetadata,
      keyof typeof optional
    >),
  }
}

/** One odd URI among several does not sink the rest (AS-21): every permitted kind may stand beside the others. */
function redirectUris(value: unknown, schemes: readonly string[], issuer: string): string[] {
  if (!Array.isArray(value) || value.length === 0)
    throw new OAuthError('invalid_redirect_uri', 'redirect_uris must be a list of at least one URI')
  if (value.length > MOST_REDIRECT_URIS)
    throw new OAuthError('invalid_redirect_uri', `redirect_uris must be at most ${MOST_REDIRECT_URIS}`)
  const wrong = value.findIndex(
    (uri) => typeof uri !== 'string' || redirectUriKind(uri, schemes) === undefined || leadsToIssuer(uri, issuer),
  )
  if (wrong !== -1)
    throw new OAuthError(
      'invalid_redirect_uri',
      `redirect_uris[${wrong}] must be https, http to a loopback host, or of an allowed private-use scheme, without fragment, userinfo and parameters of an answer, and not here`,
    )
  return [...new Set(value as string[])]
}

/** RFC 7591 §2: `client_secret_basic` where none is named. */
function authenticationMethod(value: unknown): ClientMetadata['token_endpoint_auth_method'] {
  if (value === undefined || value === null) return 'client_secret_basic'
  const method = oneOf(value, CLIENT_AUTHENTICATION_METHODS)
  if (method === undefined)
    throw new OAuthError(
      'invalid_client_metadata',
      `token_endpoint_auth_method must be one of ${CLIENT_AUTHENTICATION_METHODS.join(', ')}`,
    )
  return method
}

/** Others than those served are narrowed away; a client that names none may use both, refresh included. */
function grantTypes(value: unknown): string[] {
  if (value === undefined || value === null) return [...GRANT_TYPES]
  const named = Array.isArray(value) ? GRANT_TYPES.filter((grant) => value.includes(grant)) : []
  if (!named.includes('authorization_code'))
    throw new OAuthError('invalid_client_metadata', 'grant_types must contain authorization_code')
  return named
}

function responseTypes(value: unknown): string[] {
  if (value !== undefined && value !== null && !(Array.isArray(value) && value.includes('code')))
    throw new OAuthError('invalid_client_metadata', 'response_types must contain code')
  return ['code']
}

function text(body: Readonly<Record<string, unknown>>, name: string, longest: number): string | undefined {
  const value = body[name]
  if (value === undefined || value === null || value === '') return undefined
  if (typeof value !== 'string' || value.length > longest)
    throw new OAuthError('invalid_client_metadata', `${name} must be a string of at most ${longest} characters`)
  return value
}

function texts(value: unknown): string[] | undefined {
  if (!Array.isArray(value)) return undefined
  return value.filter((entry) => typeof entry === 'string' && entry.length <= LONGEST_TEXT).slice(0, MOST_CONTACTS)
}

/** For information only: never fetched, never shown as an image. */
function url(value: unknown): string | undefined {
  if (typeof value !== 'string' || value.length > LONGEST_URL || !URL.canParse(value)) return undefined
  return ['https:', 'http:'].includes(new URL(value).protocol) ? value : undefined
}

function oneOf<Allowed extends string>(value: unknown, allowed: readonly Allowed[]): Allowed | undefined {
  return allowed.find((candidate) => candidate === value)
}
