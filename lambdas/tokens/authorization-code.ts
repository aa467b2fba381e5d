import { hkdfSync } from 'node:crypto'
import { hmac } from './hmac.ts'
import { type KeySet, secretKeyAt, usableSecretKeys } from './key-set.ts'
import { onceForEach } from './once-for-each.ts'
import { equalSecrets } from './secrets.ts'

const PURPOSE = 'authorization-code'
const CODE = /^([A-Za-z0-9_-]{16,64})\.([A-Za-z0-9_-]{43})$/

/**
 * The authorization code of a flow: `flow id . HMAC`. It is the same however often it is made, so nothing secret is
 * stored and a page that is reloaded gets the same code.
 * @param kid the key that first made it, so that a rotation in between does not change it
 * @param now seconds since the epoch
 * @throws KeysUnavailable where no sealing key is in use
 */
export function formatCode(flowId: string, keys: KeySet, now: number, kid?: string): { code: string; kid: string } {
  const key = usableSecretKeys(keys, 'sealing', now).find((usable) => usable.kid === kid)
  const chosen = key ?? secretKeyAt(keys, 'sealing', now)
  return { code: `${flowId}.${codeProof(chosen.key, flowId)}`, kid: chosen.kid }
}

/**
 * The flow that a code belongs to.
 * @returns undefined for whatever the factory did not make itself: no table read is spent on it
 */
export function openCode(code: string, keys: KeySet, now: number): string | undefined {
  const [, flowId, proof] = CODE.exec(code) ?? []
  if (flowId === undefined || proof === undefined) return undefined
  const genuine = usableSecretKeys(keys, 'sealing', now).some(({ key }) => equalSecrets(codeProof(key, flowId), proof))
  return genuine ? flowId : undefined
}

function codeProof(sealingKey: string, flowId: string): string {
  return hmac(codeKey(sealingKey), PURPOSE, flowId)
}

/**
 * Sealing keys encrypt; what makes an HMAC is derived from one, so that no key serves two algorithms (RFC 5869). It takes
 * longer than the HMAC.
 */
const codeKey = onceForEach((sealingKey) =>
  Buffer.from(hkdfSync('sha256', Buffer.from(sealingKey, 'base64url'), '', PURPOSE, 32)).toString('base64url'),
)
