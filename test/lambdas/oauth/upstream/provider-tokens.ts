import type { FactoryConfigInput } from '../../../../model/factory-config.ts'

type Members = Readonly<Record<string, unknown>>

/**
 * What a provider sends for a person, and the connection that it is meant for. Each was compared with the provider's own
 * pages, which its comment names, in November 2026.
 */
export interface ProviderSample {
  readonly provider: string
  readonly connection: FactoryConfigInput['connection']
  /** The ID token's, beside what makes it valid: issuer, audience, times and nonce. */
  readonly idToken: Members
  readonly userinfo?: Members
}

/** Of Microsoft's sample token. */
const DIRECTORY = '9122040d-6c67-4c5b-b112-36a304b66dad'

/**
 * https://developers.google.com/identity/openid-connect/openid-connect (an ID token's payload) and
 * https://developers.google.com/identity/openid-connect/reference: `hd` for accounts of an organisation alone. The sample
 * there has `email_verified` as a string; Google's own library declares it a boolean, which is what arrives:
 * https://cloud.google.com/nodejs/docs/reference/google-auth-library/latest/google-auth-library/tokenpayload
 */
export const GOOGLE: ProviderSample = {
  provider: 'Google',
  connection: { provider: 'google', via: 'direct', allowedDomains: ['example.com'] },
  idToken: {
    sub: '110169484474386276334',
    hd: 'example.com',
    email: 'alice@example.com',
    email_verified: true,
    at_hash: 'HK6E_P6Dh8Y93mRNtsDB1Q',
    name: 'Alice',
    picture: 'https://lh3.googleusercontent.com/a/alice',
    given_name: 'Alice',
    family_name: 'Example',
  },
}

/**
 * The thin ID token that an organisation's authorization server issues with an access token: beside the base claims it has
 * `email`, `name` and `preferred_username`; `email_verified` and the groups are at the userinfo endpoint.
 * https://developer.okta.com/docs/api/openapi/okta-oauth/guides/overview/ (ID token payload, scope-dependent claims)
 */
export const OKTA: ProviderSample = {
  provider: 'Okta',
  connection: {
    provider: 'oidc',
    issuer: 'https://example.okta.com',
    asserts: ['example.com'],
    allowedDomains: ['example.com'],
    scopes: ['groups'],
    claims: { groups: 'groups' },
  },
  idToken: {
    sub: '00uid4BxXw6I6TV4m0g3',
    name: 'Alice Example',
    email: 'alice@example.com',
    ver: 1,
    jti: 'ID.4eAWJOCMB3SX8XewDfVR',
    amr: ['pwd'],
    idp: '00ok1u7AsAkrwdZL3z0g3',
    preferred_username: 'alice@example.com',
    auth_time: 1_795_000_000,
    at_hash: 'cpqKfdQA5eH891Ff5oJr_Q',
  },
  userinfo: {
    sub: '00uid4BxXw6I6TV4m0g3',
    name: 'Alice Example',
    locale: 'en-US',
    email: 'alice@example.com',
    preferred_username: 'alice@example.com',
    given_name: 'Alice',
    family_name: 'Example',
    zoneinfo: 'America/Los_Angeles',
    updated_at: 1_795_000_000,
    email_verified: true,
    groups: ['Everyone', 'mcp-users'],
  },
}

/**
 * Custom claims have a name of the tenant's own, a URL: `groups` itself is reserved.
 * https://auth0.com/docs/secure/tokens/id-tokens/id-token-structure and
 * https://auth0.com/docs/secure/tokens/json-web-tokens/create-custom-claims
 */
export const AUTH0: ProviderSample = {
  provider: 'Auth0',
  connection: {
    provider: 'oidc',
    issuer: 'https://example.eu.auth0.com/',
    asserts: ['example.com'],
    allowedDomains: ['example.com'],
    claims: { groups: 'https://example.com/groups' },
  },
  idToken: {
    'https://example.com/groups': ['mcp-users', 'sales'],
    nickname: 'alice',
    name: 'alice@example.com',
    picture: 'https://s.gravatar.com/avatar/0.png',
    updated_at: '2026-11-01T09:00:00.000Z',
    email: 'alice@example.com',
    email_verified: true,
    sub: 'auth0|5f7c8ec7c33c6c004bbafe82',
    sid: 'wPxNJ2mXnKQ2y1Yq',
  },
}

/**
 * Groups with their full path, as the mapper sends them unless told otherwise; roles where a mapper adds them. Of the session
 * there is `sid` alone: newer releases send no `session_state`.
 * https://www.keycloak.org/docs/latest/server_admin/ (protocol mappers) and
 * https://www.keycloak.org/docs/latest/upgrading/ (removed session_state claim)
 */
export const KEYCLOAK: ProviderSample = {
  provider: 'Keycloak',
  connection: {
    provider: 'oidc',
    issuer: 'https://id.example.com/realms/staff',
    asserts: ['example.com'],
    allowedDomains: ['example.com'],
    requiredClaims: [{ claim: 'realm_access.roles', contains: 'staff' }],
  },
  idToken: {
    auth_time: 1_795_000_000,
    jti: '5e3b0d9e-6f0a-4b0e-9b47-3d1f7b1f0c11',
    sub: 'f1b0c7de-8f4a-4c60-9d54-5f4d6c7b8a90',
    typ: 'ID',
    sid: '2f9cf2a4-6c0f-4d5b-8a0e-7e1f6e2d3c4b',
    at_hash: 'IMi_8yCRp9RnPZ3mG9hQ9A',
    acr: '1',
    realm_access: { roles: ['offline_access', 'staff'] },
    email_verified: true,
    name: 'Alice Example',
    groups: ['/mcp-users', '/sales/europe'],
    preferred_username: 'alice',
    given_name: 'Alice',
    family_name: 'Example',
    email: 'alice@example.com',
  },
}

/**
 * With the optional claims `email` and `xms_edov`, which comes only beside `email`; groups are object ids. There is no
 * `email_verified`, and no `at_hash` from the token endpoint.
 * https://learn.microsoft.com/en-us/entra/identity-platform/id-token-claims-reference and
 * https://learn.microsoft.com/en-us/entra/identity-platform/optional-claims-reference
 */
export const ENTRA: ProviderSample = {
  provider: 'Entra ID',
  connection: {
    provider: 'oidc',
    issuer: `https://login.microsoftonline.com/${DIRECTORY}/v2.0`,
    directories: { [DIRECTORY]: ['example.com'] },
    allowedDomains: ['example.com'],
    claims: { emailVerified: 'xms_edov' },
  },
  idToken: {
    ver: '2.0',
    sub: 'AAAAAAAAAAAAAAAAAAAAAIkzqFVrSaSaFHy782bbtaQ',
    name: 'Alice Example',
    preferred_username: 'alice@example.com',
    oid: '00000000-0000-0000-66f3-3332eca7ea81',
    tid: DIRECTORY,
    email: 'alice@example.com',
    xms_edov: true,
    groups: ['2c5b6f2a-0000-4000-8000-3c1f6d1e2b3a'],
    aio: 'Df2UVXL1ix!lMCWMSOJBcFatzcGfvFGhjKv8q5g0x732dR5MB5BisvGQO7YWByjd8iQDLq!eGbIDakyp5mnOrcdqHeYSnltepQmRp6AIZ8jY',
    rh: '0.AXkA',
    uti: '3yqz0YxXoUGR',
  },
}

export const PROVIDERS: readonly ProviderSample[] = [GOOGLE, OKTA, AUTH0, KEYCLOAK, ENTRA]
