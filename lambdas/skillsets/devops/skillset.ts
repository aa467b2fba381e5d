import { defineSkillset } from '../../runtime/define-skillset.ts'
import { table } from '../../runtime/needs.ts'
import { checkServiceHealth } from './abilities/check-service-health.ts'
import { ProbeHistory } from './backends/probe-history.ts'
import { devopsOptions, resolveServiceUrl } from './options.ts'
import type { DevopsServices } from './services.ts'

const PROBE_TIMEOUT_MS = 5_000

export default defineSkillset({
  name: 'devops',
  title: 'DevOps',
  instructions: 'The health of the services that this factory watches.',
  needs: [table()],
  options: devopsOptions,
  services: ({ table, options, issuer }): DevopsServices => ({
    services: options.services.map(({ name, url }) => ({ name, url: resolveServiceUrl(url, issuer) })),
    history: new ProbeHistory(table),
    probing: { fetch, now: Date.now, timeoutMs: PROBE_TIMEOUT_MS },
  }),
  abilities: [checkServiceHealth],
})
