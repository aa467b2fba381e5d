import type { TenantKey } from '../../../model/tenant-key.ts'
import { sha256 } from '../../tokens/secrets.ts'
import type { Table } from '../table.ts'

/**
 * Uses something up that was sealed.
 * @param until milliseconds since the epoch: when it no longer opens, nothing has to be remembered
 * @returns false where it had been used before
 */
export function spendOnce(table: Table, partition: TenantKey, sealed: string, until: number): Promise<boolean> {
  return table.create(partition, `SPENT#${sha256(sealed)}`, {}, { expiresAt: Math.ceil(until / 1000) })
}
