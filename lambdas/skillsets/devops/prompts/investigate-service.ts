import * as z from 'zod'
import type { AbilityContext } from '../../../runtime/ability-context.ts'
import { definePrompt } from '../../../runtime/define-prompt.ts'
import { serviceHistory } from '../abilities/service-history.ts'
import { serviceName } from '../health-schemas.ts'
import type { DevopsServices } from '../services.ts'

export const investigateService = definePrompt({
  name: 'investigate_service',
  title: 'Investigate a service',
  description: 'Looks into what is wrong with a service: what it answers now, since when, and how often that happened.',
  scope: 'services:read',
  arguments: z.strictObject({ service: serviceName.describe('The name of a watched service') }),
  complete: {
    service: ({ services: { services } }: AbilityContext<DevopsServices>) => services.map(({ name }) => name),
  },
  async messages({ service }, context: AbilityContext<DevopsServices>) {
    const { summary } = await serviceHistory.call({ service }, context)
    return [
      `Find out how the service ${service} is and, where it is not healthy, why.`,
      `Its scheduled probes of the last 24 hours:\n${summary}`,
      'Call check_service_health for its state right now, then service_history with a narrow range around each ' +
        'incident. Say since when it fails, with what reason, whether that comes back at regular times, and what to ' +
        'look at next. State what the probes show apart from what you infer.',
    ].join('\n\n')
  },
})
