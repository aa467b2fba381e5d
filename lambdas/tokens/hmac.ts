import { createHmac } from 'node:crypto'

/**
 * HMAC-SHA-256, base64url, over a purpose and its parts. The purpose separates uses of one key; parts are joined as
 * JSON, so no part can imitate a boundary.
 * @param key 32 bytes, base64url
 */
export function hmac(key: string, purpose: string, ...parts: readonly (string | number)[]): string {
  return createHmac('sha256', Buffer.from(key, 'base64url'))
    .update(JSON.stringify([purpose, ...parts]))
    .digest('base64url')
}
