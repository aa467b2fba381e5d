import { sha256 } from '../tokens/secrets.ts'
import { ABSENT, type Table } from './table.ts'

/** States that came back from the identity provider and were vouched for: each works once (AS-09). */
export function upstreamStates(table: Table) {
  return {
    /**
     * @param expiresAt seconds since the epoch: when the flow that made it has ended anyway
     * @returns false where it is spent already
     */
    async spend(state: string, expiresAt: number): Promise<boolean> {
      return table.put({ pk: `UPSTREAM#${sha256(state)}`, sk: 'UPSTREAM' }, { expiresAt }, ABSENT)
    },
  }
}
