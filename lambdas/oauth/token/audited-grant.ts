/** Whose grant, and for what, as every audit event of one says. */
export function auditedGrant(grant: {
  readonly grantId: string
  readonly clientId: string
  readonly server: string
  readonly signedIn: { readonly person: { readonly sub: string; readonly email?: string; readonly tenant?: string } }
}) {
  const { grantId, clientId, server, signedIn } = grant
  const { sub, email, tenant } = signedIn.person
  return { sub, email, tenant, client: clientId, grant: grantId, server }
}
