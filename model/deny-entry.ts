/** What a deny entry can name. One entry is written per administrative act or revocation. */
export const DENY_KINDS = ['grant', 'person', 'domain', 'tenant', 'client'] as const
export type DenyKind = (typeof DENY_KINDS)[number]

/**
 * Refuses what it names. `person` names an email address or a `sub`, `grant` a grant id (`sid`), `client` a client id.
 * An entry with an `expiresAt` in the table ends then; one without stands until somebody takes it away.
 */
export interface DenyEntry {
  readonly kind: DenyKind
  readonly value: string
  /** Only tokens issued up to then, in seconds since the epoch; absent: whenever they were issued. */
  readonly before?: number | undefined
}

/** What of an access token a deny entry can name. */
export interface Deniable {
  readonly sub: string
  readonly email: string
  readonly tenant: string
  readonly client_id: string
  readonly sid: string
  /** Seconds since the epoch. */
  readonly iat: number
}

/** Table key of an entry, beside the partition `DENY`. */
export function denyEntryKey(kind: DenyKind, value: string): string {
  return `${kind}#${value.toLowerCase()}`
}

/** The first entry that refuses this token. */
export function findDenial(token: Deniable, entries: readonly DenyEntry[]): DenyEntry | undefined {
  const domain = token.email.slice(token.email.lastIndexOf('@') + 1)
  const named: Readonly<Record<DenyKind, readonly string[]>> = {
    grant: [token.sid],
    person: [token.email, token.sub],
    domain: [domain],
    tenant: [token.tenant],
    client: [token.client_id],
  }
  return entries.find(
    ({ kind, value, before }) =>
      (before === undefined || token.iat <= before) &&
      named[kind].some((name) => name.toLowerCase() === value.toLowerCase()),
  )
}
