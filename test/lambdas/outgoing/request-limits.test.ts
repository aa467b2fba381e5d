import { describe, expect, it } from 'vitest'
import { OutgoingFailed } from '../../../lambdas/outgoing/outgoing-failed.ts'
import { requestLimits } from '../../../lambdas/outgoing/request-limits.ts'

describe('AS-10: limits per host and in flight', () => {
  it('four requests are under way at most, to whomever', () => {
    const limits = requestLimits(() => 0)
    const [leave] = ['a.test', 'b.test', 'c.test', 'd.test'].map((host) => limits.enter(host))
    expect(() => limits.enter('e.test')).toThrow(OutgoingFailed)
    leave?.()
    expect(() => limits.enter('e.test')).not.toThrow()
  })

  it('one host is asked twenty times a minute at most', () => {
    let now = 0
    const limits = requestLimits(() => now)
    const ask = (host: string) => limits.enter(host)()
    for (let count = 0; count < 20; count++) ask('a.test')
    expect(() => ask('a.test')).toThrow(/too many requests/)
    expect(() => ask('b.test')).not.toThrow()
    now = 60_000
    expect(() => ask('a.test')).not.toThrow()
  })

  it('what is remembered is bounded', () => {
    const limits = requestLimits(() => 0)
    for (let count = 0; count < 200; count++) limits.enter(`${count}.test`)()
    expect(() => limits.enter('new.test')).toThrow(/too many requests/)
    expect(() => limits.enter('0.test')).not.toThrow()
  })
})
