import type { KeySet } from './key-set.ts'
import { KeysUnavailable, parseKeySet } from './key-set.ts'

/**
 * How long a set is used before the secret is read again. As short as the gates' snapshot: a compromised key must leave,
 * and a token signed with it is refused at the gates from then on.
 */
const FRESH_SECONDS = 10
/** How long a set is used while the secret cannot be read. A new key's use begins no sooner. */
const STALE_SECONDS = 300

export interface KeysReader {
  /**
   * The set to sign and to seal with.
   * @throws KeysUnavailable where there is no set that may still be used
   */
  read(): Promise<KeySet>
  /**
   * Seeks with the set held and, where nothing is found, once more with the secret read anew: another instance may have
   * read a newer set before this one, and used its keys. Anew at most once in ten seconds, whatever strangers send.
   * @param seek returns undefined where the keys verify or open nothing
   * @throws KeysUnavailable where there is no set that may still be used
   */
  find<Found>(seek: (keys: KeySet) => Found | undefined): Promise<Found | undefined>
}

/**
 * Reads the keys secret, cached in memory; parallel readers share one call.
 * @param readSecret the secret's text
 * @param now seconds since the epoch
 */
export function keysReader(readSecret: () => Promise<string>, now: () => number): KeysReader {
  let held: { readonly keys: KeySet; readonly at: number } | undefined
  let askedAt = Number.NEGATIVE_INFINITY
  let soughtAt = Number.NEGATIVE_INFINITY
  let reading: Promise<KeySet> | undefined

  function readAnew(): Promise<KeySet> {
    reading ??= ask().finally(() => {
      reading = undefined
    })
    return reading
  }

  async function ask(): Promise<KeySet> {
    const at = now()
    askedAt = at
    try {
      const keys = parseKeySet(await readSecret())
      held = { keys, at }
      return keys
    } catch (cause) {
      if (held !== undefined && now() - held.at < STALE_SECONDS) return held.keys
      throw cause instanceof KeysUnavailable ? cause : new KeysUnavailable('the keys secret cannot be read', { cause })
    }
  }

  async function read(): Promise<KeySet> {
    // A failure is not asked about again at once either: an outage must not cost every caller the time limit.
    const fresh = now() - askedAt < FRESH_SECONDS
    if (held !== undefined && fresh && now() - held.at < STALE_SECONDS) return held.keys
    return readAnew()
  }

  return {
    read,
    async find(seek) {
      const keys = await read()
      const found = seek(keys)
      if (found !== undefined || now() - soughtAt < FRESH_SECONDS) return found
      soughtAt = now()
      return seek(await readAnew())
    },
  }
}
