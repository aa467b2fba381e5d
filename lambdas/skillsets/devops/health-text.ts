import type { Availability } from './backends/windows.ts'

/** Two digits, never rounded up to a perfection that was not. */
function percent(fraction: number): string {
  return `${Math.floor(fraction * 10_000) / 100} %`
}

/** `98.33 % of 60 probes`, with what is missing. */
export function availabilityText({ availability, probes, expected }: Availability): string {
  if (availability === undefined) return 'no data'
  return `${percent(availability)} of ${probes} ${probes === 1 ? 'probe' : 'probes'}${probes < expected ? ` (${expected} expected)` : ''}`
}

interface Reported {
  readonly service: string
  readonly status: string
  readonly detail?: string | undefined
  readonly tls?: { readonly daysLeft: number } | undefined
}

/** `shop: unhealthy (answered 503, expected 2xx), certificate ends in 12 days` */
export function statusText({ service, status, detail, tls }: Reported): string {
  return `${service}: ${status}${detail === undefined ? '' : ` (${detail})`}${tls ? `, ${certificateText(tls.daysLeft)}` : ''}`
}

function certificateText(daysLeft: number): string {
  return daysLeft < 0 ? 'certificate has ended' : `certificate ends in ${daysLeft} days`
}
