import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decideRefresh, GRACE_WINDOW } from '../../../../lambdas/oauth/token/refresh-decision.ts'
import { SUPERSESSIONS_KEPT, supersede } from '../../../../lambdas/store/grants.ts'

/** Generations 4, 3 and 2 were exchanged at these times. */
const GRANT = { generation: 5, supersededAt: [1000, 960, 950] }

it.each([
  ['AS-07: the current generation is exchanged', 5, 9999, 'rotate'],
  ['AS-24: the one before gets the same successor', 4, 1000, 'repeat'],
  ['AS-24: for 60 s', 4, 1060, 'repeat'],
  ['AS-07: then the family is revoked', 4, 1061, 'revoke'],
  ['AS-07: an older one gets nothing', 3, 1020, 'refuse'],
  ['AS-07: and revokes the family 60 s after its own exchange', 3, 1021, 'revoke'],
  ['AS-07: one older still has its own 60 s, too', 2, 1011, 'revoke'],
  ['AS-07: one so old that nothing is kept of it revokes the family', 1, 1000, 'revoke'],
  ['a generation of the future is refused', 6, 9999, 'refuse'],
])('%s', (_case, presented, now, decision) => {
  expect(decideRefresh(presented, GRANT, now)).toBe(decision)
})

it('AS-07: a damaged time never excuses', () => {
  expect(decideRefresh(4, { generation: 5, supersededAt: [Number.NaN] }, 1000)).toBe('revoke')
})

describe('whatever the history of exchanges', () => {
  /** Seconds between exchanges, then between the last one and what is presented. */
  const history = fc.record({
    waits: fc.array(fc.integer({ min: 0, max: 90 }), { minLength: 1, maxLength: 60 }),
    later: fc.integer({ min: 0, max: 120 }),
    back: fc.nat(),
  })

  /** What really happened, beside what a grant keeps of it. */
  function replay({ waits, later, back }: { waits: readonly number[]; later: number; back: number }) {
    let now = 1_700_000_000
    const truth: number[] = []
    let kept: readonly number[] = []
    for (const wait of waits) {
      now += wait
      truth.push(now)
      kept = supersede(kept, now)
    }
    const presented = back % truth.length
    now += later
    const age = now - (truth[presented] ?? Number.NaN)
    const decision = decideRefresh(presented, { generation: truth.length, supersededAt: kept }, now)
    return { decision, age, behind: truth.length - presented, kept }
  }

  it('AS-07: a generation exchanged more than 60 s ago ends the family', () => {
    fc.assert(
      fc.property(history, (events) => {
        const { decision, age } = replay(events)
        if (age > GRACE_WINDOW) expect(decision).toBe('revoke')
      }),
    )
  })

  it('AS-24: one exchanged within 60 s ends nothing, as long as it is among the newest', () => {
    fc.assert(
      fc.property(history, (events) => {
        const { decision, age, behind } = replay(events)
        if (age <= GRACE_WINDOW && behind <= SUPERSESSIONS_KEPT)
          expect(decision).toBe(behind === 1 ? 'repeat' : 'refuse')
      }),
    )
  })

  it('what is kept is bounded', () => {
    fc.assert(fc.property(history, (events) => replay(events).kept.length <= SUPERSESSIONS_KEPT))
  })
})
