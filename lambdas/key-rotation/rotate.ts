import type { KeyPurpose } from '../../model/rotation-token.ts'
import type { KeySet, SecretKey, SigningKey } from '../tokens/key-set.ts'

/** How long what the keys make lives; seconds. */
export interface Lifetimes {
  readonly accessToken: number
  /** From sign-in to the end of a grant. */
  readonly refreshAbsolute: number
}

/** A new key per purpose; a key id is its key's own, so one id never names two keys. */
export interface NewKeys {
  readonly signing: Pick<SigningKey, 'kid' | 'jwk'>
  readonly sealing: Pick<SecretKey, 'kid' | 'key'>
  readonly refresh: Pick<SecretKey, 'kid' | 'key'>
}

/** Seconds until a new key's use begins: by then every instance of the authorization server has read the new set. */
export const LEAD_TIME = 300
/** Seconds for which a verifier may go on with what it has read, and clocks may differ. */
const VERIFIER_CACHE_TIME = 300
/** Seconds from sealing a sign-in under way to its end. */
const SEALED_LIFETIME = 600

/**
 * The next key set: a new key per purpose, an end for the key that it succeeds, and without the keys whose end has
 * passed. A key leaves by time alone, so rotating again and again ends nobody's grant; and where a successor is waiting
 * for its use to begin there is no second one, so the set stays small however often it is rotated.
 * @param current undefined before the first rotation
 * @param now seconds since the epoch
 * @param compromised purposes whose every key is removed at once, the waiting one included: what they made ends
 */
export function rotate(
  current: KeySet | undefined,
  now: number,
  lifetimes: Lifetimes,
  newKeys: NewKeys,
  compromised: readonly KeyPurpose[] = [],
): KeySet {
  const kept = <Key extends { readonly expiresAt?: number | undefined }>(purpose: KeyPurpose, keys: readonly Key[]) =>
    compromised.includes(purpose) ? [] : keys.filter(({ expiresAt }) => expiresAt === undefined || expiresAt > now)
  return {
    version: 1,
    signing: withSuccessor(
      kept('signing', current?.signing ?? []),
      now,
      ({ signFrom }) => signFrom,
      (from) => ({
        ended: { signUntil: from, expiresAt: verifiableUntil(from, lifetimes) },
        successor: { ...newKeys.signing, signFrom: from },
      }),
    ),
    sealing: withSuccessor(
      kept('sealing', current?.sealing ?? []),
      now,
      ({ useFrom }) => useFrom,
      (from) => ({
        ended: { expiresAt: from + SEALED_LIFETIME },
        successor: { ...newKeys.sealing, useFrom: from },
      }),
    ),
    refresh: withSuccessor(
      kept('refresh', current?.refresh ?? []),
      now,
      ({ useFrom }) => useFrom,
      (from) => ({
        ended: { expiresAt: from + lifetimes.refreshAbsolute },
        successor: { ...newKeys.refresh, useFrom: from },
      }),
    ),
  }
}

/**
 * When a signing key leaves the set; seconds since the epoch.
 * @param lastSignature seconds since the epoch
 */
export function verifiableUntil(lastSignature: number, lifetimes: Lifetimes): number {
  return lastSignature + lifetimes.accessToken + VERIFIER_CACHE_TIME
}

/**
 * One purpose's keys with the next one. Its use begins at once where no key is in use: nothing could be signed until
 * then.
 */
function withSuccessor<Key extends { readonly expiresAt?: number | undefined }>(
  keys: readonly Key[],
  now: number,
  beginning: (key: Key) => number,
  at: (from: number) => { readonly ended: Partial<Key>; readonly successor: Key },
): Key[] {
  if (keys.some((key) => beginning(key) > now)) return [...keys]
  const { ended, successor } = at(keys.length === 0 ? now : now + LEAD_TIME)
  return [...keys.map((key) => (key.expiresAt === undefined ? { ...key, ...ended } : key)), successor]
}
