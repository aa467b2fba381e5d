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
 * The next key set: a new key per purpose, an end for each key that had none, and without the keys whose end has passed.
 * A key leaves by time alone, never by the number of rotations, so rotating again and again ends nobody's grant.
 * @param current undefined before the first rotation
 * @param now seconds since the epoch
 */
export function rotate(current: KeySet | undefined, now: number, lifetimes: Lifetimes, newKeys: NewKeys): KeySet {
  const signing = notExpired(current?.signing ?? [], now)
  const sealing = notExpired(current?.sealing ?? [], now)
  const refresh = notExpired(current?.refresh ?? [], now)
  const signFrom = beginning(
    signing.map((key) => key.signFrom),
    now,
  )
  return {
    version: 1,
    signing: [
      ...signing.map((key) =>
        key.expiresAt === undefined
          ? { ...key, signUntil: signFrom, expiresAt: verifiableUntil(signFrom, lifetimes) }
          : key,
      ),
      { ...newKeys.signing, signFrom },
    ],
    sealing: succeeded(sealing, newKeys.sealing, now, SEALED_LIFETIME),
    refresh: succeeded(refresh, newKeys.refresh, now, lifetimes.refreshAbsolute),
  }
}

/**
 * When a signing key leaves the set; seconds since the epoch.
 * @param lastSignature seconds since the epoch
 */
export function verifiableUntil(lastSignature: number, lifetimes: Lifetimes): number {
  return lastSignature + lifetimes.accessToken + VERIFIER_CACHE_TIME
}

function succeeded(
  keys: readonly SecretKey[],
  successor: Pick<SecretKey, 'kid' | 'key'>,
  now: number,
  retention: number,
): SecretKey[] {
  const useFrom = beginning(
    keys.map((key) => key.useFrom),
    now,
  )
  return [
    ...keys.map((key) => (key.expiresAt === undefined ? { ...key, expiresAt: useFrom + retention } : key)),
    { ...successor, useFrom },
  ]
}

/**
 * At once where no key is in use: nothing could be signed until then. Otherwise after every other beginning: of two keys
 * that began in one second, readers could take either for the newest.
 */
function beginning(beginnings: readonly number[], now: number): number {
  if (!beginnings.some((from) => from <= now)) return now
  return Math.max(now + LEAD_TIME, ...beginnings.map((from) => from + 1))
}

function notExpired<Key extends { readonly expiresAt?: number | undefined }>(keys: readonly Key[], now: number): Key[] {
  return keys.filter(({ expiresAt }) => expiresAt === undefined || expiresAt > now)
}
