import { ENDPOINTS } from '../../model/endpoints.ts'
import type { RegisteredClient } from '../store/clients.ts'
import { equalSecrets, randomId, randomSecret, sha256 } from '../tokens/secrets.ts'
import type { AuthorizationServer } from './authorization-server.ts'
import { readClientMetadata } from './clients/client-metadata.ts'
import { readJsonObject } from './http/body.ts'
import { OAuthError } from './http/errors.ts'
import type { Request } from './http/request.ts'
import { json, type Response } from './http/response.ts'

/** Seconds that a client stays registered that nobody ever consented to (AS-20). */
const UNUSED_CLIENT_LIFETIME = 86_400

/**
 * Dynamic client registration (RFC 7591 §3). The one write that an unauthenticated caller can cause: throttled by the
 * route, and gone after a day. Registering the same twice makes two clients: nothing of one is told to another.
 */
export async function register(server: AuthorizationServer, request: Request): Promise<Response> {
  const body = readJsonObject(request, 'invalid_client_metadata')
  const { policy } = await server.store.factory()
  const metadata = readClientMetadata(body, policy.redirects.schemes, server.issuer)
  const hasSecret = metadata.token_endpoint_auth_method.startsWith('client_secret_')
  const secret = hasSecret ? randomSecret() : undefined
  const registrationToken = randomSecret()
  const now = server.now()
  const client: RegisteredClient = {
    clientId: `c-${randomId()}`,
    metadata,
    secretHash: secret && sha256(secret),
    registrationTokenHash: sha256(registrationToken),
    issuedAt: now,
    expiresAt: now + UNUSED_CLIENT_LIFETIME,
  }
  if (!(await server.store.clients.register(client))) throw new Error('a random client id is taken')
  server.audit('client.registered', {
    requestId: request.requestId,
    client: client.clientId,
    name: metadata.client_name,
    redirectUris: metadata.redirect_uris,
  })
  return json(201, {
    ...clientInformation(server.issuer, client),
    ...(secret !== undefined && { client_secret: secret }),
    registration_access_token: registrationToken,
  })
}

/** Reads a registration (RFC 7592 §2.1); a secret is never readable again. Of the token only whoever has it hears. */
export async function readRegistration(server: AuthorizationServer, request: Request): Promise<Response> {
  const client = await registeredClient(server, request)
  return json(200, { ...clientInformation(server.issuer, client), registration_access_token: bearerToken(request) })
}

/** Deletes a registration (RFC 7592 §2.3). */
export async function deleteRegistration(server: AuthorizationServer, request: Request): Promise<Response> {
  const { clientId } = await registeredClient(server, request)
  await server.store.clients.remove(clientId)
  server.audit('client.deleted', { requestId: request.requestId, client: clientId })
  return { status: 204, headers: { 'Cache-Control': 'no-store' }, body: '' }
}

/**
 * The client that a registration token is for. An unknown client and a wrong token get the same answer (RFC 7592 §3).
 * @throws OAuthError `invalid_token`
 */
async function registeredClient(server: AuthorizationServer, request: Request): Promise<RegisteredClient> {
  const clientId = request.path.slice(`${ENDPOINTS.register}/`.length)
  const client = await server.store.clients.find(clientId)
  const matches = equalSecrets(sha256(bearerToken(request)), client?.registrationTokenHash ?? '')
  if (client === undefined || !matches)
    throw new OAuthError('invalid_token', 'The registration access token is not valid', {
      status: 401,
      headers: { 'WWW-Authenticate': 'Bearer error="invalid_token"' },
    })
  return client
}

function bearerToken(request: Request): string {
  const [, token = ''] = /^Bearer +(\S+)$/i.exec(request.header('authorization') ?? '') ?? []
  return token
}

function clientInformation(issuer: string, client: RegisteredClient) {
  return {
    client_id: client.clientId,
    client_id_issued_at: client.issuedAt,
    // The secret has no end of its own; it lives as long as the client.
    ...(client.secretHash !== undefined && { client_secret_expires_at: 0 }),
    registration_client_uri: `${issuer}${ENDPOINTS.register}/${client.clientId}`,
    ...client.metadata,
  }
}
