import * as z from 'zod'
import type { AbilityContext } from '../../../runtime/ability-context.ts'
import { defineAbility } from '../../../runtime/define-ability.ts'
import {
  attendees,
  description,
  end,
  eventId,
  eventSchema,
  eventTimeZone,
  location,
  start,
  title,
  transparency,
  version,
} from '../event-schemas.ts'
import { resolveEvent } from '../interval.ts'
import type { ProductivityServices } from '../services.ts'

export const updateEvent = defineAbility({
  name: 'update_event',
  title: 'Change a calendar event',
  description:
    'Changes what you pass of an event in your own calendar and keeps the rest; to move it, pass start and end. Pass the ' +
    'version you last saw: where the event has been changed since, nothing happens and you are told the current ' +
    'version. Attendees replace all those before; nobody is notified.',
  scope: 'calendar:write',
  annotations: { destructiveHint: true, idempotentHint: true, openWorldHint: false },
  input: z
    .strictObject({
      id: eventId,
      version: version.describe('The version of the event that the change is meant for'),
      title: title.optional(),
      start: start.optional(),
      end: end.optional(),
      timeZone: eventTimeZone.optional(),
      description: description.nullable().optional().describe('null removes it'),
      location: location.nullable().optional().describe('null removes it'),
      attendees: attendees.optional(),
      transparency: transparency.optional(),
    })
    .refine((input) => Object.keys(input).length > 2, 'something to change besides id and version'),
  output: z.object({ event: eventSchema }),
  async run({ id, version, ...changes }, { person, services, log }: AbilityContext<ProductivityServices>) {
    const event = await services.calendar.update(person, id, version, (event) =>
      resolveEvent({
        title: changes.title ?? event.title,
        start: changes.start ?? event.start,
        end: changes.end ?? event.end,
        timeZone: changes.timeZone ?? event.timeZone,
        description: changes.description === undefined ? event.description : (changes.description ?? undefined),
        location: changes.location === undefined ? event.location : (changes.location ?? undefined),
        attendees: changes.attendees ?? event.attendees,
        transparency: changes.transparency ?? event.transparency,
      }),
    )
    log.info('calendar event updated', { event: id, version: event.version })
    return { event }
  },
})
