import type { FileSource, SourceFile } from './file-source.ts'

/** A tenant as the config names them; another text could mean the folders of others. */
const TENANT = /^[a-z0-9](?:[a-z0-9-]|\.(?!\.))*$/

/**
 * Lists the files that a declared path means for a tenant: `*` stands for any part of one name, `{tenant}` for the tenant.
 * The source is asked for nothing that lies below another tenant's name.
 */
export async function listFiles(source: FileSource, pattern: string, tenant: string): Promise<readonly SourceFile[]> {
  if (pattern.includes('{tenant}') && !TENANT.test(tenant)) return []
  const path = pattern.replaceAll('{tenant}', tenant)
  const fixed = path.split('*', 1)[0] ?? ''
  const prefix = fixed === path ? path : fixed.slice(0, fixed.lastIndexOf('/') + 1)
  const names = path.replace(/[^A-Za-z0-9_*]/g, '\\$&').replaceAll('*', '[^/]*')
  const pathOfFile = new RegExp(`^${names}$`)
  const files = await source.list(prefix)
  return files.filter(({ key }) => pathOfFile.test(key)).toSorted((one, other) => (one.key < other.key ? -1 : 1))
}
