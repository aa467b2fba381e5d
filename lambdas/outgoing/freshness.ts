import type { IncomingHttpHeaders } from 'node:http'

/** Seconds: however long a document says that it is good, we look again. */
const LONGEST = 3600
/** Seconds for a document that says nothing. */
const USUAL = 300

/**
 * How long an answer may be used again (RFC 9111 §4.2), in seconds.
 * @param now milliseconds
 */
export function freshness(headers: IncomingHttpHeaders, now: number): number {
  const directives = (headers['cache-control'] ?? '').toLowerCase().split(/\s*,\s*/)
  if (directives.includes('no-store') || directives.includes('no-cache')) return 0
  const maxAge = directives.map((directive) => /^(?:s-maxage|max-age)="?(\d{1,9})"?$/.exec(directive)?.[1])
  const stated = maxAge.find((seconds) => seconds !== undefined)
  const expires = headers.expires === undefined ? undefined : (Date.parse(headers.expires) - now) / 1000
  const lifetime = stated !== undefined ? Number(stated) - age(headers.age) : (expires ?? USUAL)
  return Math.min(Math.max(Math.floor(lifetime) || 0, 0), LONGEST)
}

function age(header: string | undefined): number {
  return /^\d{1,9}$/.test(header ?? '') ? Number(header) : 0
}
