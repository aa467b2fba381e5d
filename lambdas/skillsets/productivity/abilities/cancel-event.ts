import * as z from 'zod'
import type { AbilityContext, Caller } from '../../../runtime/ability-context.ts'
import { AbilityError } from '../../../runtime/ability-error.ts'
import { defineAbility } from '../../../runtime/define-ability.ts'
import type { Calendar } from '../backends/calendar.ts'
import { type CalendarEvent, eventId, eventSchema, version } from '../event-schemas.ts'
import type { ProductivityServices } from '../services.ts'

export const cancelEvent = defineAbility({
  name: 'cancel_event',
  title: 'Cancel a calendar event',
  description:
    'Takes an event out of your own calendar; it cannot be brought back. Nobody is notified. Pass the version you last ' +
    'saw to cancel it only if it has not been changed since. Cancelling again is no error. Where other people take ' +
    'part, the person is asked first.',
  scope: 'calendar:write',
  confirms: true,
  annotations: { destructiveHint: true, idempotentHint: true, openWorldHint: false },
  input: z.strictObject({
    id: eventId,
    version: version.optional().describe('Omitted: the event is cancelled however it looks by now'),
  }),
  output: z.object({
    event: eventSchema.describe('The event that is no longer in the calendar'),
    cancelled: z.boolean().describe('False where it had been cancelled before'),
  }),
  async run({ id, version }, { person, services, confirm, log }: AbilityContext<ProductivityServices>) {
    const shared = await sharedEvent(services.calendar, person, id)
    if (shared) await confirm(question(shared))
    // What was agreed to is the event as it was shown.
    const result = await services.calendar.cancel(person, id, version ?? shared?.version)
    log.info('calendar event cancelled', { event: id, cancelled: result.cancelled })
    return result
  },
})

/** The event, where it is there and somebody else takes part. */
async function sharedEvent(calendar: Calendar, person: Caller, id: string): Promise<CalendarEvent | undefined> {
  try {
    const event = await calendar.get(person, id)
    const isPerson = ({ email }: { readonly email: string }) => email.toLowerCase() === person.email.toLowerCase()
    return event.attendees.every(isPerson) ? undefined : event
  } catch (error) {
    if (error instanceof AbilityError && error.code === 'event_not_found') return undefined
    throw error
  }
}

function question({ title, start, attendees }: CalendarEvent): string {
  return `Cancel “${title}” of ${start}? Attendees: ${attendees.map(({ name, email }) => name ?? email).join(', ')}.`
}
