import { sha256 } from '../tokens/secrets.ts'
import { ABSENT, type Table } from './table.ts'

/** Client assertions that were presented: each works once (RFC 7523 §3). */
export function assertions(table: Table) {
  return {
    /**
     * @param expiresAt seconds since the epoch: when the assertion is no good any more anyway
     * @returns false where it is spent already
     */
    async spend(clientId: string, jti: string, expiresAt: number): Promise<boolean> {
      const pk = `ASSERTION#${sha256(JSON.stringify([clientId, jti]))}`
      return table.put({ pk, sk: 'ASSERTION' }, { expiresAt }, ABSENT)
    },
  }
}
