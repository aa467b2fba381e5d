import * as z from 'zod'
import type { AbilityContext } from '../../../runtime/ability-context.ts'
import { defineAbility } from '../../../runtime/define-ability.ts'
import { eventId, eventSchema, version } from '../event-schemas.ts'
import type { ProductivityServices } from '../services.ts'

export const cancelEvent = defineAbility({
  name: 'cancel_event',
  title: 'Cancel a calendar event',
  description:
    'Takes an event out of your own calendar; it cannot be brought back. Nobody is notified. Pass the version you last ' +
    'saw to cancel it only if it has not been changed since. Cancelling again is no error.',
  scope: 'calendar:write',
  annotations: { destructiveHint: true, idempotentHint: true, openWorldHint: false },
  input: z.strictObject({
    id: eventId,
    version: version.optional().describe('Omitted: the event is cancelled however it looks by now'),
  }),
  output: z.object({
    event: eventSchema.describe('The event that is no longer in the calendar'),
    cancelled: z.boolean().describe('False where it had been cancelled before'),
  }),
  async run({ id, version }, { person, services, log }: AbilityContext<ProductivityServices>) {
    const result = await services.calendar.cancel(person, id, version)
    log.info('calendar event cancelled', { event: id, cancelled: result.cancelled })
    return result
  },
})
