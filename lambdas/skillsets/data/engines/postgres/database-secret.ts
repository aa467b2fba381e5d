import type { ConnectionOptions } from 'node:tls'
import * as z from 'zod'

/** What the secret `database` holds, as JSON. */
const databaseSecret = z.strictObject({
  host: z.string().min(1),
  port: z.int().min(1).max(65_535).default(5432),
  database: z.string().min(1),
  /** PEM of whoever signed the server's certificate, where that is none of the well-known authorities. */
  ca: z.string().startsWith('-----BEGIN CERTIFICATE-----').optional(),
  /** Of each tenant's login role, `mcp_<tenant>`. */
  passwords: z.record(z.string(), z.string().min(1)),
})
export type DatabaseSecret = z.output<typeof databaseSecret>

/**
 * The secret's value, checked.
 * @throws Error that names the wrong field, never its value
 */
export function parseDatabaseSecret(value: string | undefined): DatabaseSecret {
  const problem = (found: string) =>
    new Error(`the secret "database" ${found}; docs/data-postgres.md says what it holds`)
  if (value === undefined) throw problem('was never set')
  let json: unknown
  try {
    json = JSON.parse(value)
  } catch {
    // The parser's own message would quote the secret.
    throw problem('is not JSON')
  }
  const { success, data, error } = databaseSecret.safeParse(json)
  if (success) return data
  throw problem(
    `is wrong at ${error.issues.map(({ path, code }) => `${path.join('.') || 'its top'} (${code})`).join(', ')}`,
  )
}

/** A tenant's login role. The policies of row-level security read the tenant out of this name. */
export function roleOf(tenant: string): string {
  return `mcp_${tenant}`
}

/** TLS with certificate and host name verified, as libpq's `sslmode=verify-full`; none to this very machine. */
export function tlsOf({ host, ca }: DatabaseSecret): ConnectionOptions | false {
  if (['localhost', '127.0.0.1', '::1'].includes(host) && ca === undefined) return false
  return { minVersion: 'TLSv1.2', rejectUnauthorized: true, ...(ca !== undefined && { ca }) }
}
