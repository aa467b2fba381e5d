import * as z from 'zod/mini'
import { parseJson } from '../../model/parse-json.ts'
import { base64url, keyId, publicJwkFields } from './public-keys.ts'

/**
 * The keys secret: every key of the factory, one list per purpose. Written by the rotation function, read by the
 * authorization server. All times are seconds since the epoch.
 */
const timestamp = z.number()
/** 32 bytes: A256GCM and HMAC-SHA-256. */
const symmetricKey = z.string().check(z.regex(/^[A-Za-z0-9_-]{43}$/))
const privateJwk = z.object({ ...publicJwkFields, d: base64url })

const signingKey = z.object({
  kid: keyId,
  jwk: privateJwk,
  signFrom: timestamp,
  /** Absent until a successor is there: the last second of its use. */
  signUntil: z.optional(timestamp),
  /** Absent until a successor is there: when it leaves the set. */
  expiresAt: z.optional(timestamp),
})

const secretKey = z.object({
  kid: keyId,
  key: symmetricKey,
  useFrom: timestamp,
  /** Absent until a successor is there: when it opens and verifies nothing any more. */
  expiresAt: z.optional(timestamp),
})

export const keySetDocument = z.object({
  version: z.literal(1),
  signing: z.array(signingKey),
  sealing: z.array(secretKey),
  refresh: z.array(secretKey),
})
export type KeySet = z.infer<typeof keySetDocument>
export type SigningKey = KeySet['signing'][number]
export type SecretKey = KeySet['sealing'][number]
export type PrivateJwk = SigningKey['jwk']

/** The keys secret holds no usable set: the first rotation has not run, or a purpose has no key for this time. */
export class KeysUnavailable extends Error {
  override readonly name = 'KeysUnavailable'
}

/**
 * Reads the secret's text.
 * @throws KeysUnavailable for anything else than a key set, the placeholder before the first rotation included; the
 *   message never holds any of the text
 */
export function parseKeySet(secret: string): KeySet {
  const result = keySetDocument.safeParse(parseJson(secret))
  if (!result.success) throw new KeysUnavailable('the keys secret holds no key set')
  return result.data
}

/**
 * The key to sign with: the newest whose time has come and whose end has not.
 * @param now seconds since the epoch
 * @throws KeysUnavailable where there is none
 */
export function signingKeyAt(keys: KeySet, now: number): SigningKey {
  return newest(
    keys.signing.filter((key) => !ended(key.signUntil, now) && !ended(key.expiresAt, now)),
    ({ signFrom }) => signFrom,
    now,
    'signing',
  )
}

/**
 * The key to seal or to make an HMAC with: the newest whose time has come.
 * @param now seconds since the epoch
 * @throws KeysUnavailable where there is none
 */
export function secretKeyAt(keys: KeySet, purpose: 'sealing' | 'refresh', now: number): SecretKey {
  return newest(usableSecretKeys(keys, purpose, now), ({ useFrom }) => useFrom, now, purpose)
}

/** The keys that still open or verify, newest first. */
export function usableSecretKeys(keys: KeySet, purpose: 'sealing' | 'refresh', now: number): SecretKey[] {
  return keys[purpose]
    .filter(({ expiresAt }) => !ended(expiresAt, now))
    .toSorted((one, other) => other.useFrom - one.useFrom)
}

function newest<Key>(keys: readonly Key[], from: (key: Key) => number, now: number, purpose: string): Key {
  const [key] = keys.filter((candidate) => from(candidate) <= now).toSorted((one, other) => from(other) - from(one))
  if (key === undefined) throw new KeysUnavailable(`no ${purpose} key is in use at this time`)
  return key
}

function ended(end: number | undefined, now: number): boolean {
  return end !== undefined && end <= now
}
