import { SHARED, tenantKey } from '../../../../model/tenant-key.ts'
import type { Table } from '../../../runtime/table.ts'
import type { ProbeResult } from './service-probe.ts'
import { DAY, PROBE_INTERVAL } from './windows.ts'

/** A scheduled probe that was kept. */
export interface KeptProbe extends ProbeResult {
  /** When it was due, in milliseconds since the epoch. */
  readonly at: number
}

const KEPT_DAYS = 7

/**
 * What the scheduled probes found, kept 7 days. One item per service and time, so that a run which EventBridge delivers
 * twice counts once, and a day is one page of a query. Services belong to the factory and a job runs for nobody: the
 * items belong to no tenant.
 */
export class ProbeHistory {
  readonly #table: Table

  constructor(table: Table) {
    this.#table = table
  }

  /** @param at when the probe was due, in milliseconds since the epoch */
  async add(service: string, at: number, result: ProbeResult): Promise<void> {
    await this.#table.put(partition(service), isoTime(at), result, { expiresAt: (at + KEPT_DAYS * DAY) / 1000 })
  }

  /** The probes after one instant and until another, that one included; the oldest first. */
  async between(service: string, after: number, until: number): Promise<KeptProbe[]> {
    const items = await this.#table.query(partition(service), {
      from: isoTime(after + 1),
      to: isoTime(until),
      // A rate is not exact to the second: a run more than expected must not be left out.
      limit: Math.ceil((until - after) / PROBE_INTERVAL) + 60,
    })
    return items.map(keptProbe)
  }

  /** The newest probe, however old. */
  async last(service: string, now: number): Promise<KeptProbe | undefined> {
    const range = { from: isoTime(0), to: isoTime(now), limit: 1, order: 'descending' } as const
    return (await this.#table.query(partition(service), range)).map(keptProbe).at(0)
  }
}

function partition(service: string) {
  return tenantKey(SHARED, 'probes', service)
}

/** RFC 3339 in UTC, which sorts as time does. */
export function isoTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString()
}

function keptProbe({ sk, document }: { readonly sk: string; readonly document: unknown }): KeptProbe {
  return { at: Date.parse(sk), ...(document as ProbeResult) }
}
