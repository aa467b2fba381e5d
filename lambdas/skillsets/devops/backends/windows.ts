import type { KeptProbe } from './probe-history.ts'

const MINUTE = 60_000
export const DAY = 1_440 * MINUTE

/** How often the schedule probes. */
export const PROBE_EVERY_MINUTES = 1
/** Milliseconds. */
export const PROBE_INTERVAL = PROBE_EVERY_MINUTES * MINUTE

/** How a service did in a span of time, exactly, by the scheduled probes in it. */
export interface Availability {
  readonly probes: number
  /** How many the schedule should have made: where there were fewer, nothing is known of the rest. */
  readonly expected: number
  readonly failures: number
  /** Successes by probes, failures by probes; absent without a probe: no data is neither up nor down. */
  readonly availability?: number
  readonly errorRate?: number
  /** Nearest-rank percentiles of the healthy answers, in milliseconds. */
  readonly latencyMs?: { readonly p50: number; readonly p95: number }
}

export const WINDOWS = { '5m': 5 * MINUTE, '1h': 60 * MINUTE, '24h': DAY } as const
export type WindowName = keyof typeof WINDOWS

/**
 * The windows that end now. A probe due exactly now is in, one due exactly a window's length ago is not, so that five
 * minutes hold five probes.
 * @param probes of the last 24 hours at least
 */
export function windowsAt(now: number, probes: readonly KeptProbe[]): ({ window: WindowName } & Availability)[] {
  return Object.entries(WINDOWS).map(([window, length]) => ({
    window: window as WindowName,
    ...availabilityOf(
      probes.filter(({ at }) => at > now - length && at <= now),
      length,
    ),
  }))
}

/** @param length of the span that the probes are all those of, in milliseconds */
export function availabilityOf(probes: readonly KeptProbe[], length: number): Availability {
  const healthy = probes.filter(({ status }) => status === 'healthy').map(({ latencyMs }) => latencyMs)
  const failures = probes.length - healthy.length
  return {
    probes: probes.length,
    expected: Math.round(length / PROBE_INTERVAL),
    failures,
    ...(probes.length > 0 && {
      availability: healthy.length / probes.length,
      errorRate: failures / probes.length,
    }),
    ...(healthy.length > 0 && { latencyMs: { p50: percentile(healthy, 50), p95: percentile(healthy, 95) } }),
  }
}

function percentile(values: readonly number[], rank: number): number {
  const sorted = values.toSorted((one, other) => one - other)
  return sorted[Math.ceil((rank / 100) * sorted.length) - 1] ?? 0
}
