import { Temporal } from 'temporal-polyfill'
import * as z from 'zod'
import type { AbilityContext } from '../../../runtime/ability-context.ts'
import { defineResourceTemplate } from '../../../runtime/define-resource.ts'
import { listEvents } from '../abilities/list-events.ts'
import { nextDays, timeZones } from '../completions.ts'
import { timeZone } from '../event-schemas.ts'
import type { ProductivityServices } from '../services.ts'

export const dayEvents = defineResourceTemplate({
  uri: 'calendar://days/{timeZone}/{date}',
  title: 'A day of the calendar',
  description:
    'The events of your own calendar on one day, as list_events returns them; the day is as long as it is in the time ' +
    'zone, such as calendar://days/Europe%2FBerlin/2026-11-30.',
  scope: 'calendar:read',
  mimeType: 'application/json',
  arguments: z.strictObject({ timeZone, date: z.iso.date() }),
  complete: { timeZone: timeZones, date: nextDays },
  async read({ timeZone, date }, context: AbilityContext<ProductivityServices>) {
    const to = Temporal.PlainDate.from(date).add({ days: 1 }).toString()
    return JSON.stringify(await listEvents.call({ from: date, to, timeZone, limit: 100 }, context))
  },
})
