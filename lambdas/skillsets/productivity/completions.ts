import { Temporal } from 'temporal-polyfill'
import type { AbilityContext } from '../../runtime/ability-context.ts'
import type { Typed } from '../../runtime/completions.ts'
import { isTimeZone } from './event-time.ts'
import type { ProductivityServices } from './services.ts'

export function timeZones(): readonly string[] {
  return Intl.supportedValuesOf('timeZone')
}

/** Today and the six days after it, in the time zone that was chosen already, otherwise in UTC. */
export function nextDays(
  { services: { now } }: AbilityContext<ProductivityServices>,
  { arguments: { timeZone = 'UTC' } }: Typed,
): readonly string[] {
  const zone = isTimeZone(timeZone) ? timeZone : 'UTC'
  const today = Temporal.Instant.fromEpochMilliseconds(now()).toZonedDateTimeISO(zone).toPlainDate()
  return Array.from({ length: 7 }, (_, days) => today.add({ days }).toString())
}
