import { describe, expect, it } from 'vitest'
import { formatRefreshToken, parseRefreshToken, verifyRefreshToken } from '../../../lambdas/tokens/refresh-token.ts'
import { randomId } from '../../../lambdas/tokens/secrets.ts'
import { sampleKeys, sampleSecretKey } from './sample-keys.ts'

const NOW = 1_000_000
const BINDING = { grantId: randomId(), clientId: 'client', salt: 'salt' }

describe('a refresh token', async () => {
  const keys = await sampleKeys()
  const { token, kid } = formatRefreshToken(BINDING, 3, keys, NOW)
  const parsed = parseRefreshToken(token)
  if (parsed === undefined) throw new Error('not parsed')

  it('AS-24: is the same again, so that a lost reply can be repeated', () => {
    expect(formatRefreshToken(BINDING, 3, keys, NOW).token).toBe(token)
    expect(parsed).toMatchObject({ kid: 'refresh-1', grantId: BINDING.grantId, generation: 3 })
    expect(verifyRefreshToken(parsed, BINDING, keys, NOW)).toBe(true)
  })

  it.each([
    ['another client', { ...BINDING, clientId: 'other' }, {}],
    ['another salt', { ...BINDING, salt: 'other' }, {}],
    ['another grant', { ...BINDING, grantId: randomId() }, {}],
    ['another generation', BINDING, { generation: 4 }],
    ['another proof', BINDING, { proof: 'A'.repeat(43) }],
    ['a key that is gone', BINDING, { kid: 'refresh-0' }],
  ])('AS-07: does not verify with %s', (_case, binding, change) => {
    expect(verifyRefreshToken({ ...parsed, ...change }, binding, keys, NOW)).toBe(false)
  })

  it('outlives a rotation, and repeats with the key it was made with', () => {
    const [old] = keys.refresh
    if (old === undefined) throw new Error('no key')
    const rotated = {
      ...keys,
      refresh: [{ ...old, expiresAt: NOW + 100 }, sampleSecretKey('refresh-2', { useFrom: NOW })],
    }
    expect(verifyRefreshToken(parsed, BINDING, rotated, NOW)).toBe(true)
    expect(formatRefreshToken(BINDING, 3, rotated, NOW, kid).token).toBe(token)
    expect(formatRefreshToken(BINDING, 4, rotated, NOW).kid).toBe('refresh-2')
    expect(verifyRefreshToken(parsed, BINDING, rotated, NOW + 100)).toBe(false)
  })

  it.each([
    '',
    'a.b.c.d',
    `${token}.more`,
    token.replace('.3.', '.03.'),
    token.replace('.3.', '.-1.'),
  ])('of another form is none: %s', (value) => {
    expect(parseRefreshToken(value)).toBeUndefined()
  })
})
