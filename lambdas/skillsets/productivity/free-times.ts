import { Temporal } from 'temporal-polyfill'
import type { Interval } from './interval.ts'

/** In the order of ISO 8601's weekday numbers, which begin with 1. */
export const WEEKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const

export interface WorkingHours {
  readonly timeZone: string
  /** What the zone's clock shows, `HH:MM`; the end is excluded and may be `24:00`. */
  readonly start: string
  readonly end: string
  readonly days: readonly (typeof WEEKDAYS)[number][]
}

/**
 * The stretches of working time that no event takes and that are at least so long, in order.
 * @param duration milliseconds
 */
export function freeTimes(
  range: Interval,
  hours: WorkingHours,
  busy: readonly Interval[],
  duration: number,
): Interval[] {
  const events = busy.toSorted((one, other) => one.from - other.from)
  return joined(workingTimes(range, hours))
    .flatMap((stretch) => gaps(stretch, events))
    .filter(({ from, to }) => to - from >= duration)
}

/**
 * The instants of a range at which the zone's clock shows working hours, in order. On a day when the clock is put
 * forward they may be fewer, when it is put back more.
 */
function workingTimes({ from, to }: Interval, { timeZone, start, end, days }: WorkingHours): Interval[] {
  const stretches: Interval[] = []
  let now = from
  while (now < to) {
    const local = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(timeZone)
    const change = Math.min(local.getTimeZoneTransition('next')?.epochMilliseconds ?? to, to)
    // Until the clock is changed, the next midnight is 24 hours after the last.
    const offset = local.offsetNanoseconds / 1_000_000
    for (let day = local.toPlainDate(); ; day = day.add({ days: 1 })) {
      const midnight = day.toZonedDateTime('UTC').epochMilliseconds - offset
      if (midnight >= change) break
      const weekday = WEEKDAYS[day.dayOfWeek - 1]
      if (weekday === undefined || !days.includes(weekday)) continue
      const stretch = {
        from: Math.max(midnight + sinceMidnight(start), now),
        to: Math.min(midnight + sinceMidnight(end), change),
      }
      if (stretch.from < stretch.to) stretches.push(stretch)
    }
    now = change
  }
  return stretches
}

/** Milliseconds that an `HH:MM` is after midnight. */
function sinceMidnight(clock: string): number {
  const [hours = 0, minutes = 0] = clock.split(':').map(Number)
  return (hours * 60 + minutes) * 60_000
}

/** Stretches of which one ends where the next begins become one, such as those of two days without a night. */
function joined(stretches: readonly Interval[]): Interval[] {
  const whole: Interval[] = []
  for (const stretch of stretches) {
    const before = whole.at(-1)
    if (before?.to === stretch.from) whole[whole.length - 1] = { from: before.from, to: stretch.to }
    else whole.push(stretch)
  }
  return whole
}

/** What events, by their start, leave of a stretch; parts without length included. */
function gaps({ from, to }: Interval, events: readonly Interval[]): Interval[] {
  const left: Interval[] = []
  let free = from
  for (const event of events) {
    if (event.to <= free || event.from >= to) continue
    left.push({ from: free, to: event.from })
    free = event.to
  }
  return [...left, { from: free, to }]
}
