import { defineSkillset } from '../../runtime/define-skillset.ts'
import { schedule, table } from '../../runtime/needs.ts'
import { checkServiceHealth } from './abilities/check-service-health.ts'
import { listServices } from './abilities/list-services.ts'
import { serviceHistory } from './abilities/service-history.ts'
import { ProbeHistory } from './backends/probe-history.ts'
import { PROBE_EVERY_MINUTES } from './backends/windows.ts'
import { devopsOptions, resolveServiceUrl } from './options.ts'
import { investigateService } from './prompts/investigate-service.ts'
import { serviceStatus } from './resources/service-status.ts'
import type { DevopsServices } from './services.ts'

export default defineSkillset({
  name: 'devops',
  title: 'DevOps',
  instructions:
    'The health of the services that this factory watches: each is probed every minute. list_services for an overview, ' +
    'check_service_health for one request right now beside recent availability, service_history for what happened when.',
  needs: [table(), schedule('probe-services', { everyMinutes: PROBE_EVERY_MINUTES })],
  options: devopsOptions,
  services: ({ table, options, issuer }): DevopsServices => ({
    services: options.services.map((service) => ({ ...service, url: resolveServiceUrl(service.url, issuer) })),
    history: new ProbeHistory(table),
    now: Date.now,
  }),
  abilities: [listServices, checkServiceHealth, serviceHistory],
  resources: [serviceStatus],
  prompts: [investigateService],
})
