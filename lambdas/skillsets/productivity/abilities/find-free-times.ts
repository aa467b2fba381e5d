import * as z from 'zod'
import type { AbilityContext } from '../../../runtime/ability-context.ts'
import { defineAbility } from '../../../runtime/define-ability.ts'
import type { Calendar, CalendarOwner } from '../backends/calendar.ts'
import { time, timeZone } from '../event-schemas.ts'
import { formatInstant } from '../event-time.ts'
import { freeTimes, WEEKDAYS } from '../free-times.ts'
import { type Interval, intervalOf, resolveRange } from '../interval.ts'
import type { ProductivityServices } from '../services.ts'

const LONGEST_RANGE_DAYS = 31
const EVENTS_PER_PAGE = 1000
const MINUTE = 60_000

const clock = z.string().regex(/^(?:(?:[01]\d|2[0-3]):[0-5]\d|24:00)$/, {
  error: 'what a clock shows, from 00:00 to 24:00',
  abort: true,
})

export const findFreeTimes = defineAbility({
  name: 'find_free_times',
  title: 'Find free times',
  description:
    'Finds when nothing busy is in your own calendar, within working hours; the calendars of attendees are not looked ' +
    'at. Each answer is a whole free stretch, at least as long as asked for: a meeting may begin anywhere in it that ' +
    'leaves enough time. None found is an empty list.',
  scope: 'calendar:read',
  annotations: { readOnlyHint: true, openWorldHint: false },
  input: z.strictObject({
    from: time.describe('Where to begin: a date, a time of timeZone, or RFC 3339. Pass the present to skip the past'),
    to: time.describe(`At most ${LONGEST_RANGE_DAYS} days later. Of a date, the beginning of the day counts`),
    timeZone: timeZone.describe('The IANA zone of the working hours and of the answer, such as Europe/Berlin'),
    durationMinutes: z.int().min(1).max(1440),
    workingHours: z
      .strictObject({ start: clock, end: clock })
      .refine(({ start, end }) => start < end, 'an end after the start, on the same day; 00:00 to 24:00 is all day')
      .default({ start: '09:00', end: '17:00' }),
    days: z
      .array(z.enum(WEEKDAYS))
      .min(1)
      .default(['monday', 'tuesday', 'wednesday', 'thursday', 'friday'])
      .describe('The days of the week to look at'),
  }),
  output: z.object({ freeTimes: z.array(z.object({ start: z.string(), end: z.string() })) }),
  async run(input, { person, services }: AbilityContext<ProductivityServices>) {
    const { timeZone, durationMinutes, workingHours, days } = input
    const range = resolveRange(input.from, input.to, timeZone, LONGEST_RANGE_DAYS)
    const busy = await busyTimes(services.calendar, person, range)
    const free = freeTimes(range, { timeZone, days, ...workingHours }, busy, durationMinutes * MINUTE)
    return {
      freeTimes: free.map(({ from, to }) => ({
        start: formatInstant(from, timeZone),
        end: formatInstant(to, timeZone),
      })),
    }
  },
})

async function busyTimes(calendar: Calendar, owner: CalendarOwner, range: Interval): Promise<Interval[]> {
  const busy: Interval[] = []
  let cursor: string | undefined
  do {
    const page = await calendar.list(owner, range, { limit: EVENTS_PER_PAGE, cursor })
    for (const event of page.events) if (event.transparency === 'opaque') busy.push(intervalOf(event))
    cursor = page.nextCursor
  } while (cursor !== undefined)
  return busy
}
