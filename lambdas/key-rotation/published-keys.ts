import type { KeySet } from '../tokens/key-set.ts'
import { type PublicKeys, publicHalf } from '../tokens/public-keys.ts'
import { LEAD_TIME, type Lifetimes, verifiableUntil } from './rotate.ts'

/**
 * The public keys that may verify once the pending set is current. A key that signs today is published for as long as
 * its last signature can matter counted from now, not from when the set was made: a rotation may have failed for hours
 * between its steps, and instances sign on with what they have read for up to the lead time.
 * @param now seconds since the epoch
 */
export function publishedKeys(
  pending: KeySet,
  current: KeySet | undefined,
  now: number,
  lifetimes: Lifetimes,
): PublicKeys {
  const signsToday = new Set(current?.signing.filter((key) => key.signUntil === undefined).map(({ kid }) => kid))
  const earliestEnd = verifiableUntil(now + LEAD_TIME, lifetimes)
  return {
    keys: pending.signing.map((key) => {
      const { kid, expiresAt } = key
      const published = { kid, jwk: publicHalf(key) }
      if (expiresAt === undefined) return published
      return { ...published, expiresAt: signsToday.has(kid) ? Math.max(expiresAt, earliestEnd) : expiresAt }
    }),
  }
}
