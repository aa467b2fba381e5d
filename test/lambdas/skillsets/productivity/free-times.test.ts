import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { freeTimes, WEEKDAYS, type WorkingHours } from '../../../../lambdas/skillsets/productivity/free-times.ts'
import type { Interval } from '../../../../lambdas/skillsets/productivity/interval.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

/** Zones, and instants at which their clocks were or will be changed. */
const CHANGES = [
  ['Europe/Berlin', '2027-03-28T01:00Z'],
  ['Europe/Berlin', '2027-10-31T01:00Z'],
  ['America/New_York', '2027-03-14T07:00Z'],
  ['America/New_York', '2027-11-07T06:00Z'],
  // Half an hour.
  ['Australia/Lord_Howe', '2027-04-03T15:00Z'],
  ['Australia/Lord_Howe', '2027-10-02T15:30Z'],
  // At midnight.
  ['America/Santiago', '2027-04-04T03:00Z'],
  ['America/Santiago', '2027-09-05T04:00Z'],
  // A whole day left out.
  ['Pacific/Apia', '2011-12-30T10:00Z'],
  // Never.
  ['Asia/Kathmandu', '2027-01-01T00:00Z'],
] as const

const minutes = (max: number, min = 0) => fc.integer({ min, max }).map((count) => count * MINUTE)
const clock = fc
  .integer({ min: 0, max: 96 })
  .map(
    (quarters) =>
      `${String(Math.floor(quarters / 4)).padStart(2, '0')}:${String((quarters % 4) * 15).padStart(2, '0')}`,
  )

const question = fc
  .record({
    change: fc.constantFrom(...CHANGES),
    before: minutes(36 * 60),
    length: minutes(72 * 60, 1),
    hours: fc.uniqueArray(clock, { minLength: 2, maxLength: 2 }).map((both) => both.sort()),
    days: fc.subarray([...WEEKDAYS], { minLength: 1 }),
    busy: fc.array(fc.tuple(minutes(110 * 60), minutes(600, 1)), { maxLength: 8 }),
    duration: minutes(600, 1),
  })
  .map(({ change: [timeZone, instant], before, length, hours: [start = '', end = ''], days, busy, duration }) => {
    const from = Date.parse(instant) - before
    return {
      range: { from, to: from + length },
      hours: { timeZone, start, end, days },
      // Some begin before the range.
      busy: busy.map(([offset, lasting]) => {
        const begin = from - 2 * HOUR + offset
        return { from: begin, to: begin + lasting }
      }),
      duration,
    }
  })

/** The same by brute force: each minute of the range on its own, by another clock than the one that is tested. */
function minuteByMinute(range: Interval, hours: WorkingHours, busy: readonly Interval[], duration: number): Interval[] {
  const shown = new Intl.DateTimeFormat('en-US', {
    timeZone: hours.timeZone,
    weekday: 'long',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  })
  const isFree = (minute: number) => {
    const [weekday = '', time = ''] = shown
      .format(minute)
      .toLowerCase()
      .split(/,? (?:at )?/)
    const isWorkingTime = hours.days.some((day) => day === weekday) && time >= hours.start && time < hours.end
    return isWorkingTime && !busy.some(({ from, to }) => from <= minute && minute < to)
  }
  const found: Interval[] = []
  for (let minute = range.from; minute < range.to; minute += MINUTE) {
    if (!isFree(minute)) continue
    const last = found.at(-1)
    if (last?.to === minute) found[found.length - 1] = { from: last.from, to: minute + MINUTE }
    else found.push({ from: minute, to: minute + MINUTE })
  }
  return found.filter(({ from, to }) => to - from >= duration)
}

describe('free times', () => {
  it('are what counting minute by minute finds, over changes of the clock', () => {
    fc.assert(
      fc.property(question, ({ range, hours, busy, duration }) => {
        expect(freeTimes(range, hours, busy, duration)).toEqual(minuteByMinute(range, hours, busy, duration))
      }),
      { numRuns: 150 },
    )
  })

  it('lie in the range, overlap no event, are long enough, and stand in order and apart', () => {
    fc.assert(
      fc.property(question, ({ range, hours, busy, duration }) => {
        let last = Number.NEGATIVE_INFINITY
        for (const { from, to } of freeTimes(range, hours, busy, duration)) {
          expect(from).toBeGreaterThan(last)
          expect(from).toBeGreaterThanOrEqual(range.from)
          expect(to).toBeLessThanOrEqual(range.to)
          expect(to - from).toBeGreaterThanOrEqual(duration)
          expect(busy.filter((event) => event.from < to && event.to > from)).toEqual([])
          last = to
        }
      }),
    )
  })

  const berlin = { timeZone: 'Europe/Berlin', days: WEEKDAYS }
  const utc = (time: string) => Date.parse(`${time}:00Z`)

  it.each([
    ['02:30 to 05:00 in the night without it begins at 03:00', '2027-03-28', '02:30', '05:00', [['01:00', '03:00']]],
    ['01:00 to 02:30 in that night ends at 02:00', '2027-03-28', '01:00', '02:30', [['00:00', '01:00']]],
    [
      '02:30 to 05:00 in the night with two of it comes in two parts',
      '2027-10-31',
      '02:30',
      '05:00',
      [
        ['00:30', '01:00'],
        ['01:30', '04:00'],
      ],
    ],
  ])('%s', (_case, day, start, end, expected) => {
    const range = { from: utc(`${day}T00:00`) - 2 * HOUR, to: utc(`${day}T20:00`) }
    expect(freeTimes(range, { ...berlin, start, end }, [], MINUTE)).toEqual(
      expected.map(([from, to]) => ({ from: utc(`${day}T${from}`), to: utc(`${day}T${to}`) })),
    )
  })

  it('go on over midnight where both days are worked through', () => {
    const range = { from: utc('2027-03-26T12:00'), to: utc('2027-03-29T12:00') }
    expect(freeTimes(range, { ...berlin, start: '00:00', end: '24:00' }, [], MINUTE)).toEqual([range])
  })
})
