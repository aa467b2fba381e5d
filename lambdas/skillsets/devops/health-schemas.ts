import * as z from 'zod'
import { FAULTS } from './backends/probe-fault.ts'
import type { ProbeResult } from './backends/service-probe.ts'
import { DAY, WINDOWS } from './backends/windows.ts'

export const status = z.enum(['healthy', 'unhealthy', 'unreachable'])
export const reason = z.enum(FAULTS).describe('Why it is not healthy')
/** RFC 3339 in UTC. */
export const time = z.iso.datetime()
export const serviceName = z.string().max(63)

export const summary = z.string().describe('The same for people, in a line per service')

export const tls = z.object({
  validTo: time.describe('When the certificate ends'),
  daysLeft: z.int().describe('Whole days until then; negative where it has ended'),
})

/** One probe. */
export const probed = {
  httpStatus: z.int().optional(),
  latencyMs: z.number(),
  reason: reason.optional(),
  detail: z.string().optional(),
  tls: tls.optional(),
}

export const availability = {
  probes: z.int().describe('Scheduled probes that the fractions are made of'),
  expected: z.int().describe('Probes that the schedule should have made; of the missing ones nothing is known'),
  failures: z.int(),
  availability: z.number().min(0).max(1).optional().describe('Successes by probes; absent without data'),
  errorRate: z.number().min(0).max(1).optional(),
  latencyMs: z.object({ p50: z.number(), p95: z.number() }).optional().describe('Of the healthy answers'),
}

export const window = z.enum(Object.keys(WINDOWS) as [keyof typeof WINDOWS])

/** What a probe showed, as the abilities report it. */
export function reportOf({ certificateEnd, ...probe }: ProbeResult, now: number) {
  return {
    ...probe,
    ...(certificateEnd !== undefined && {
      tls: { validTo: certificateEnd, daysLeft: Math.floor((Date.parse(certificateEnd) - now) / DAY) },
    }),
  }
}
