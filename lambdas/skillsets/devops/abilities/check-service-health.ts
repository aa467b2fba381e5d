import * as z from 'zod'
import type { AbilityContext } from '../../../runtime/ability-context.ts'
import { defineAbility } from '../../../runtime/define-ability.ts'
import { isoTime } from '../backends/probe-history.ts'
import { probe, type Service } from '../backends/service-probe.ts'
import { DAY, windowsAt } from '../backends/windows.ts'
import { chooseServices } from '../choose-services.ts'
import {
  availability,
  probed,
  reason,
  reportOf,
  serviceName,
  status,
  summary,
  time,
  window,
} from '../health-schemas.ts'
import { availabilityText, statusText } from '../health-text.ts'
import type { DevopsServices } from '../services.ts'

const MOST_FAILURES = 5

export const checkServiceHealth = defineAbility({
  name: 'check_service_health',
  title: 'Check the health of services',
  description:
    'Sends one request to each of the watched services (or to the one you name) and reports status, latency and the ' +
    'end of its TLS certificate, beside availability and error rate of the last 5 minutes, hour and 24 hours. Those ' +
    'are made of the scheduled probes alone: checking changes nothing.',
  scope: 'services:read',
  annotations: { readOnlyHint: true, openWorldHint: true },
  input: z.strictObject({
    service: serviceName.optional().describe('The name of one service; omitted: all of them'),
  }),
  output: z.object({
    summary,
    results: z.array(
      z.object({
        service: z.string(),
        status,
        checkedAt: time,
        ...probed,
        windows: z.array(z.object({ window, ...availability })),
        lastFailures: z
          .array(z.object({ at: time, reason, detail: z.string() }))
          .describe(`The last ${MOST_FAILURES} scheduled probes of 24 hours that failed, the newest first`),
      }),
    ),
  }),
  async run({ service }, { services, signal, progress }: AbilityContext<DevopsServices>) {
    const chosen = chooseServices(services.services, service)
    let done = 0
    const results = await Promise.all(
      chosen.map(async (one) => {
        const result = await check(one, services, signal)
        done += 1
        await progress({ done, total: chosen.length, message: `${one.name} is ${result.status}` })
        return result
      }),
    )
    return { summary: results.map(lineOf).join('\n') || 'No services are configured.', results }
  },
})

async function check(service: Service, { history, now }: DevopsServices, signal: AbortSignal) {
  const at = now()
  const [result, kept] = await Promise.all([probe(service, now, signal), history.between(service.name, at - DAY, at)])
  return {
    service: service.name,
    checkedAt: isoTime(at),
    ...reportOf(result, at),
    windows: windowsAt(at, kept),
    lastFailures: kept
      .filter(({ status }) => status !== 'healthy')
      .slice(-MOST_FAILURES)
      .reverse()
      .map(({ at, reason = 'invalid_response', detail = '' }) => ({ at: isoTime(at), reason, detail })),
  }
}

function lineOf(result: Awaited<ReturnType<typeof check>>): string {
  const windows = result.windows.map((each) => `${each.window} ${availabilityText(each)}`)
  return `${statusText(result)}, ${result.latencyMs} ms; ${windows.join('; ')}`
}
