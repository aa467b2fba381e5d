import * as z from 'zod'
import type { AbilityContext } from '../../../runtime/ability-context.ts'
import { AbilityError } from '../../../runtime/ability-error.ts'
import { defineAbility } from '../../../runtime/define-ability.ts'
import { probe, type Service } from '../backends/service-probe.ts'
import type { DevopsServices } from '../services.ts'

export const checkServiceHealth = defineAbility({
  name: 'check_service_health',
  title: 'Check the health of services',
  description:
    'Sends one request to each of the configured services (or to the one you name) and reports status, HTTP status ' +
    'and latency, together with how often it was healthy in the checks of the last 24 hours.',
  scope: 'services:read',
  annotations: { readOnlyHint: true, openWorldHint: true },
  input: z.strictObject({
    service: z.string().max(63).optional().describe('The name of one service; omitted: all of them'),
  }),
  output: z.object({
    results: z.array(
      z.object({
        service: z.string(),
        status: z.enum(['healthy', 'unhealthy', 'unreachable']),
        httpStatus: z.int().optional(),
        latencyMs: z.number(),
        checkedAt: z.string(),
        reason: z.string().optional(),
      }),
    ),
    recent: z.array(
      z.object({
        service: z.string(),
        samples: z.int().describe('How many checks the fraction is made of, this one included'),
        healthy: z.int(),
        availability: z.number().min(0).max(1).optional(),
        from: z.string().optional(),
        to: z.string().optional(),
      }),
    ),
  }),
  async run({ service }, { services, signal, progress }: AbilityContext<DevopsServices>) {
    const chosen = choose(services.services, service)
    let done = 0
    const results = await Promise.all(
      chosen.map(async (one) => {
        const result = await probe(one, services.probing, signal)
        await services.history.add(result)
        done += 1
        await progress({ done, total: chosen.length, message: `${one.name} is ${result.status}` })
        return result
      }),
    )
    const now = services.probing.now()
    const recent = await Promise.all(chosen.map(({ name }) => services.history.recent(name, now)))
    return { results, recent }
  },
})

function choose(services: readonly Service[], name: string | undefined): readonly Service[] {
  if (name === undefined) return services
  const service = services.find((one) => one.name === name)
  if (service) return [service]
  throw new AbilityError(
    'unknown_service',
    'No service of this name is configured.',
    services.length === 0
      ? 'No services are configured.'
      : `Known services: ${services.map((one) => one.name).join(', ')}.`,
  )
}
