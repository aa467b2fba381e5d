import { DENY_KINDS, type DenyEntry, denyEntryKey } from '../../model/deny-entry.ts'
import { StoreUnavailable } from './store-unavailable.ts'
import type { Attributes, Table } from './table.ts'

/** The gates' clocks and ours may differ. Seconds. */
const CLOCK_SKEW = 60

export function denyEntries(table: Table, now: () => number) {
  return {
    /** @throws StoreUnavailable where one is malformed: it may be the one that counts, and the gates stop, too */
    async all(): Promise<DenyEntry[]> {
      return (await table.query('DENY')).map(readDenyEntry)
    },

    /**
     * Stops the access tokens of a grant that has ended. It never comes back, so tokens of a faster clock go too.
     * @param accessTokenLifetime seconds: no token of it lives longer
     */
    async denyGrant(grantId: string, accessTokenLifetime: number): Promise<void> {
      const before = now() + CLOCK_SKEW
      await table.put(
        { pk: 'DENY', sk: denyEntryKey('grant', grantId) },
        { kind: 'grant', value: grantId, before, expiresAt: before + accessTokenLifetime },
      )
    },
  }
}

function readDenyEntry(item: Attributes): DenyEntry {
  const { sk, kind, value, before, expiresAt } = item
  const known = DENY_KINDS.find((each) => each === kind)
  if (
    known === undefined ||
    typeof value !== 'string' ||
    typeof before !== 'number' ||
    // One without an end is never deleted, and not read by the gates.
    typeof expiresAt !== 'number'
  )
    throw new StoreUnavailable(`the deny entry ${sk} is malformed`)
  return { kind: known, value, before }
}
