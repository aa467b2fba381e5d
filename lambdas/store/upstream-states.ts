import { sha256 } from '../tokens/secrets.ts'
import { ABSENT, type Table } from './table.ts'

/** States that came back from the identity provider and were vouched for: each works once (AS-09). */
export function upstreamStates(table: Table) {
  return {
    /**
     * @param vouching what names the answer of the provider: the same may spend it again, after a reply that was lost
     * @param expiresAt seconds since the epoch: when the flow that made it has ended anyway
     * @returns false where it is spent already
     */
    async spend(state: string, vouching: string, expiresAt: number): Promise<boolean> {
      return table.put(
        { pk: `UPSTREAM#${sha256(state)}`, sk: 'UPSTREAM' },
        { vouching, expiresAt },
        { text: `${ABSENT.text} OR #vouching = :own`, values: { own: vouching } },
      )
    },
  }
}
