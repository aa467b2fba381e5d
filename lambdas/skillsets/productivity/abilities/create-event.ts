import * as z from 'zod'
import type { AbilityContext } from '../../../runtime/ability-context.ts'
import { AbilityError } from '../../../runtime/ability-error.ts'
import { defineAbility } from '../../../runtime/define-ability.ts'
import { type EventContent, LONGEST_EVENT_DAYS } from '../backends/calendar.ts'
import { eventSchema, timestamp, timeZone } from '../event-schemas.ts'
import type { ProductivityServices } from '../services.ts'
import { offsetMismatch } from '../time-zone.ts'

const LONGEST = LONGEST_EVENT_DAYS * 86_400_000

export const createEvent = defineAbility({
  name: 'create_event',
  title: 'Create a calendar event',
  description:
    'Adds an event to your own calendar. Times are RFC 3339 with an offset. Pass an idempotencyKey to be able to ' +
    'repeat the call safely: the same key with the same content returns the event that is already there.',
  scope: 'calendar:write',
  annotations: { destructiveHint: false, idempotentHint: true, openWorldHint: false },
  input: z.strictObject({
    title: z.string().trim().min(1).max(200),
    start: timestamp.describe('When it begins, such as 2026-11-30T09:00:00+01:00'),
    end: timestamp.describe(`When it ends: after the start, at most ${LONGEST_EVENT_DAYS} days later`),
    timeZone: timeZone.optional().describe('The IANA zone the event is meant in, such as Europe/Berlin'),
    description: z.string().max(4000).optional(),
    location: z.string().max(500).optional(),
    idempotencyKey: z.string().min(1).max(128).optional().describe('Any text of your own, unique to this event'),
  }),
  output: z.object({
    event: eventSchema,
    created: z.boolean().describe('False where the same call had already created it'),
  }),
  async run({ idempotencyKey, ...content }, { person, services, log }: AbilityContext<ProductivityServices>) {
    refuseImpossibleTimes(content)
    const result = await services.calendar.create(person, content, idempotencyKey)
    log.info('calendar event created', { event: result.event.id, created: result.created })
    return result
  },
})

function refuseImpossibleTimes({ start, end, timeZone }: EventContent): void {
  const duration = Date.parse(end) - Date.parse(start)
  if (duration <= 0)
    throw new AbilityError('invalid_time_range', 'The event does not end after it starts.', 'Pass an end after start.')
  if (duration > LONGEST)
    throw new AbilityError(
      'invalid_time_range',
      `The event lasts longer than ${LONGEST_EVENT_DAYS} days.`,
      'Create several shorter events.',
    )
  if (timeZone === undefined) return
  for (const time of [start, end]) {
    const expected = offsetMismatch(time, timeZone)
    if (expected !== undefined)
      throw new AbilityError(
        'time_zone_mismatch',
        `${time} does not have the offset that ${timeZone} has then.`,
        `Write it with the offset ${expected}, or in UTC with Z, or leave timeZone out.`,
      )
  }
}
