import type { JSONWebKeySet } from 'jose'
import { readDocument, readNumber, readOptionalText } from './read-attributes.ts'
import { ABSENT, type Attributes, type Key, type Table } from './table.ts'

export const CLIENT_AUTHENTICATION_METHODS = [
  'none',
  'client_secret_basic',
  'client_secret_post',
  'private_key_jwt',
] as const
export type ClientAuthenticationMethod = (typeof CLIENT_AUTHENTICATION_METHODS)[number]

/** The metadata of RFC 7591 §2 that the factory keeps, under the standard's own names. */
export interface ClientMetadata {
  readonly redirect_uris: readonly string[]
  readonly token_endpoint_auth_method: ClientAuthenticationMethod
  readonly grant_types: readonly string[]
  readonly response_types: readonly string[]
  readonly application_type?: 'web' | 'native'
  readonly client_name?: string
  readonly client_uri?: string
  readonly logo_uri?: string
  readonly tos_uri?: string
  readonly policy_uri?: string
  readonly contacts?: readonly string[]
  readonly scope?: string
  readonly software_id?: string
  readonly software_version?: string
  readonly token_endpoint_auth_signing_alg?: string
  /** Where the keys of `private_key_jwt` are, or the keys themselves. */
  readonly jwks_uri?: string
  readonly jwks?: JSONWebKeySet
}

/** A client that the authorization server knows, however it came to. */
export interface KnownClient {
  readonly clientId: string
  readonly metadata: ClientMetadata
  /** Only of clients that authenticate with a secret. */
  readonly secretHash?: string | undefined
  /** Who says what the metadata say: the host of the client id, or our own config. Absent: the client alone. */
  readonly vouchedBy?: 'host' | 'config'
  /** Seconds since the epoch; moved by use. Absent: it was not registered here, and does not end. */
  readonly expiresAt?: number
}

export interface RegisteredClient extends KnownClient {
  readonly registrationTokenHash?: string | undefined
  /** Seconds since the epoch. */
  readonly issuedAt: number
  readonly expiresAt: number
}

/** A client id that may be looked up: keys of the table are bounded, and nothing else was ever issued. */
const CLIENT_ID = /^[a-z0-9-]{1,64}$/

export function clientKey(clientId: string): Key | undefined {
  return CLIENT_ID.test(clientId) ? { pk: `CLIENT#${clientId}`, sk: 'CLIENT' } : undefined
}

export function readClient(clientId: string, item: Attributes | undefined): RegisteredClient | undefined {
  return (
    item && {
      clientId,
      metadata: readDocument<ClientMetadata>(item),
      secretHash: readOptionalText(item, 'secretHash'),
      registrationTokenHash: readOptionalText(item, 'registrationTokenHash'),
      issuedAt: readNumber(item, 'issuedAt'),
      expiresAt: readNumber(item, 'expiresAt'),
    }
  )
}

export function clients(table: Table) {
  return {
    async find(clientId: string): Promise<RegisteredClient | undefined> {
      const key = clientKey(clientId)
      return key && readClient(clientId, await table.get(key))
    },

    /** @returns false where the id is taken */
    async register(client: RegisteredClient): Promise<boolean> {
      const key = clientKey(client.clientId)
      if (key === undefined) return false
      const { metadata, secretHash, registrationTokenHash, issuedAt, expiresAt } = client
      return table.put(
        key,
        { doc: JSON.stringify(metadata), secretHash, registrationTokenHash, issuedAt, expiresAt },
        // Its own again: the SDK may repeat a call whose reply was lost.
        {
          text: `${ABSENT.text} OR #registrationTokenHash = :own`,
          values: { own: registrationTokenHash ?? '' },
        },
      )
    },

    /** Moves a client's end; a client that is gone stays gone. */
    async renew(clientId: string, expiresAt: number): Promise<void> {
      const key = clientKey(clientId)
      if (key === undefined) return
      await table.update(
        key,
        { text: 'SET #expiresAt = :until', values: { until: expiresAt } },
        { text: '#expiresAt > :now' },
      )
    },

    async remove(clientId: string): Promise<void> {
      const key = clientKey(clientId)
      if (key !== undefined) await table.delete(key)
    },
  }
}
