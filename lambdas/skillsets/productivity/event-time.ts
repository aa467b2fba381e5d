import { Temporal } from 'temporal-polyfill'
import { AbilityError } from '../../runtime/ability-error.ts'

/**
 * A date, a wall-clock time (seconds may be left out) or RFC 3339. The years keep four digits in UTC, so that instants
 * sort as text.
 */
export const TIME = /^(?:19|20|21)\d\d-\d\d-\d\d(?:T\d\d:\d\d|T\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)?)?$/
const OFFSET = /(?:Z|[+-]\d\d:\d\d)$/

/** A date stands for the beginning of its day; an event from one to another takes whole days. */
export const isDate = (time: string) => !time.includes('T')

/** Whether a text of the form {@link TIME} is in the calendar and on the clock. */
export function isPossible(time: string): boolean {
  try {
    if (OFFSET.test(time)) Temporal.Instant.from(time)
    else Temporal.PlainDateTime.from(time)
    return true
  } catch {
    return false
  }
}

/** Whether the runtime knows an IANA time zone of this name; bare offsets are not zones. */
export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return /^[A-Za-z]/.test(name)
  } catch {
    return false
  }
}

/**
 * Gives a wall-clock time the offset that its zone has then; RFC 3339 and dates stay as they are.
 * @throws AbilityError `time_zone_required` where a zone is needed and none is given; `nonexistent_time` and
 * `ambiguous_time` for what the zone's clock skips or shows twice: RFC 5545 §3.3.5 guesses, a person can be asked
 */
export function resolveTime(time: string, timeZone: string | undefined): string {
  if (OFFSET.test(time)) return time
  if (timeZone === undefined)
    throw new AbilityError(
      'time_zone_required',
      `${time} is another moment in each time zone, and no timeZone was passed.`,
      'Pass timeZone, such as Europe/Berlin; ask the person where it is unclear.',
    )
  return isDate(time) ? time : withOffset(time, timeZone)
}

/** The instant of a resolved time, in milliseconds since the epoch. In some zones a day may not begin at midnight. */
export function instantOf(time: string, timeZone = 'UTC'): number {
  const at = isDate(time) ? Temporal.PlainDate.from(time).toZonedDateTime(timeZone) : Temporal.Instant.from(time)
  return at.epochMilliseconds
}

/** RFC 3339 with the offset that the zone has then. */
export function formatInstant(milliseconds: number, timeZone: string): string {
  return Temporal.Instant.fromEpochMilliseconds(milliseconds).toString({ timeZone })
}

/**
 * Refuses a resolved time whose offset is not its zone's. `Z` agrees with every zone: it states the instant alone
 * (RFC 9557 §2.1).
 * @throws AbilityError `time_zone_mismatch`
 */
export function refuseOtherOffset(time: string, timeZone: string): void {
  if (isDate(time) || time.endsWith('Z')) return
  const { offset } = Temporal.Instant.from(time).toZonedDateTimeISO(timeZone)
  if (time.endsWith(offset)) return
  throw new AbilityError(
    'time_zone_mismatch',
    `${time} does not have the offset that ${timeZone} has then, which is ${offset}.`,
    `Write the time without an offset, as the clock in ${timeZone} shows it, or in UTC with Z.`,
  )
}

function withOffset(time: string, timeZone: string): string {
  const shown = Temporal.PlainDateTime.from(time)
  const earlier = shown.toZonedDateTime(timeZone, { disambiguation: 'earlier' })
  const later = shown.toZonedDateTime(timeZone, { disambiguation: 'later' })
  const first = earlier.toString({ timeZoneName: 'never' })
  if (earlier.equals(later)) return first
  const hint = `Ask which is meant: ${first} or ${later.toString({ timeZoneName: 'never' })}.`
  if (earlier.toPlainDateTime().equals(shown))
    throw new AbilityError('ambiguous_time', `${time} comes twice in ${timeZone}: the clock is put back then.`, hint)
  throw new AbilityError(
    'nonexistent_time',
    `${time} does not exist in ${timeZone}: the clock is put forward over it.`,
    hint,
  )
}
