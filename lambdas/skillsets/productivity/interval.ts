import { Temporal } from 'temporal-polyfill'
import { AbilityError } from '../../runtime/ability-error.ts'
import { instantOf, isDate, refuseOtherOffset, resolveTime } from './event-time.ts'

/** From one instant to another, which is excluded; milliseconds since the epoch. */
export interface Interval {
  readonly from: number
  readonly to: number
}

/** When an event or a range begins and ends, with the zone for what has no offset. */
interface Times {
  readonly start: string
  readonly end: string
  readonly timeZone?: string | undefined
}

/** The longest an event may last; a listing looks back this far for events that are still going on. */
export const LONGEST_EVENT_DAYS = 31

/** The time that resolved times take. */
export function intervalOf({ start, end, timeZone }: Times): Interval {
  return { from: instantOf(start, timeZone), to: instantOf(end, timeZone) }
}

/**
 * An event's content with its times resolved.
 * @throws AbilityError `invalid_time_range` for an event that ends before it starts, is too long, or has a date on one
 * side only; `time_zone_mismatch`, and what {@link resolveTime} throws
 */
export function resolveEvent<Content extends Times>(content: Content): Content {
  const { timeZone } = content
  const resolved = {
    ...content,
    start: resolveTime(content.start, timeZone),
    end: resolveTime(content.end, timeZone),
  }
  if (isDate(resolved.start) !== isDate(resolved.end))
    throw new AbilityError(
      'invalid_time_range',
      `Of start ${content.start} and end ${content.end}, one is a date and one a time.`,
      'Pass two dates for an event of whole days, two times for any other.',
    )
  if (timeZone !== undefined) for (const time of [resolved.start, resolved.end]) refuseOtherOffset(time, timeZone)
  refuseLength(resolved, LONGEST_EVENT_DAYS)
  return resolved
}

/**
 * The interval of a range that a caller asks about. An offset in it need not be the zone's.
 * @throws AbilityError `invalid_time_range` for a range that is empty or too long, and what {@link resolveTime} throws
 */
export function resolveRange(from: string, to: string, timeZone: string | undefined, mostDays: number): Interval {
  const range = { start: resolveTime(from, timeZone), end: resolveTime(to, timeZone), timeZone }
  refuseLength(range, mostDays)
  return intervalOf(range)
}

/** Days are counted on the zone's calendar, where one may have 23 or 25 hours. */
function refuseLength(times: Times, mostDays: number): void {
  const { from, to } = intervalOf(times)
  if (to <= from)
    throw new AbilityError(
      'invalid_time_range',
      `${times.end} is not after ${times.start}.`,
      isDate(times.end)
        ? 'The last date is excluded: the one day 2026-11-30 ends with 2026-12-01.'
        : 'Pass an end that is later; to move an event, pass its start and its end.',
    )
  const first = Temporal.Instant.fromEpochMilliseconds(from).toZonedDateTimeISO(times.timeZone ?? 'UTC')
  if (to > first.add({ days: mostDays }).epochMilliseconds)
    throw new AbilityError(
      'invalid_time_range',
      `${times.start} to ${times.end} is more than ${mostDays} days.`,
      `Pass at most ${mostDays} days, and what is longer in parts.`,
    )
}
