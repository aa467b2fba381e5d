import * as z from 'zod'

import { ignored } from '../resource-properties.ts'
import { UnsupportedError } from '../stack.ts'

/** What properties of both kinds of API have in common. */
export const texts = z.record(z.string(), z.string())
export const throttleLimits = {
  /** Requests per second that refill the bucket. */
  ThrottlingRateLimit: z.number().optional(),
  /** The bucket's size. */
  ThrottlingBurstLimit: z.number().optional(),
}
export const accessLogSetting = z.strictObject({ DestinationArn: ignored, Format: z.string() }).optional()

/** @throws UnsupportedError where there is none or more than one */
export function theOnly<T>(found: readonly T[], what: string): T {
  const [one] = found
  if (one === undefined || found.length > 1)
    throw new UnsupportedError(`${what}: found ${found.length}; allowed: exactly one`)
  return one
}
