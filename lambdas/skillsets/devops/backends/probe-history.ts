import { randomUUID } from 'node:crypto'
import { SHARED, tenantKey } from '../../../../model/tenant-key.ts'
import type { Table } from '../../../runtime/table.ts'
import type { ProbeResult } from './service-probe.ts'

/** Past results of one service. */
export interface RecentProbes {
  readonly service: string
  /** How many results the fraction is made of. */
  readonly samples: number
  readonly healthy: number
  /** healthy / samples; absent where there are no samples. */
  readonly availability?: number | undefined
  /** RFC 3339: the oldest and the newest of these results. */
  readonly from?: string | undefined
  readonly to?: string | undefined
}

const DAY = 86_400
const KEPT_DAYS = 7
const RECENT_SAMPLES = 100

/** Results of probes, kept 7 days. Services belong to the factory, so their results belong to no tenant. */
export class ProbeHistory {
  readonly #table: Table

  constructor(table: Table) {
    this.#table = table
  }

  async add(result: ProbeResult): Promise<void> {
    const expiresAt = Date.parse(result.checkedAt) / 1000 + KEPT_DAYS * DAY
    // Two instances may probe in the same millisecond.
    await this.#table.put(partition(result.service), `${result.checkedAt}#${randomUUID()}`, result, { expiresAt })
  }

  /** The newest results of the last 24 hours, at most 100. */
  async recent(service: string, now: number): Promise<RecentProbes> {
    const items = await this.#table.query(partition(service), {
      from: new Date(now - DAY * 1000).toISOString(),
      to: `${new Date(now).toISOString()}~`,
      limit: RECENT_SAMPLES,
      order: 'descending',
    })
    const results = items.map(({ document }) => document as ProbeResult)
    const healthy = results.filter(({ status }) => status === 'healthy').length
    const samples = results.length
    return {
      service,
      samples,
      healthy,
      ...(samples > 0 && {
        availability: healthy / samples,
        from: results.at(-1)?.checkedAt,
        to: results[0]?.checkedAt,
      }),
    }
  }
}

function partition(service: string) {
  return tenantKey(SHARED, 'health', service)
}
