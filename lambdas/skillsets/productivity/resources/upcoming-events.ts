import type { AbilityContext } from '../../../runtime/ability-context.ts'
import { defineResource } from '../../../runtime/define-resource.ts'
import { listEvents } from '../abilities/list-events.ts'
import type { ProductivityServices } from '../services.ts'

const DAY = 86_400_000

export const upcomingEvents = defineResource({
  uri: 'calendar://upcoming',
  title: 'The next 24 hours',
  description: 'The events of your own calendar that take place within the next 24 hours, as list_events returns them.',
  scope: 'calendar:read',
  mimeType: 'application/json',
  annotations: { audience: ['user', 'assistant'], priority: 0.8 },
  async read(context: AbilityContext<ProductivityServices>) {
    const now = context.services.now()
    const range = { from: new Date(now).toISOString(), to: new Date(now + DAY).toISOString(), limit: 100 }
    return JSON.stringify(await listEvents.call(range, context))
  },
})
