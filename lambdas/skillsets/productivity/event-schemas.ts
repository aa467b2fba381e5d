import * as z from 'zod'
import { isTimeZone } from './time-zone.ts'

/** Far enough for any calendar, near enough that every instant is written with a four-digit year. */
const FIRST = Date.parse('1900-01-01T00:00:00Z')
const LAST = Date.parse('2200-01-01T00:00:00Z')

/** A time with its offset: what a wall clock shows is no point in time without one. */
export const timestamp = z.iso
  .datetime({ offset: true, error: 'an RFC 3339 time with seconds and offset, such as 2026-11-30T09:00:00+01:00' })
  .refine((value) => Date.parse(value) >= FIRST && Date.parse(value) < LAST, 'a time between 1900 and 2200')

export const timeZone = z.string().max(64).refine(isTimeZone, 'an IANA time zone, such as Europe/Berlin')

export const eventSchema = z.object({
  id: z.string(),
  title: z.string(),
  description: z.string().optional(),
  location: z.string().optional(),
  start: z.string(),
  end: z.string(),
  timeZone: z.string().optional(),
  createdAt: z.string(),
})
