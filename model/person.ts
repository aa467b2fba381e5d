/** A person as the identity provider described them and our rules accepted them. */
export interface Person {
  /** Stable over a change of the connection: {@link subjectId} of the real identity provider. */
  readonly sub: string
  /** Lower case; verified by an issuer that is authoritative for its domain. */
  readonly email: string
  readonly name: string
  readonly picture?: string
  /** The organisation that the email's domain maps to. */
  readonly tenant: string
  /** Only the claims that some access rule names. */
  readonly claims: Readonly<Record<string, unknown>>
}

/** The domain of an email address in lower case, or undefined where there is not exactly one `@` with text on both sides. */
export function emailDomain(email: string): string | undefined {
  const parts = email.toLowerCase().split('@')
  const [local, domain] = parts
  return parts.length === 2 && local && domain ? domain : undefined
}
