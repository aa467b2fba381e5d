import * as z from 'zod'
import type { AbilityContext } from '../../../runtime/ability-context.ts'
import { AbilityError } from '../../../runtime/ability-error.ts'
import { defineAbility } from '../../../runtime/define-ability.ts'
import { incidentsIn } from '../backends/incidents.ts'
import { isoTime, type KeptProbe } from '../backends/probe-history.ts'
import { availabilityOf, DAY } from '../backends/windows.ts'
import { chooseServices } from '../choose-services.ts'
import { availability, reason, serviceName, summary, time } from '../health-schemas.ts'
import { availabilityText } from '../health-text.ts'
import type { DevopsServices } from '../services.ts'

const MOST_BUCKETS = 500
const instant = z.iso.datetime({ offset: true })

export const serviceHistory = defineAbility({
  name: 'service_history',
  title: 'Show the history of a service',
  description:
    'When a service was not healthy and why, and its availability over time, by the scheduled probes of the last seven ' +
    'days.',
  scope: 'services:read',
  annotations: { readOnlyHint: true },
  input: z.strictObject({
    service: serviceName,
    from: instant.optional().describe('RFC 3339; omitted: 24 hours before `to`'),
    to: instant.optional().describe('RFC 3339, not included; omitted: now'),
    bucketMinutes: z.int().min(1).max(1_440).default(60),
  }),
  output: z.object({
    summary,
    service: z.string(),
    from: time,
    to: time,
    ...availability,
    incidents: z
      .array(
        z.object({
          from: time.describe('The first failed probe'),
          to: time.optional().describe('The next healthy one; absent where there was none in this span'),
          failedProbes: z.int(),
          reasons: z.array(reason),
        }),
      )
      .describe('Failed probes in a row, the oldest first'),
    buckets: z.array(z.object({ from: time, to: time, ...availability })),
  }),
  async run({ service, bucketMinutes, ...range }, { services }: AbilityContext<DevopsServices>) {
    chooseServices(services.services, service)
    const now = services.now()
    // What is still to come was not to be probed yet.
    const to = Math.min(range.to === undefined ? now : Date.parse(range.to), now)
    const from = range.from === undefined ? to - DAY : Date.parse(range.from)
    assertReadable(from, to, bucketMinutes)
    const probes = await services.history.between(service, from - 1, to - 1)
    const incidents = incidentsIn(probes)
    const whole = { from: isoTime(from), to: isoTime(to), ...availabilityOf(probes, to - from) }
    return {
      summary: [
        `${service}, ${whole.from} to ${whole.to}: ${availabilityText(whole)}; incidents: ${incidents.length || 'none'}`,
        ...incidents.map((each) => `${each.from} to ${each.to ?? 'now'}: ${each.reasons.join(', ')}`),
      ].join('\n'),
      service,
      ...whole,
      incidents,
      buckets: bucketsOf(probes, from, to, bucketMinutes * 60_000),
    }
  },
})

/** @throws AbilityError where the span is none, or has more buckets than anybody reads */
function assertReadable(from: number, to: number, bucketMinutes: number): void {
  if (from >= to)
    throw new AbilityError('invalid_range', '`from` is not before `to` and now.', 'Choose a span that has begun.')
  if ((to - from) / 60_000 / bucketMinutes > MOST_BUCKETS)
    throw new AbilityError(
      'too_many_buckets',
      `More than ${MOST_BUCKETS} buckets.`,
      'Choose a shorter span or a larger bucketMinutes.',
    )
}

/** Spans of one length from `from` on, the last one cut at `to`; each without its own end. */
function bucketsOf(probes: readonly KeptProbe[], from: number, to: number, length: number) {
  return Array.from({ length: Math.ceil((to - from) / length) }, (_, index) => {
    const start = from + index * length
    const end = Math.min(start + length, to)
    const inside = probes.filter(({ at }) => at >= start && at < end)
    return { from: isoTime(start), to: isoTime(end), ...availabilityOf(inside, end - start) }
  })
}
