import * as z from 'zod'
import type { AbilityContext } from '../../../runtime/ability-context.ts'
import { AbilityError } from '../../../runtime/ability-error.ts'
import { defineAbility } from '../../../runtime/define-ability.ts'
import { eventSchema, timestamp } from '../event-schemas.ts'
import type { ProductivityServices } from '../services.ts'

export const listEvents = defineAbility({
  name: 'list_events',
  title: 'List calendar events',
  description:
    'Lists the events of your own calendar that take place between two times, in the order of their start, also ' +
    'those still going on at the beginning. Where nextCursor is present there are more.',
  scope: 'calendar:read',
  annotations: { readOnlyHint: true, openWorldHint: false },
  input: z.strictObject({
    from: timestamp.describe('Events that end after it are listed'),
    to: timestamp.describe('Events that start before it are listed'),
    limit: z.int().min(1).max(100).default(50),
    cursor: z.string().min(1).max(512).optional().describe('nextCursor of the page before, with the same from and to'),
  }),
  output: z.object({ events: z.array(eventSchema), nextCursor: z.string().optional() }),
  async run({ from, to, limit, cursor }, { person, services }: AbilityContext<ProductivityServices>) {
    if (Date.parse(to) <= Date.parse(from))
      throw new AbilityError('invalid_time_range', 'The range does not end after it begins.', 'Pass a to after from.')
    const { events, nextCursor } = await services.calendar.list(person, { from, to, limit, cursor })
    return { events: [...events], nextCursor }
  },
})
