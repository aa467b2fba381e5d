import { type PolicyDocument, policyDocument } from '../model/documents.ts'
import type { FactoryConfig } from '../model/factory-config.ts'

const GOOGLE_ISSUER = 'https://accounts.google.com'

/** The real identity provider's issuer, also where Cognito stands between. */
export function identityProviderIssuer(connection: FactoryConfig['connection']): string {
  return connection.provider === 'google' ? GOOGLE_ISSUER : connection.issuer
}

/** The `POLICY` item of the factory table: what of the config the authorization server and every gate decide by. */
export function policyDocumentOf(config: FactoryConfig): PolicyDocument {
  const { connection } = config
  return policyDocument.parse({
    organisation: config.organisation,
    connection: {
      provider: connection.provider,
      via: connection.via,
      issuer: identityProviderIssuer(connection),
      ...(connection.provider === 'google' && { internalApp: connection.internalApp }),
      ...(connection.provider === 'oidc' && connection.asserts && { asserts: connection.asserts }),
      ...(connection.provider === 'oidc' && connection.directories && { directories: connection.directories }),
      ...(connection.provider === 'oidc' && connection.claims && { claims: connection.claims }),
    },
    access: {
      domains: connection.allowedDomains,
      ...(connection.blocked.length > 0 && { blocked: connection.blocked }),
      ...(connection.requiredClaims.length > 0 && { claims: connection.requiredClaims }),
    },
    tenants: config.tenants,
    lifetimes: config.lifetimes,
    redirects: config.redirects,
    ...(Object.keys(config.clients).length > 0 && { clients: config.clients }),
    ...(config.defaultServer !== undefined && { defaultServer: config.defaultServer }),
  })
}
