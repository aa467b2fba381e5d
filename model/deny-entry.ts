/** What a deny entry can name. One entry is written per administrative act or revocation. */
export const DENY_KINDS = ['grant', 'person', 'domain', 'tenant', 'client'] as const
export type DenyKind = (typeof DENY_KINDS)[number]

/**
 * Refuses what it names: tokens issued before `before` (seconds since the epoch). `person` names an email address or
 * a `sub`, `grant` a grant id (`sid`), `client` a client id.
 */
export interface DenyEntry {
  readonly kind: DenyKind
  readonly value: string
  readonly before: number
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

/** The first entry that names this token and was made after it was issued. */
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
      token.iat <= before && named[kind].some((name) => name.toLowerCase() === value.toLowerCase()),
  )
}
