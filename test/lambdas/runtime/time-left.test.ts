import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { startTimeLeft } from '../../../lambdas/runtime/time-left.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const codeAfter = (milliseconds: number, untilDeadline: number, untilExpiry: number) => {
  const { signal } = startTimeLeft(untilDeadline, untilExpiry)
  vi.advanceTimersByTime(milliseconds)
  return signal.aborted ? signal.reason.code : 'running'
}

describe('startTimeLeft', () => {
  it('ends a second before the deadline', () => {
    expect(codeAfter(28_999, 30_000, 600_000)).toBe('running')
    expect(codeAfter(29_000, 30_000, 600_000)).toBe('timeout')
  })

  it('RS-07: ends with the token, where that is first', () => {
    expect(codeAfter(9_999, 30_000, 10_000)).toBe('running')
    expect(codeAfter(10_000, 30_000, 10_000)).toBe('token_expired')
    expect(codeAfter(0, 30_000, -5)).toBe('token_expired')
    expect(codeAfter(0, 500, 10_000)).toBe('timeout')
  })

  it('does not end what was over before', () => {
    const { signal, end } = startTimeLeft(30_000, 600_000)
    end()
    vi.advanceTimersByTime(60_000)
    expect(signal.aborted).toBe(false)
    expect(vi.getTimerCount()).toBe(0)
  })
})
