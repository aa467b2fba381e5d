import type { KeySet } from './key-set.ts'
import { KeysUnavailable, parseKeySet } from './key-set.ts'

/**
 * How long a set is used before the secret is read again. Short, because a compromised key must leave; a new key's use
 * begins five minutes after it is in the secret, so every instance has read it by then.
 */
const FRESH_SECONDS = 60
/** How long a set is used while the secret cannot be read. */
const STALE_SECONDS = 300

export interface KeysReader {
  /** @throws KeysUnavailable where there is no set that may still be used */
  read(): Promise<KeySet>
}

/**
 * Reads the keys secret, cached in memory; parallel readers share one call.
 * @param readSecret the secret's text
 * @param now seconds since the epoch
 */
export function keysReader(readSecret: () => Promise<string>, now: () => number): KeysReader {
  let cached: { readonly keys: KeySet; readonly at: number } | undefined
  let reading: Promise<KeySet> | undefined

  async function refresh(): Promise<KeySet> {
    try {
      const keys = parseKeySet(await readSecret())
      cached = { keys, at: now() }
      return keys
    } catch (cause) {
      if (cached !== undefined && now() - cached.at < STALE_SECONDS) return cached.keys
      throw cause instanceof KeysUnavailable ? cause : new KeysUnavailable('the keys secret cannot be read', { cause })
    }
  }

  return {
    async read() {
      if (cached !== undefined && now() - cached.at < FRESH_SECONDS) return cached.keys
      reading ??= refresh().finally(() => {
        reading = undefined
      })
      return reading
    },
  }
}
