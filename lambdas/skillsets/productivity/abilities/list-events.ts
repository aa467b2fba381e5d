import * as z from 'zod'
import type { AbilityContext } from '../../../runtime/ability-context.ts'
import { defineAbility } from '../../../runtime/define-ability.ts'
import { eventSchema, time, timeZone } from '../event-schemas.ts'
import { resolveRange } from '../interval.ts'
import type { ProductivityServices } from '../services.ts'

const LONGEST_RANGE_DAYS = 366

export const listEvents = defineAbility({
  name: 'list_events',
  title: 'List calendar events',
  description:
    'Lists the events of your own calendar that take place between two times, in the order of their start, also ' +
    `those still going on at the beginning; at most ${LONGEST_RANGE_DAYS} days at a time. Where nextCursor is present there ` +
    'are more. Cancelled events are not listed.',
  scope: 'calendar:read',
  annotations: { readOnlyHint: true, openWorldHint: false },
  input: z.strictObject({
    from: time.describe('Events that end after it are listed: a date, a time of timeZone, or RFC 3339'),
    to: time.describe('Events that start before it are listed. Of a date, the beginning of the day counts'),
    timeZone: timeZone.optional().describe('The IANA zone of from and to, where they are without an offset'),
    limit: z.int().min(1).max(100).default(50),
    cursor: z.string().min(1).max(512).optional().describe('nextCursor of the page before, with the same from and to'),
  }),
  output: z.object({ events: z.array(eventSchema), nextCursor: z.string().optional() }),
  async run({ from, to, timeZone, limit, cursor }, { person, services }: AbilityContext<ProductivityServices>) {
    const range = resolveRange(from, to, timeZone, LONGEST_RANGE_DAYS)
    const { events, nextCursor } = await services.calendar.list(person, range, { limit, cursor })
    return { events: [...events], nextCursor }
  },
})
