import { describe, expect, it, vi } from 'vitest'
import { makeGate } from '../../../lambdas/authorizer/gate.ts'
import type { TableItems } from '../../../lambdas/authorizer/snapshot.ts'
import { snapshotSource } from '../../../lambdas/authorizer/snapshot-source.ts'
import { CLAIMS, FOREIGN, GATE, HEADER, itemsOf, KID, NO_MCP_HEADERS, NOW, publicJwk, signToken } from './fixtures.ts'

const verifications = vi.hoisted(() => ({ count: 0 }))
vi.mock(import('../../../lambdas/authorizer/crypto.ts'), async (original) => {
  const crypto = await original()
  const verify = ((...parameters: Parameters<typeof crypto.verify>) => {
    verifications.count++
    return crypto.verify(...parameters)
  }) as typeof crypto.verify
  return { ...crypto, verify }
})

function setUp() {
  const state = { now: NOW * 1000, readings: 0, items: itemsOf() as TableItems }
  const clock = () => state.now
  const source = snapshotSource(async () => {
    state.readings++
    return state.items
  }, clock)
  const gate = makeGate(GATE, source, clock)
  const outcome = async (token: string) => {
    const { decision } = await gate({ bearer: { token }, ...NO_MCP_HEADERS })
    return decision.outcome === 'allow' ? 'allow' : `${decision.outcome} ${decision.reason.rule}`
  }
  return { state, gate, outcome }
}
const keysOf = (...keys: unknown[]) => JSON.stringify({ keys })

describe('the gate', () => {
  it('reads the table once for any number of calls in ten seconds', async () => {
    const { state, outcome } = setUp()
    for (let call = 0; call < 20; call++) {
      expect(await outcome(signToken({ ...CLAIMS, jti: `token-${call % 5}` }))).toBe('allow')
      state.now += 499
    }
    expect(state.readings).toBe(1)
  })

  it('reads nothing for a request without a token or with what is none', async () => {
    const { state, gate, outcome } = setUp()
    await gate({ bearer: { refused: 'no Authorization header' }, ...NO_MCP_HEADERS })
    expect(await outcome('opaque-token')).toBe('unauthorized token')
    expect(await outcome(signToken(CLAIMS, { ...HEADER, alg: 'none' }))).toBe('unauthorized token')
    expect(state.readings).toBe(0)
  })

  it('tells the log by which rule, and what was found', async () => {
    const { gate } = setUp()
    const reasonOf = async (bearer: Parameters<typeof gate>[0]['bearer']) => {
      const { decision } = await gate({ bearer, ...NO_MCP_HEADERS })
      return decision.outcome === 'allow' ? undefined : decision.reason
    }
    expect(await reasonOf({ refused: 'no Authorization header' })).toEqual({
      rule: 'token',
      detail: 'no Authorization header',
    })
    const unknown = signToken(CLAIMS, { ...HEADER, kid: 'unknown' })
    expect(await reasonOf({ token: unknown })).toEqual({ rule: 'key', detail: 'no key unknown' })
  })

  it('refuses another key’s signature under our key’s id', async () => {
    const { outcome } = setUp()
    expect(await outcome(signToken(CLAIMS, HEADER, FOREIGN.privateKey))).toBe('unauthorized token')
  })

  it('looks again for an unknown key, once, whatever strangers send', async () => {
    const { state, outcome } = setUp()
    await outcome(signToken())
    state.items = itemsOf({ keys: keysOf({ kid: 'new', jwk: publicJwk(FOREIGN.publicKey) }) })
    const token = signToken(CLAIMS, { ...HEADER, kid: 'new' }, FOREIGN.privateKey)
    expect(await outcome(token)).toBe('allow')
    expect(state.readings).toBe(2)
    for (let stranger = 0; stranger < 20; stranger++)
      expect(await outcome(signToken(CLAIMS, { ...HEADER, kid: `stranger-${stranger}` }))).toBe('unauthorized key')
    expect(state.readings).toBe(2)
  })

  it('remembers the signature and nothing else: each rule is asked at each call', async () => {
    const { state, outcome } = setUp()
    const token = signToken()
    expect(await outcome(token)).toBe('allow')

    const entry = { kind: 'grant', value: CLAIMS.sid, before: NOW, expiresAt: NOW + 660 }
    state.items = itemsOf({ denyEntries: [entry] })
    state.now += 10_000
    expect(await outcome(token)).toBe('unauthorized denied')

    state.items = itemsOf({ keys: keysOf({ kid: 'other', jwk: publicJwk() }) })
    state.now += 10_000
    expect(await outcome(token)).toBe('unauthorized key')

    state.items = itemsOf()
    state.now += 10_000
    expect(await outcome(token)).toBe('allow')
    state.now = CLAIMS.exp * 1000
    expect(await outcome(token)).toBe('unauthorized expired')
  })

  it('verifies the signature of a token once', async () => {
    const { outcome } = setUp()
    const token = signToken()
    verifications.count = 0
    for (let call = 0; call < 5; call++) expect(await outcome(token)).toBe('allow')
    expect(verifications.count).toBe(1)
    await outcome(signToken())
    expect(verifications.count).toBe(2)
  })

  it('stops a key at its end, between two readings too', async () => {
    const { state, outcome } = setUp()
    state.items = itemsOf({ keys: keysOf({ kid: KID, jwk: publicJwk(), expiresAt: NOW + 5 }) })
    const token = signToken()
    expect(await outcome(token)).toBe('allow')
    state.now += 5_000
    expect(await outcome(token)).toBe('unauthorized key')
    expect(state.readings).toBe(1)
  })

  it('does not remember failures: a refused token is judged anew', async () => {
    const { state, outcome } = setUp()
    state.items = itemsOf({ keys: keysOf({ kid: KID, jwk: publicJwk(FOREIGN.publicKey) }) })
    const token = signToken()
    expect(await outcome(token)).toBe('unauthorized token')
    state.items = itemsOf()
    state.now += 10_000
    expect(await outcome(token)).toBe('allow')
  })

  it('says whose token it was only when the signature is ours', async () => {
    const { gate } = setUp()
    const forged = signToken(CLAIMS, HEADER, FOREIGN.privateKey)
    expect(await gate({ bearer: { token: forged }, ...NO_MCP_HEADERS })).not.toHaveProperty('token')
    const expired = signToken({ ...CLAIMS, exp: NOW - 1 })
    expect(await gate({ bearer: { token: expired }, ...NO_MCP_HEADERS })).toHaveProperty('token.claims.sub')
  })

  it('decides nothing without a snapshot, remembered token or not', async () => {
    const { state, outcome } = setUp()
    const token = signToken()
    await outcome(token)
    state.items = itemsOf({ server: undefined })
    state.now += 10_000
    await expect(outcome(token)).rejects.toThrow('no snapshot')
    await expect(outcome(signToken({ ...CLAIMS, jti: 'another' }))).rejects.toThrow('no snapshot')
  })
})
