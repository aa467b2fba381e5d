import type { Grant } from '../../store/grants.ts'

/** What of a grant says whose it is, and for what. */
export interface AuditedGrant extends Pick<Grant, 'grantId' | 'clientId' | 'server'> {
  readonly signedIn: { readonly person: { readonly sub: string; readonly email?: string; readonly tenant?: string } }
}

/** The fields of every audit event that is about a grant. */
export function auditedGrant({ grantId, clientId, server, signedIn }: AuditedGrant) {
  const { sub, email, tenant } = signedIn.person
  return { sub, email, tenant, client: clientId, grant: grantId, server }
}
