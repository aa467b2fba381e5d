import type { Audit } from '../audit/audit.ts'
import type { Log } from '../shell/log.ts'
import type { Store } from '../store/store.ts'
import type { KeysReader } from '../tokens/keys-reader.ts'
import type { KnownClients } from './clients/known-clients.ts'
import type { CookieJar } from './http/cookies.ts'
import type { Upstream } from './upstream/upstream.ts'

/** What the endpoints share. Everything outside (clock, table, secrets, network) is reached through here. */
export interface AuthorizationServer {
  /** Our issuer identifier, byte for byte as configured (AS-02). */
  readonly issuer: string
  readonly store: Store
  readonly clients: KnownClients
  readonly keys: KeysReader
  readonly upstream: Upstream
  readonly jar: CookieJar
  /** Whether clients may be known by a metadata document, which is then fetched (AS-10). */
  readonly metadataDocuments: boolean
  /** Whether a server says at this URL that it is up; undefined where it says nothing in time. Never rejects. */
  readonly isUp: (healthUrl: string) => Promise<boolean | undefined>
  /** Seconds since the epoch. */
  readonly now: () => number
  readonly log: Log
  readonly audit: Audit
}
