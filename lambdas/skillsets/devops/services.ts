import type { ProbeHistory } from './backends/probe-history.ts'
import type { ProbeEnvironment, Service } from './backends/service-probe.ts'

/** What the devops abilities work with. */
export interface DevopsServices {
  /** The services that the config names. */
  readonly services: readonly Service[]
  readonly history: ProbeHistory
  readonly probing: ProbeEnvironment
}
