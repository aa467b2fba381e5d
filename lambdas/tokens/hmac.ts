import { createHmac, createSecretKey } from 'node:crypto'
import { onceForEach } from './once-for-each.ts'

/**
 * HMAC-SHA-256, base64url, over a purpose and its parts. The purpose separates uses of one key; parts are joined as
 * JSON, so no part can imitate a boundary.
 * @param key 32 bytes, base64url
 */
export function hmac(key: string, purpose: string, ...parts: readonly (string | number)[]): string {
  return createHmac('sha256', imported(key))
    .update(JSON.stringify([purpose, ...parts]))
    .digest('base64url')
}

/** Of bytes Node finds out by an exception that they are no KeyObject: with them it takes five times as long. */
const imported = onceForEach((key) => createSecretKey(key, 'base64url'))
