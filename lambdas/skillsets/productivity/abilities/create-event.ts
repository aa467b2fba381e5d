import * as z from 'zod'
import type { AbilityContext } from '../../../runtime/ability-context.ts'
import { defineAbility } from '../../../runtime/define-ability.ts'
import {
  attendees,
  description,
  end,
  eventSchema,
  eventTimeZone,
  location,
  start,
  title,
  transparency,
} from '../event-schemas.ts'
import { resolveEvent } from '../interval.ts'
import type { ProductivityServices } from '../services.ts'

export const createEvent = defineAbility({
  name: 'create_event',
  title: 'Create a calendar event',
  description:
    'Adds an event to your own calendar: with times, or with dates for whole days. Attendees are written down only, no ' +
    'invitations are sent. Events do not recur: create each one. Pass an idempotencyKey to be able to repeat the call ' +
    'safely: the same key with the same content returns the event that is already there.',
  scope: 'calendar:write',
  annotations: { destructiveHint: false, idempotentHint: false, openWorldHint: false },
  input: z.strictObject({
    title,
    start,
    end,
    timeZone: eventTimeZone.optional(),
    description: description.optional(),
    location: location.optional(),
    attendees: attendees.default([]),
    transparency: transparency.default('opaque'),
    idempotencyKey: z.string().min(1).max(128).optional().describe('Any text of your own, unique to this event'),
  }),
  output: z.object({
    event: eventSchema,
    created: z.boolean().describe('False where the same call had already created it'),
  }),
  async run({ idempotencyKey, ...content }, { person, services, log }: AbilityContext<ProductivityServices>) {
    const result = await services.calendar.create(person, resolveEvent(content), idempotencyKey)
    log.info('calendar event created', { event: result.event.id, created: result.created })
    return result
  },
})
