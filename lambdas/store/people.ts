import { readText } from './read-attributes.ts'
import type { Table } from './table.ts'

/** What a person's partition holds beside browser sessions: remembered consents, and an index of grants. */
export function people(table: Table) {
  return {
    /** The scopes that a person remembered for exactly this; undefined where nothing is remembered. */
    async rememberedConsent(sub: string, digest: string): Promise<string[] | undefined> {
      const item = await table.get({ pk: `PERSON#${sub}`, sk: `CONSENT#${digest}` })
      return item && readText(item, 'scopes').split(' ')
    },

    /** @param expiresAt seconds since the epoch */
    async rememberConsent(
      sub: string,
      digest: string,
      consent: { readonly clientId: string; readonly server: string; readonly scopes: readonly string[] },
      expiresAt: number,
    ): Promise<void> {
      await table.put(
        { pk: `PERSON#${sub}`, sk: `CONSENT#${digest}` },
        { ...consent, scopes: consent.scopes.join(' '), expiresAt },
      )
    },

    /**
     * Notes a grant under its person. It is written with the code, before the grant itself is: a reader takes the
     * grant's own item for the truth.
     */
    async noteGrant(
      sub: string,
      grant: { readonly grantId: string; readonly clientId: string; readonly server: string },
      expiresAt: number,
    ): Promise<void> {
      const { grantId, ...attributes } = grant
      await table.put({ pk: `PERSON#${sub}`, sk: `GRANT#${grantId}` }, { ...attributes, expiresAt })
    },
  }
}
