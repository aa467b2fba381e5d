import { describe, expect, it } from 'vitest'
import { formatCode, openCode } from '../../../lambdas/tokens/authorization-code.ts'
import { hmac } from '../../../lambdas/tokens/hmac.ts'
import { sampleKeys, sampleSecretKey } from './sample-keys.ts'

const NOW = 1_000_000
const FLOW = 'abcdef1-0123456789012345678901'

describe('an authorization code', async () => {
  const keys = await sampleKeys()
  const { code, kid } = formatCode(FLOW, keys, NOW)

  it('names its flow, and is the same again', () => {
    expect(openCode(code, keys, NOW)).toBe(FLOW)
    expect(formatCode(FLOW, keys, NOW).code).toBe(code)
  })

  it('is not made with the sealing key itself: no key serves two algorithms', () => {
    const [sealing] = keys.sealing
    expect(code).not.toBe(`${FLOW}.${hmac(String(sealing?.key), 'authorization-code', FLOW)}`)
  })

  it('survives a rotation of the key it was made with', () => {
    const rotated = { ...keys, sealing: [...keys.sealing, sampleSecretKey('seal-2', { useFrom: NOW })] }
    expect(openCode(code, rotated, NOW)).toBe(FLOW)
    expect(formatCode(FLOW, rotated, NOW, kid).code).toBe(code)
    expect(formatCode(FLOW, rotated, NOW).code).not.toBe(code)
  })

  it.each([
    ['another flow', code.replace('abcdef1', 'abcdef2')],
    ['another proof', `${FLOW}.${'A'.repeat(43)}`],
    ['no proof', FLOW],
    ['nothing', ''],
  ])('AS-12: with %s is none', (_case, forged) => {
    expect(openCode(forged, keys, NOW)).toBeUndefined()
  })
})
