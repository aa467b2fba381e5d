import { hmac } from './hmac.ts'
import { type KeySet, secretKeyAt, usableSecretKeys } from './key-set.ts'
import { equalSecrets } from './secrets.ts'

const PURPOSE = 'refresh-token'
const TOKEN = /^([A-Za-z0-9_-]{1,64})\.([0-9a-f]{32})\.(0|[1-9][0-9]{0,9})\.([A-Za-z0-9_-]{43})$/

/** What a refresh token says of itself; `proof` shows that the factory made it for this client. */
export interface RefreshToken {
  readonly kid: string
  readonly grantId: string
  readonly generation: number
  readonly proof: string
}

/** What the proof is made over, beside grant and generation. */
export interface RefreshBinding {
  readonly grantId: string
  readonly clientId: string
  /** Random, in the grant's item: who has the key alone can make no token. */
  readonly salt: string
}

/** Splits a refresh token, `kid . grant . generation . HMAC`; undefined for anything of another form. */
export function parseRefreshToken(token: string): RefreshToken | undefined {
  const [, kid, grantId, generation, proof] = TOKEN.exec(token) ?? []
  if (kid === undefined || grantId === undefined || generation === undefined || proof === undefined) return undefined
  return { kid, grantId, generation: Number(generation), proof }
}

/**
 * The refresh token of a generation. The same inputs give the same token, so that a lost reply can be repeated.
 * @param kid the key that first made this generation, where it still verifies
 * @param now seconds since the epoch
 * @throws KeysUnavailable where no refresh key is in use
 */
export function formatRefreshToken(
  binding: RefreshBinding,
  generation: number,
  keys: KeySet,
  now: number,
  kid?: string,
): { token: string; kid: string } {
  const key = usableSecretKeys(keys, 'refresh', now).find((usable) => usable.kid === kid)
  const chosen = key ?? secretKeyAt(keys, 'refresh', now)
  const proof = hmac(chosen.key, PURPOSE, binding.grantId, generation, binding.clientId, binding.salt)
  return { token: `${chosen.kid}.${binding.grantId}.${generation}.${proof}`, kid: chosen.kid }
}

/** Whether the factory made this token for this grant and client. An unknown or ended key verifies nothing. */
export function verifyRefreshToken(token: RefreshToken, binding: RefreshBinding, keys: KeySet, now: number): boolean {
  const key = usableSecretKeys(keys, 'refresh', now).find(({ kid }) => kid === token.kid)
  if (key === undefined || token.grantId !== binding.grantId) return false
  const expected = hmac(key.key, PURPOSE, binding.grantId, token.generation, binding.clientId, binding.salt)
  return equalSecrets(expected, token.proof)
}
