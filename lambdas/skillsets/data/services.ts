import type { Engine } from './engines/engine.ts'
import type { Leases } from './limits/leases.ts'
import type { Limits } from './options.ts'
import type { SavedReports } from './reports/saved-reports.ts'
import type { KeptResults } from './results/kept-results.ts'

/** What the data abilities work with. */
export interface DataServices {
  readonly engine: Engine
  readonly leases: Leases
  readonly results: KeptResults
  readonly reports: SavedReports
  readonly limits: Limits
  /** Milliseconds since the epoch. */
  readonly now: () => number
}
