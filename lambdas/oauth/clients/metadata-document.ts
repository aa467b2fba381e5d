import type { ClientMetadata } from '../../store/clients.ts'
import { OAuthError } from '../http/errors.ts'
import { readClientMetadata } from './client-metadata.ts'

/**
 * Reads a Client ID Metadata Document (draft-ietf-oauth-client-id-metadata-document §4, AS-10): it names the very URL
 * that it was read from, and the rules of registration hold. It can hold no shared secret, so a client either proves
 * itself with the keys that it publishes or not at all.
 * @param url the client id
 * @throws OAuthError saying what is wrong, for the log
 */
export function readMetadataDocument(
  json: unknown,
  url: string,
  schemes: readonly string[],
  issuer: string,
): ClientMetadata {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw refusal('it is no JSON object')
  const document = json as Readonly<Record<string, unknown>>
  if (document.client_id !== url) throw refusal('its client_id is not its URL')
  if ('client_secret' in document || 'client_secret_expires_at' in document) throw refusal('it has a client_secret')
  const hasKeys = (document.jwks ?? document.jwks_uri ?? undefined) !== undefined
  const method = document.token_endpoint_auth_method ?? (hasKeys ? 'private_key_jwt' : 'none')
  if (method !== 'none' && method !== 'private_key_jwt') throw refusal('it asks for authentication by a shared secret')
  return readClientMetadata({ ...document, token_endpoint_auth_method: method }, schemes, issuer)
}

function refusal(why: string): OAuthError {
  return new OAuthError('invalid_client_metadata', `The client ID metadata document cannot be used: ${why}`)
}
