import type { ProbeHistory } from './backends/probe-history.ts'
import type { Service } from './backends/service-probe.ts'

/** What the devops abilities and jobs work with. */
export interface DevopsServices {
  /** The services that the config names. */
  readonly services: readonly Service[]
  readonly history: ProbeHistory
  /** Milliseconds since the epoch. */
  readonly now: () => number
}
