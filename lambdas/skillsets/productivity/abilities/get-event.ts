import * as z from 'zod'
import type { AbilityContext } from '../../../runtime/ability-context.ts'
import { defineAbility } from '../../../runtime/define-ability.ts'
import { eventId, eventSchema } from '../event-schemas.ts'
import type { ProductivityServices } from '../services.ts'

export const getEvent = defineAbility({
  name: 'get_event',
  title: 'Look at a calendar event',
  description: 'Returns one event of your own calendar as it is now, with the version that update_event asks for.',
  scope: 'calendar:read',
  annotations: { readOnlyHint: true, openWorldHint: false },
  input: z.strictObject({ id: eventId }),
  output: z.object({ event: eventSchema }),
  async run({ id }, { person, services }: AbilityContext<ProductivityServices>) {
    return { event: await services.calendar.get(person, id) }
  },
})
