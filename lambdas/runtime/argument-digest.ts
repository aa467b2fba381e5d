import { createHmac, createSecretKey, hash, hkdfSync, type KeyObject } from 'node:crypto'

/** SHA-256, base64url, of a call's arguments, whatever the order of their names: it tells calls apart, not values. */
export function argumentDigest(value: unknown): string {
  return hash('sha256', sortedJson(value), 'base64url')
}

/** The same with a key: without it nobody finds out by trying what was digested. */
export function keyedArgumentDigest(value: unknown, key: KeyObject): string {
  return createHmac('sha256', key).update(sortedJson(value)).digest('base64url')
}

/** The key of a server's audit, made of the one that it seals with (HKDF-SHA-256, RFC 5869). */
export function argumentDigestKey(conversationKey: Buffer): KeyObject {
  return createSecretKey(Buffer.from(hkdfSync('sha256', conversationKey, '', 'mcp audit', 32)))
}

function sortedJson(value: unknown): string {
  return JSON.stringify(value, sortNames) ?? ''
}

function sortNames(_name: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)))
}
