/** The tenant that a domain maps to; unmapped domains have none, and their people are refused. */
export function tenantOf(domain: string, tenants: Readonly<Record<string, string>>): string | undefined {
  const wanted = domain.toLowerCase()
  return Object.entries(tenants).find(([mapped]) => mapped.toLowerCase() === wanted)?.[1]
}
