import * as z from 'zod'
import type { AbilityContext } from '../../../runtime/ability-context.ts'
import { defineAbility } from '../../../runtime/define-ability.ts'
import { isoTime, type KeptProbe } from '../backends/probe-history.ts'
import { PROBE_INTERVAL } from '../backends/windows.ts'
import { probed, reportOf, status, summary, time } from '../health-schemas.ts'
import { statusText } from '../health-text.ts'
import type { DevopsServices } from '../services.ts'

/** An older probe says nothing about now: two runs may be late or lost. */
const STALE = 3 * PROBE_INTERVAL

export const listServices = defineAbility({
  name: 'list_services',
  title: 'List services',
  description:
    'The services that are watched, each with the status that its last scheduled probe found. Sends no request itself.',
  scope: 'services:read',
  annotations: { readOnlyHint: true },
  input: z.strictObject({}),
  output: z.object({
    summary,
    services: z.array(
      z.object({
        service: z.string(),
        status: z.enum([...status.options, 'unknown']).describe('unknown: no probe in the last three minutes'),
        lastProbe: z
          .object({ at: time, ...probed })
          .optional()
          .describe('Absent where there was none in seven days'),
      }),
    ),
  }),
  async run(_input, { services: { services, history, now } }: AbilityContext<DevopsServices>) {
    const at = now()
    const listed = await Promise.all(services.map(async ({ name }) => entryOf(name, await history.last(name, at), at)))
    return { summary: listed.map(lineOf).join('\n') || 'No services are configured.', services: listed }
  },
})

function entryOf(service: string, last: KeptProbe | undefined, now: number) {
  if (last === undefined) return { service, status: 'unknown' as const }
  const { status, ...probe } = reportOf(last, now)
  return {
    service,
    status: last.at > now - STALE ? status : ('unknown' as const),
    lastProbe: { ...probe, at: isoTime(last.at) },
  }
}

function lineOf({ service, status, lastProbe }: ReturnType<typeof entryOf>): string {
  if (status !== 'unknown') return statusText({ service, status, ...lastProbe })
  return `${service}: unknown (${lastProbe ? `no probe since ${lastProbe.at}` : 'no probe yet'})`
}
