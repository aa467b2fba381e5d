/** What Entra's shared issuers have in their metadata where a directory's id belongs. */
export const TENANT_PLACEHOLDER = '{tenantid}'

const SHARED = /\/(?:common|organizations)\/v2\.0$/

/** Whether an issuer is one of Entra's that stand for every directory; the tokens name another, each directory its own. */
export function isSharedIssuer(issuer: string): boolean {
  return SHARED.test(issuer)
}

/** The issuer of one directory's tokens; any other issuer is its tokens' own. */
export function tenantIssuer(issuer: string, tenant: string): string {
  return issuer.replace(SHARED, () => `/${tenant}/v2.0`)
}
