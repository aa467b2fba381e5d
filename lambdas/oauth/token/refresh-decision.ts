/** Seconds after its exchange in which a token still gets the same successor (AS-24); it does not slide. */
export const GRACE_WINDOW = 60

export type RefreshDecision =
  /** The current generation: exchange it. */
  | 'rotate'
  /** The one before, soon after: a reply was lost; repeat it. */
  | 'repeat'
  /** Older, but exchanged so recently that it may be a late repetition: refuse and touch nothing. */
  | 'refuse'
  /** Exchanged long ago: somebody has a copy; the family ends (AS-07, RFC 9700 §4.14.2). */
  | 'revoke'

/**
 * Decides what a genuine refresh token of a generation means. Each generation's own exchange counts: by the newest one
 * alone, a thief who goes on exchanging would never be found out.
 * @param grant its newest exchanges, the last one first; seconds since the epoch
 * @param now seconds since the epoch
 */
export function decideRefresh(
  presented: number,
  grant: { readonly generation: number; readonly supersededAt: readonly number[] },
  now: number,
): RefreshDecision {
  if (presented === grant.generation) return 'rotate'
  // A genuine token of the future: the table was restored from a backup. Nothing says that it was stolen.
  if (presented > grant.generation) return 'refuse'
  const behind = grant.generation - presented
  const supersededAt = grant.supersededAt[behind - 1]
  const recent = supersededAt !== undefined && now - supersededAt <= GRACE_WINDOW
  if (!recent) return 'revoke'
  return behind === 1 ? 'repeat' : 'refuse'
}
