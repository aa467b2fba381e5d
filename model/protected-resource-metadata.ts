import type { ServerDocument } from './documents.ts'
import { scopesOfLevel } from './scopes.ts'

/**
 * Protected-resource metadata (RFC 9728 §2): the server's own API and, with a custom domain, the authorization server
 * give the same. Privileged scopes are not listed: a client asks for all that it finds here, and a person who may not
 * hold one would be asked for it at every sign-in (CL-04). `offline_access` is never listed (AS-22).
 */
export function protectedResourceMetadata(server: ServerDocument, issuer: string) {
  return {
    resource: server.resource,
    authorization_servers: [issuer],
    scopes_supported: scopesOfLevel(server.scopes, 'everyday'),
    bearer_methods_supported: ['header'],
    resource_name: server.title,
  }
}
