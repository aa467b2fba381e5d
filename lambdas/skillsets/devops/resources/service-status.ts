import type { AbilityContext } from '../../../runtime/ability-context.ts'
import { defineResource } from '../../../runtime/define-resource.ts'
import { listServices } from '../abilities/list-services.ts'
import type { DevopsServices } from '../services.ts'

export const serviceStatus = defineResource({
  uri: 'services://status',
  title: 'Status of the services',
  description:
    'The services that are watched, each with what its last scheduled probe found, as list_services returns it.',
  scope: 'services:read',
  mimeType: 'application/json',
  annotations: { audience: ['user', 'assistant'], priority: 0.8 },
  read: async (context: AbilityContext<DevopsServices>) => JSON.stringify(await listServices.call({}, context)),
})
