import type { JSONWebKeySet } from 'jose'
import { readKeySet } from '../../../model/client-keys.ts'
import { publicUrl } from '../../../model/public-url.ts'
import { documentCache } from '../../outgoing/document-cache.ts'
import type { FetchPublicJson } from '../../outgoing/fetch-public-json.ts'
import { OutgoingFailed } from '../../outgoing/outgoing-failed.ts'
import type { KnownClient } from '../../store/clients.ts'
import type { Store } from '../../store/store.ts'
import { OAuthError, PageError } from '../http/errors.ts'
import { ClientDocumentUnusable } from './client-document-unusable.ts'
import { configuredClient } from './configured-client.ts'
import { readMetadataDocument } from './metadata-document.ts'
import { wellKnownClient } from './well-known-clients.ts'

export type KnownClients = ReturnType<typeof knownClients>

/**
 * Whom the authorization server knows as a client: by a Client ID Metadata Document, by registration, by the config.
 * @param now seconds since the epoch
 */
export function knownClients({
  store,
  issuer,
  fetchJson,
  now,
}: {
  readonly store: Pick<Store, 'factory' | 'clients'>
  readonly issuer: string
  /** Absent: no metadata documents, and no keys that a client keeps elsewhere. */
  readonly fetchJson: FetchPublicJson | undefined
  readonly now: () => number
}) {
  const fetchOrFail: FetchPublicJson =
    fetchJson ??
    (async () => {
      throw new OutgoingFailed('url_not_allowed', 'this factory fetches nothing')
    })
  const documents = documentCache(
    fetchOrFail,
    async (json, url) => readMetadataDocument(json, url, (await store.factory()).policy.redirects.schemes, issuer),
    now,
  )
  const keySets = documentCache(fetchOrFail, readKeySetDocument, now)
  /** Whether a client id is the URL of a document that may be fetched. */
  const isDocument = (clientId: string) => fetchJson !== undefined && publicUrl(clientId) !== undefined

  /** Without a question to anybody. */
  async function atHand(clientId: string): Promise<KnownClient | undefined> {
    const { policy } = await store.factory()
    return configuredClient(clientId, policy) ?? wellKnownClient(clientId)
  }

  /** @throws ClientDocumentUnusable */
  async function published(clientId: string): Promise<KnownClient | undefined> {
    if (!isDocument(clientId)) return undefined
    return { clientId, metadata: await usable(documents(clientId)), vouchedBy: 'host' }
  }

  return {
    isDocument,
    atHand,
    published,

    /**
     * For a page that a person sees.
     * @throws PageError where a client cannot be identified at this moment
     */
    async find(clientId: string): Promise<KnownClient | undefined> {
      try {
        return (await atHand(clientId)) ?? (await published(clientId)) ?? (await store.clients.find(clientId))
      } catch (cause) {
        if (!(cause instanceof ClientDocumentUnusable)) throw cause
        throw new PageError(
          'The application cannot be identified',
          `What it says of itself at ${new URL(clientId).hostname} cannot be read. Try again in a moment. If that does not help, its makers have to mend it.`,
          { cause },
        )
      }
    },

    /**
     * The keys that a client proves itself with.
     * @param youngerThan seconds: look again where our copy is older
     * @throws ClientDocumentUnusable
     */
    async keys({ metadata }: KnownClient, youngerThan?: number): Promise<JSONWebKeySet> {
      const { jwks, jwks_uri: url } = metadata
      return jwks ?? (url === undefined ? { keys: [] } : usable(keySets(url, youngerThan)))
    },
  }
}

function readKeySetDocument(json: unknown): JSONWebKeySet {
  const keys = readKeySet(json)
  if (keys === undefined) throw new OutgoingFailed('unacceptable_answer', 'it has no public keys that can be used')
  return keys
}

async function usable<Document>(reading: Promise<Document>): Promise<Document> {
  try {
    return await reading
  } catch (cause) {
    if (!(cause instanceof OutgoingFailed || cause instanceof OAuthError)) throw cause
    throw new ClientDocumentUnusable('a document of the client cannot be used', { cause })
  }
}
