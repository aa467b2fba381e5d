import { describe, expect, it } from 'vitest'
import type { TableItems } from '../../../lambdas/authorizer/snapshot.ts'
import { SnapshotUnavailable, snapshotSource } from '../../../lambdas/authorizer/snapshot-source.ts'
import { itemsOf, NOW, POLICY } from './fixtures.ts'

/** A table of one variable and a clock that only moves when it is told to. */
function setUp() {
  const state = {
    now: NOW * 1000,
    readings: 0,
    timeLimits: [] as number[],
    answer: async (): Promise<TableItems> => itemsOf(),
  }
  const unreachable = async () => {
    throw new Error('connect ECONNREFUSED')
  }
  const source = snapshotSource(
    (timeLimit) => {
      state.readings++
      state.timeLimits.push(timeLimit)
      return state.answer()
    },
    () => state.now,
  )
  const organisation = async () => (await source.current()).policy.organisation
  return { state, source, organisation, unreachable }
}
const named = (organisation: string) => async () => itemsOf({ policy: JSON.stringify({ ...POLICY, organisation }) })

describe('the snapshot', () => {
  it('is read once in ten seconds, and then again', async () => {
    const { state, organisation } = setUp()
    expect(await organisation()).toBe('Example')
    state.answer = named('Changed')
    state.now += 9_999
    expect(await organisation()).toBe('Example')
    expect(state.readings).toBe(1)
    state.now += 1
    expect(await organisation()).toBe('Changed')
    expect(state.readings).toBe(2)
  })

  it('is as old as the question, not as the answer', async () => {
    const { state, organisation } = setUp()
    state.answer = async () => {
      state.now += 300
      return itemsOf()
    }
    await organisation()
    state.now += 9_700
    await organisation()
    expect(state.readings).toBe(2)
  })

  it('is read once for all who ask at the same time', async () => {
    const { state, source } = setUp()
    await Promise.all([source.current(), source.current(), source.currentForUnknownKey()])
    expect(state.readings).toBe(1)
  })

  it('serves for sixty seconds while the table cannot be reached, and not longer', async () => {
    const { state, organisation, unreachable } = setUp()
    await organisation()
    state.answer = unreachable
    state.now += 59_999
    expect(await organisation()).toBe('Example')
    state.now += 1
    await expect(organisation()).rejects.toThrow(SnapshotUnavailable)
  })

  it('does not serve past sixty seconds that went by while the table was waited for', async () => {
    const { state, organisation } = setUp()
    await organisation()
    state.now += 59_800
    state.answer = async () => {
      state.now += 300
      throw new Error('the time limit')
    }
    await expect(organisation()).rejects.toThrow(SnapshotUnavailable)
  })

  it('may take 300 ms to read while an older one can serve, and two seconds otherwise', async () => {
    const { state, organisation, unreachable } = setUp()
    await organisation()
    state.now += 10_000
    state.answer = unreachable
    await organisation()
    state.now += 50_000
    await organisation().catch(() => {})
    expect(state.timeLimits).toEqual([2_000, 300, 2_000])
  })

  it('is there again as soon as the table is', async () => {
    const { state, organisation, unreachable } = setUp()
    state.answer = unreachable
    await expect(organisation()).rejects.toThrow(SnapshotUnavailable)
    state.answer = named('Back')
    state.now += 1_000
    expect(await organisation()).toBe('Back')
  })

  it('is not sought more than once a second while the table cannot be reached', async () => {
    const { state, organisation, unreachable } = setUp()
    await organisation()
    state.answer = unreachable
    state.now += 10_000
    for (let call = 0; call < 10; call++) await organisation()
    expect(state.readings).toBe(2)
    state.now += 1_000
    await organisation()
    expect(state.readings).toBe(3)
  })

  it.each<[string, Partial<TableItems>]>([
    ['the server is gone', { server: undefined }],
    ['the policy cannot be read', { policy: '{' }],
    ['the keys are gone', { keys: undefined }],
  ])('is withdrawn at once, not served from memory, when the table answers and %s', async (_, changes) => {
    const { state, organisation } = setUp()
    await organisation()
    state.answer = async () => itemsOf(changes)
    state.now += 10_000
    await expect(organisation()).rejects.toThrow(SnapshotUnavailable)
    state.answer = async () => {
      throw new Error('unreachable')
    }
    state.now += 1_000
    await expect(organisation()).rejects.toThrow(SnapshotUnavailable)
  })

  it('is not made fresh by a clock that is set back', async () => {
    const { state, organisation } = setUp()
    await organisation()
    state.now -= 3_600_000
    state.answer = named('Read again')
    expect(await organisation()).toBe('Read again')
  })

  it('says in its error why there is none', async () => {
    const { state, source, unreachable } = setUp()
    state.answer = unreachable
    await expect(source.current()).rejects.toMatchObject({ cause: { message: 'connect ECONNREFUSED' } })
  })
})

describe('for a key that it does not have', () => {
  it('is read again at once, but at most once in ten seconds', async () => {
    const { state, source } = setUp()
    await source.current()
    for (let call = 0; call < 10; call++) await source.currentForUnknownKey()
    expect(state.readings).toBe(2)
    state.now += 9_999
    await source.currentForUnknownKey()
    expect(state.readings).toBe(2)
    state.now += 1
    await source.currentForUnknownKey()
    expect(state.readings).toBe(3)
  })

  it('is the one held where the table cannot be reached', async () => {
    const { state, source, unreachable } = setUp()
    const before = await source.current()
    state.answer = unreachable
    expect(await source.currentForUnknownKey()).toBe(before)
  })
})
