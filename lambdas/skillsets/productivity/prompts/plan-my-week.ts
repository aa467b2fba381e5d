import { Temporal } from 'temporal-polyfill'
import * as z from 'zod'
import type { AbilityContext } from '../../../runtime/ability-context.ts'
import { definePrompt } from '../../../runtime/define-prompt.ts'
import { listEvents } from '../abilities/list-events.ts'
import { timeZones } from '../completions.ts'
import { timeZone } from '../event-schemas.ts'
import type { ProductivityServices } from '../services.ts'

export const planMyWeek = definePrompt({
  name: 'plan_my_week',
  title: 'Plan my week',
  description: 'Goes through your calendar of the next seven days and finds the time for what you want to get done.',
  scope: 'calendar:read',
  arguments: z.strictObject({
    timeZone: timeZone.describe('Your IANA time zone, such as Europe/Berlin'),
    goals: z.string().max(2_000).optional().describe('What you want to get done'),
  }),
  complete: { timeZone: timeZones },
  async messages({ timeZone, goals }, context: AbilityContext<ProductivityServices>) {
    const now = Temporal.Instant.fromEpochMilliseconds(context.services.now())
    const today = now.toZonedDateTimeISO(timeZone).toPlainDate()
    const [from, to] = [today.toString(), today.add({ days: 7 }).toString()]
    const events = await listEvents.call({ from, to, timeZone, limit: 100 }, context)
    return [
      `Plan my week from ${from} to ${to} (not included), in the time zone ${timeZone}.`,
      goals === undefined ? 'Ask me first what I want to get done.' : `I want to get done:\n${goals}`,
      'Point out events that overlap and days that are full. Find free times with find_free_times, propose a block for ' +
        'each goal, and create events only after I have agreed.',
      `My calendar of these days, as list_events returned it:\n${JSON.stringify(events)}`,
    ].join('\n\n')
  },
})
