import { ASSERTION_ALGORITHMS } from '../../model/client-keys.ts'
import { ENDPOINTS } from '../../model/endpoints.ts'
import { CLIENT_AUTHENTICATION_METHODS } from '../store/clients.ts'

/** Seconds that a client may keep a public document. */
export const METADATA_LIFETIME = 3600

/** The grants that the token endpoint serves. */
export const GRANT_TYPES = ['authorization_code', 'refresh_token'] as const

/**
 * Authorization server metadata (RFC 8414 §2), which is also served as OpenID discovery document for clients that look
 * there: no ID tokens are issued, but its parsers demand their fields (AS-02). It lists what is served and nothing else.
 * @param server its `issuer` is returned byte for byte
 */
export function authorizationServerMetadata({
  issuer,
  metadataDocuments,
}: {
  readonly issuer: string
  readonly metadataDocuments: boolean
}) {
  const at = (path: string) => `${issuer}${path}`
  return {
    issuer,
    authorization_endpoint: at(ENDPOINTS.authorize),
    token_endpoint: at(ENDPOINTS.token),
    registration_endpoint: at(ENDPOINTS.register),
    revocation_endpoint: at(ENDPOINTS.revoke),
    introspection_endpoint: at(ENDPOINTS.introspect),
    jwks_uri: at(ENDPOINTS.jwks),
    scopes_supported: ['offline_access'],
    response_types_supported: ['code'],
    response_modes_supported: ['query'],
    grant_types_supported: GRANT_TYPES,
    token_endpoint_auth_methods_supported: CLIENT_AUTHENTICATION_METHODS,
    token_endpoint_auth_signing_alg_values_supported: ASSERTION_ALGORITHMS,
    revocation_endpoint_auth_methods_supported: CLIENT_AUTHENTICATION_METHODS,
    revocation_endpoint_auth_signing_alg_values_supported: ASSERTION_ALGORITHMS,
    introspection_endpoint_auth_methods_supported: CLIENT_AUTHENTICATION_METHODS.filter((method) => method !== 'none'),
    introspection_endpoint_auth_signing_alg_values_supported: ASSERTION_ALGORITHMS,
    ...(metadataDocuments && { client_id_metadata_document_supported: true }),
    code_challenge_methods_supported: ['S256'],
    authorization_response_iss_parameter_supported: true,
    prompt_values_supported: ['none', 'login', 'consent', 'select_account'],
    request_parameter_supported: false,
    request_uri_parameter_supported: false,
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['ES256'],
  }
}
