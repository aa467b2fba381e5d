import { DuckDBInstance } from '@duckdb/node-api'
import type { OpenQuestion } from './messages.ts'

/**
 * Opens a database that nothing can be written to, from which no file, host or extension can be reached, and whose settings
 * cannot be changed any more. It holds whatever SQL it is given; the judgement of statements comes before it.
 */
export async function openReadOnly({
  path,
  memoryMegabytes,
  threads,
}: Omit<OpenQuestion, 'kind'>): Promise<DuckDBInstance> {
  return await DuckDBInstance.create(path, {
    access_mode: 'READ_ONLY',
    memory_limit: `${memoryMegabytes}MB`,
    threads: String(threads),
    // Nothing is spilled: the disk holds the tenants' files, and a query that needs more memory is to be narrowed.
    temp_directory: '',
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    allow_community_extensions: 'false',
    allow_persistent_secrets: 'false',
    // In this order: DuckDB refuses other settings once external access is off, and every setting once they are locked.
    enable_external_access: 'false',
    lock_configuration: 'true',
  })
}
