import { type PolicyDocument, policyDocument, type ServerDocument, serverDocument } from '../../model/documents.ts'
import { parseJson } from '../../model/parse-json.ts'
import { type PublicKeys, publicKeysDocument } from '../tokens/public-keys.ts'
import { cached } from './cached.ts'
import { readText } from './read-attributes.ts'
import { StoreUnavailable } from './store-unavailable.ts'
import type { Attributes, Table } from './table.ts'

/** What the registrar wrote: the organisation's policy and every registered server, by name. */
export interface Factory {
  readonly policy: PolicyDocument
  readonly servers: readonly ServerDocument[]
}

/** Seconds. A change of the rules is felt within this time. */
const FRESH_SECONDS = 10

/**
 * Reads the documents that others write into the table, cached in memory for ten seconds.
 * @param now seconds since the epoch
 * @param report told of a registered server whose document cannot be read; that server alone is then not there
 */
export function factoryDocuments(table: Table, now: () => number, report: (server: string) => void) {
  async function readServers(): Promise<ServerDocument[]> {
    const names = (await table.query('SERVERS')).map((item) => readText(item, 'sk')).toSorted()
    const items = await table.getMany(names.map((name) => ({ pk: `SERVER#${name}`, sk: 'SERVER' })))
    return names.flatMap((name, index) => {
      // The directory outlives its server for a moment when one is deleted.
      const item = items[index]
      if (item === undefined) return []
      const server = serverDocument.safeParse(documentOf(item))
      if (server.success && server.data.name === name) return [server.data]
      report(name)
      return []
    })
  }

  async function readFactory(): Promise<Factory> {
    const [item, servers] = await Promise.all([table.get({ pk: 'POLICY', sk: 'POLICY' }), readServers()])
    const policy = policyDocument.safeParse(item && documentOf(item))
    if (!policy.success) throw new StoreUnavailable('the table holds no policy')
    return { policy: policy.data, servers }
  }

  async function readPublicKeys(): Promise<PublicKeys> {
    const item = await table.get({ pk: 'KEYS', sk: 'KEYS' })
    const keys = publicKeysDocument.safeParse(item && documentOf(item))
    if (!keys.success) throw new StoreUnavailable('the table holds no public keys')
    return keys.data
  }

  return {
    /** @throws StoreUnavailable */
    factory: cached(readFactory, FRESH_SECONDS, now),
    /** @throws StoreUnavailable */
    publicKeys: cached(readPublicKeys, FRESH_SECONDS, now),
    /** Whether the table answers, uncached. @throws StoreUnavailable */
    probe: async () => {
      await table.get({ pk: 'POLICY', sk: 'POLICY' })
    },
  }
}

/** @throws StoreUnavailable where the item has no document */
function documentOf(item: Attributes): unknown {
  return parseJson(readText(item, 'doc'))
}
