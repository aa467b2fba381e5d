import type { PolicyDocument } from '../../../model/documents.ts'
import type { KnownClient } from '../../store/clients.ts'
import type { Factory } from '../../store/factory-documents.ts'
import { GRANT_TYPES } from '../metadata.ts'

type ClientOfConfig = NonNullable<PolicyDocument['clients']>[string]

/** A client that the organisation registered itself, in factory.config.ts. */
export function configuredClient(clientId: string, policy: PolicyDocument): KnownClient | undefined {
  const client = clientOfConfig(clientId, policy)
  if (client === undefined) return undefined
  const { name, redirectUris, secretHash, jwks, jwksUri } = client
  const method = jwks || jwksUri ? 'private_key_jwt' : secretHash ? 'client_secret_basic' : 'none'
  return {
    clientId,
    vouchedBy: 'config',
    secretHash,
    metadata: {
      client_name: name,
      redirect_uris: redirectUris,
      token_endpoint_auth_method: method,
      grant_types: GRANT_TYPES,
      response_types: ['code'],
      ...(jwks && { jwks }),
      ...(jwksUri !== undefined && { jwks_uri: jwksUri }),
    },
  }
}

/**
 * The servers and scopes that a client may be given: of one in the config that lists scopes, these alone. A server of
 * whose scopes it may have none is as if it were not there.
 */
export function factoryFor(clientId: string, factory: Factory): Factory {
  const allowed = clientOfConfig(clientId, factory.policy)?.scopes
  if (allowed === undefined) return factory
  const servers = factory.servers
    .map((server) => ({ ...server, scopes: server.scopes.filter(({ name }) => allowed.includes(name)) }))
    .filter(({ scopes }) => scopes.length > 0)
  return { ...factory, servers }
}

/** Whether a client stands behind a server, and may ask about access tokens for it (RFC 7662 §4). */
export function mayIntrospect(clientId: string, server: string, policy: PolicyDocument): boolean {
  return clientOfConfig(clientId, policy)?.introspects?.includes(server) ?? false
}

function clientOfConfig(clientId: string, { clients = {} }: PolicyDocument): ClientOfConfig | undefined {
  return Object.hasOwn(clients, clientId) ? clients[clientId] : undefined
}
