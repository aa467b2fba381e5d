import type { JSONWebKeySet } from 'jose'
import { ASSERTION_ALGORITHMS, readKeySet } from '../../../model/client-keys.ts'
import { shown } from '../../../model/describe-issues.ts'
import { publicUrl } from '../../../model/public-url.ts'
import { redirectUriKind } from '../../../model/redirect-uri.ts'
import { CLIENT_AUTHENTICATION_METHODS, type ClientMetadata } from '../../store/clients.ts'
import { OAuthError } from '../http/errors.ts'
import { GRANT_TYPES } from '../metadata.ts'
import { leadsToIssuer } from './redirect-uri.ts'

const MOST_REDIRECT_URIS = 20
const LONGEST_TEXT = 200
const LONGEST_URL = 500
const MOST_CONTACTS = 10
/** Characters of a key set, which is kept with the registration. */
const LONGEST_KEYS = 5000

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
  const method = authenticationMethod(body.token_endpoint_auth_method)
  return {
    redirect_uris: redirectUris(body.redirect_uris, schemes, issuer),
    token_endpoint_auth_method: method,
    ...(method === 'private_key_jwt' && ownKeys(body)),
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
  if (!Array.isArray(value) || value.length === 0 || value.length > MOST_REDIRECT_URIS)
    throw refusal('redirect_uris', value, `a list of 1 to ${MOST_REDIRECT_URIS} URIs`, 'invalid_redirect_uri')
  for (const [index, uri] of value.entries()) {
    const field = `redirect_uris[${index}]`
    if (typeof uri !== 'string' || redirectUriKind(uri, schemes) === undefined)
      throw refusal(
        field,
        uri,
        'https://<host>/..., http://127.0.0.1, [::1] or localhost with any port, or <private-use scheme>:/...; no fragment, no user name, no parameter such as code or state',
        'invalid_redirect_uri',
      )
    if (leadsToIssuer(uri, issuer))
      throw refusal(field, uri, "an address of the client, not this authorization server's own", 'invalid_redirect_uri')
  }
  return [...new Set(value as string[])]
}

/** RFC 7591 §2: `client_secret_basic` where none is named. */
function authenticationMethod(value: unknown): ClientMetadata['token_endpoint_auth_method'] {
  if (value === undefined || value === null) return 'client_secret_basic'
  const method = oneOf(value, CLIENT_AUTHENTICATION_METHODS)
  if (method === undefined)
    throw refusal('token_endpoint_auth_method', value, `one of ${CLIENT_AUTHENTICATION_METHODS.join(', ')}`)
  return method
}

/** Where the client's keys are, or the keys themselves: one of the two (RFC 7591 §2). */
function ownKeys(body: Readonly<Record<string, unknown>>): Partial<ClientMetadata> {
  const { jwks, jwks_uri: uri, token_endpoint_auth_signing_alg: named } = body
  const algorithm = oneOf(named, ASSERTION_ALGORITHMS)
  if ((named ?? undefined) !== undefined && algorithm === undefined)
    throw refusal('token_endpoint_auth_signing_alg', named, `one of ${ASSERTION_ALGORITHMS.join(', ')}`)
  return {
    ...keysOrTheirUrl(jwks ?? undefined, uri ?? undefined),
    ...(algorithm && { token_endpoint_auth_signing_alg: algorithm }),
  }
}

function keysOrTheirUrl(jwks: unknown, uri: unknown): { jwks: JSONWebKeySet } | { jwks_uri: string } {
  if (jwks !== undefined && uri !== undefined) throw refusal('jwks', jwks, 'either jwks or jwks_uri')
  if (jwks !== undefined) {
    const keys = JSON.stringify(jwks).length <= LONGEST_KEYS ? readKeySet(jwks) : undefined
    // What was found may be a private key: it is not repeated.
    if (keys === undefined)
      throw refusal('jwks', '(hidden)', 'public keys alone: EC P-256, Ed25519, RSA from 2048 bits')
    return { jwks: keys }
  }
  if (typeof uri !== 'string' || publicUrl(uri) === undefined)
    throw refusal('jwks_uri', uri, 'https://<host>/<path>, without port, user name or fragment; or jwks instead')
  return { jwks_uri: uri }
}

/** Others than those served are narrowed away; a client that names none may use both, refresh included. */
function grantTypes(value: unknown): string[] {
  if (value === undefined || value === null) return [...GRANT_TYPES]
  const named = Array.isArray(value) ? GRANT_TYPES.filter((grant) => value.includes(grant)) : []
  if (!named.includes('authorization_code'))
    throw refusal('grant_types', value, `a list with authorization_code, of ${GRANT_TYPES.join(', ')}`)
  return named
}

function responseTypes(value: unknown): string[] {
  if (value !== undefined && value !== null && !(Array.isArray(value) && value.includes('code')))
    throw refusal('response_types', value, 'a list with code')
  return ['code']
}

/** Says to the client's developer what was found and what is allowed, in ASCII (RFC 7591 §3.2.2). */
function refusal(field: string, found: unknown, allowed: string, code = 'invalid_client_metadata'): OAuthError {
  return new OAuthError(code, `${field}: found ${shown(found).replace(/[^ -~]/g, '?')}; allowed: ${allowed}`)
}

function text(body: Readonly<Record<string, unknown>>, name: string, longest: number): string | undefined {
  const value = body[name]
  if (value === undefined || value === null || value === '') return undefined
  if (typeof value !== 'string' || value.length > longest)
    throw refusal(name, value, `a text of at most ${longest} characters`)
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
