import { DENY_KINDS, type DenyEntry, denyEntryKey } from '../../model/deny-entry.ts'
import { StoreUnavailable } from './store-unavailable.ts'
import type { Attributes, Expression, Key, Table } from './table.ts'

/** The gates' clocks and ours may differ. Seconds. */
const CLOCK_SKEW = 60
/** An entry that stands, a block for instance, is not replaced by one that ends. */
const UNLESS_STANDING: Expression = { text: 'attribute_not_exists(#pk) OR attribute_exists(#expiresAt)' }

export function denyEntries(table: Table, now: () => number) {
  const end = (accessTokenLifetime: number) => now() + CLOCK_SKEW + accessTokenLifetime

  async function blocks(email: string): Promise<Attributes[]> {
    return (await table.query('DENY')).filter(
      (item) =>
        item.kind === 'person' &&
        item.expiresAt === undefined &&
        [item.value, item.email].some((named) => String(named).toLowerCase() === email),
    )
  }

  return {
    /** @throws StoreUnavailable where one is malformed: it may be the one that counts, and the gates stop, too */
    async all(): Promise<DenyEntry[]> {
      return (await table.query('DENY')).map(readDenyEntry)
    },

    /**
     * Stops the access tokens of a grant that ends. It never comes back, so those issued meanwhile go, too.
     * @param accessTokenLifetime seconds: no token of it lives longer
     */
    async denyGrant(grantId: string, accessTokenLifetime: number): Promise<void> {
      await table.put(entryKey('grant', grantId), {
        kind: 'grant',
        value: grantId,
        expiresAt: end(accessTokenLifetime),
      })
    },

    /** Refuses whatever a person was given up to now, also what is being given in this moment. */
    async denyIssued(sub: string, accessTokenLifetime: number): Promise<void> {
      const entry = { kind: 'person', value: sub, before: now(), expiresAt: end(accessTokenLifetime) }
      await table.put(entryKey('person', sub), entry, UNLESS_STANDING)
    },

    /**
     * Refuses a person until {@link unblock}, under their address and every `sub` that signed in with it.
     * @param email in lower case
     */
    async block(email: string, subs: readonly string[]): Promise<void> {
      for (const value of [email, ...subs]) await table.put(entryKey('person', value), { kind: 'person', value, email })
    },

    /** Whether an address is blocked. @param email in lower case */
    async isBlocked(email: string): Promise<boolean> {
      return (await blocks(email)).length > 0
    },

    /**
     * Ends a block; what was issued before stays refused.
     * @param email in lower case
     * @returns whether there was one
     */
    async unblock(email: string, accessTokenLifetime: number): Promise<boolean> {
      const found = await blocks(email)
      for (const { sk, value } of found)
        await table.put(
          { pk: 'DENY', sk: String(sk) },
          { kind: 'person', value, before: now(), expiresAt: end(accessTokenLifetime) },
        )
      return found.length > 0
    },
  }
}

function entryKey(kind: DenyEntry['kind'], value: string): Key {
  return { pk: 'DENY', sk: denyEntryKey(kind, value) }
}

function readDenyEntry(item: Attributes): DenyEntry {
  const { sk, kind, value, before, expiresAt } = item
  const known = DENY_KINDS.find((each) => each === kind)
  if (known === undefined || typeof value !== 'string' || !isOptionalNumber(before) || !isOptionalNumber(expiresAt))
    throw new StoreUnavailable(`the deny entry ${sk} is malformed`)
  return { kind: known, value, before }
}

function isOptionalNumber(value: unknown): value is number | undefined {
  return value === undefined || typeof value === 'number'
}
