import { makeSnapshot, type Snapshot, type TableItems } from './snapshot.ts'

/** Milliseconds. Within this time a change of rules, a block or a revocation acts on tokens already issued. */
const FRESH_FOR = 10_000
/** Milliseconds during which a snapshot may still serve while the table cannot be reached. */
const USABLE_FOR = 60_000
/** Milliseconds that a reading may take: a caller waits for it, and an older snapshot is at hand. */
const TIME_LIMIT = 300
/** Milliseconds where none is at hand: then the wait is better than a 503, as at an instance's first call. */
const TIME_LIMIT_WITHOUT_SNAPSHOT = 2_000
/** Milliseconds after a failed reading before the next one: an outage must not cost every caller the time limit. */
const PAUSE_AFTER_FAILURE = 1_000

/** No snapshot that may be used: the gate can decide nothing, neither yes nor no. */
export class SnapshotUnavailable extends Error {
  override readonly name = 'SnapshotUnavailable'
}

/** Both reject with {@link SnapshotUnavailable}. */
export interface SnapshotSource {
  /** The snapshot to decide with. Reads the table when the one held is 10 s old, not before. */
  current(): Promise<Snapshot>
  /**
   * The snapshot to look for a key in that {@link current} does not have: a key may be seconds old when it is the first
   * one or replaces a compromised one. Reads at most once per 10 s, whatever strangers put into their tokens.
   */
  currentForUnknownKey(): Promise<Snapshot>
}

/**
 * @param read reads the table within a time limit (milliseconds); rejects when it cannot be reached
 * @param clock milliseconds since the epoch. The wall clock: a monotonic one may stand still while Lambda freezes the
 *   instance, and a snapshot must not stay fresh over that
 */
export function snapshotSource(read: (timeLimit: number) => Promise<TableItems>, clock: () => number): SnapshotSource {
  let held: { readonly snapshot: Snapshot; readonly readAt: number } | undefined
  let failure: { readonly cause: unknown; readonly at: number } | undefined
  let soughtKeyAt: number | undefined
  let reading: Promise<void> | undefined

  function refresh(): Promise<void> {
    reading ??= readTable().finally(() => {
      reading = undefined
    })
    return reading
  }

  async function readTable(): Promise<void> {
    // What the table says is as old as the question.
    const readAt = clock()
    let items: TableItems
    try {
      items = await read(within(held?.readAt, USABLE_FOR) ? TIME_LIMIT : TIME_LIMIT_WITHOUT_SNAPSHOT)
    } catch (cause) {
      failure = { cause, at: readAt }
      return
    }
    try {
      held = { snapshot: makeSnapshot(items, Math.floor(readAt / 1000)), readAt }
      failure = undefined
    } catch (cause) {
      held = undefined
      failure = { cause, at: readAt }
    }
  }

  function usable(): Snapshot {
    if (held === undefined || !within(held.readAt, USABLE_FOR))
      throw new SnapshotUnavailable('no snapshot of the table may be used', { cause: failure?.cause })
    return held.snapshot
  }

  /** A clock that was set back makes nothing fresh. */
  function within(since: number | undefined, milliseconds: number): boolean {
    if (since === undefined) return false
    const age = clock() - since
    return age >= 0 && age < milliseconds
  }

  return {
    async current() {
      if (!within(held?.readAt, FRESH_FOR) && !within(failure?.at, PAUSE_AFTER_FAILURE)) await refresh()
      return usable()
    },
    async currentForUnknownKey() {
      if (!within(soughtKeyAt, FRESH_FOR)) {
        soughtKeyAt = clock()
        await refresh()
      }
      return usable()
    },
  }
}
