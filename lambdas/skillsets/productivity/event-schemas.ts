import * as z from 'zod'
import { isPossible, isTimeZone, TIME } from './event-time.ts'

const TIME_FORMS =
  "a date (2026-11-30), a time as the zone's clock shows it (2026-11-30T09:00) or RFC 3339 with seconds and offset " +
  '(2026-11-30T09:00:00+01:00), between 1900 and 2199'

export const time = z
  .string()
  .regex(TIME, { error: TIME_FORMS, abort: true })
  .refine(isPossible, 'a day and a time of day that there are')
export const timeZone = z.string().max(64).refine(isTimeZone, 'an IANA time zone, such as Europe/Berlin')
export const eventId = z.string().min(1).max(128).describe('The id that list_events gave')
export const version = z.int().min(1)

export const title = z.string().trim().min(1).max(200)
export const start = time.describe(
  `When it begins: ${TIME_FORMS}. A date makes an event of whole days; without an offset, timeZone is needed.`,
)
export const end = time.describe(
  'When it ends, excluded, in the form of start. An event of the whole day 2026-11-30 ends with the date 2026-12-01.',
)
export const eventTimeZone = timeZone.describe('The IANA zone the event is meant in, such as Europe/Berlin')
export const description = z.string().max(4000)
export const location = z.string().max(500)
/** RFC 5545 §3.2.12 `PARTSTAT`, as Google Calendar spells it. */
const response = z.enum(['needsAction', 'accepted', 'declined', 'tentative'])
export const attendees = z
  .array(
    z.strictObject({
      email: z.email().max(254),
      name: z.string().trim().min(1).max(200).optional(),
      response: response.default('needsAction'),
    }),
  )
  .max(100)
  .refine(
    (all) => new Set(all.map(({ email }) => email.toLowerCase())).size === all.length,
    'must name each email address only once',
  )
  .describe('A note of who takes part. Nobody is invited or told.')
/** RFC 5545 §3.8.2.7 `TRANSP`. */
export const transparency = z
  .enum(['opaque', 'transparent'])
  .describe('opaque: the time is busy; transparent: it stays free')

/** An event as abilities return it and backends keep it. What an earlier release did not know has a default. */
export const eventSchema = z.object({
  id: z.string(),
  version: z.int().default(1).describe('Grows with each change; update_event asks for it'),
  title: z.string(),
  start: z.string().describe('A date, or RFC 3339 with an offset'),
  end: z.string().describe('Excluded; in the form of start'),
  timeZone: z.string().optional(),
  description: z.string().optional(),
  location: z.string().optional(),
  attendees: z.array(z.object({ email: z.string(), name: z.string().optional(), response })).default([]),
  transparency: transparency.default('opaque'),
  createdAt: z.string(),
  updatedAt: z.string().optional(),
})

export type CalendarEvent = z.output<typeof eventSchema>
/** What people say of an event; the rest is the calendar's. */
export type EventContent = Omit<CalendarEvent, 'id' | 'version' | 'createdAt' | 'updatedAt'>
