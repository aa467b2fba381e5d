import { sha256 } from '../tokens/secrets.ts'
import { readNumber, readOptionalText, readText } from './read-attributes.ts'
import type { Table } from './table.ts'

/** What is noted of a grant when its code is issued: what the person saw when they were asked. */
export interface NotedGrant {
  readonly grantId: string
  readonly clientId: string
  readonly server: string
  /** As the client called itself. */
  readonly clientName?: string | undefined
  /** Where the answer went, in words. */
  readonly destination: string
  /** Seconds since the epoch. */
  readonly allowedAt: number
}

export interface NotedSession {
  /** Hash of the cookie. */
  readonly id: string
  /** Seconds since the epoch. */
  readonly signedInAt: number
  /** Which browser, roughly. */
  readonly browser?: string | undefined
  /** Seconds since the epoch. */
  readonly expiresAt: number
}

/** A remembered consent. */
export interface NotedConsent {
  readonly digest: string
  readonly clientId: string
  readonly server: string
}

/** What a person's partition holds: remembered consents, and an index of grants and browser sessions. */
export function people(table: Table) {
  const remembered = (sub: string, digest: string) => ({ pk: `PERSON#${sub}`, sk: `CONSENT#${digest}` })
  const noted = (sub: string, grantId: string) => ({ pk: `PERSON#${sub}`, sk: `GRANT#${grantId}` })
  const address = (email: string) => `EMAIL#${sha256(email)}`

  return {
    /** The scopes that a person remembered for exactly this; undefined where nothing is remembered. */
    async rememberedConsent(sub: string, digest: string): Promise<string[] | undefined> {
      const item = await table.get(remembered(sub, digest))
      return item && readText(item, 'scopes').split(' ')
    },

    /** @param expiresAt seconds since the epoch */
    async rememberConsent(
      sub: string,
      digest: string,
      consent: { readonly clientId: string; readonly server: string; readonly scopes: readonly string[] },
      expiresAt: number,
    ): Promise<void> {
      await table.put(remembered(sub, digest), { ...consent, scopes: consent.scopes.join(' '), expiresAt })
    },

    async forgetConsent(sub: string, digest: string): Promise<void> {
      await table.delete(remembered(sub, digest))
    },

    /**
     * Notes a grant under its person. It is written with the code, before the grant itself is: a reader takes the
     * grant's own item for the truth.
     */
    async noteGrant(sub: string, grant: NotedGrant, expiresAt: number): Promise<void> {
      const { grantId, ...attributes } = grant
      await table.put(noted(sub, grantId), { ...attributes, expiresAt })
    },

    async forgetGrant(sub: string, grantId: string): Promise<void> {
      await table.delete(noted(sub, grantId))
    },

    /** Notes who signs in with an address, so that an administrator finds them. @param email in lower case */
    async noteEmail(email: string, sub: string, expiresAt: number): Promise<void> {
      await table.put({ pk: address(email), sk: sub }, { expiresAt })
    },

    /** Every `sub` that signed in with an address. @param email in lower case */
    async withEmail(email: string): Promise<string[]> {
      return (await table.query(address(email))).map((item) => readText(item, 'sk'))
    },

    /** Everything that is noted of a person, in one query. */
    async index(
      sub: string,
    ): Promise<{ grants: NotedGrant[]; browserSessions: NotedSession[]; consents: NotedConsent[] }> {
      const items = (await table.query(`PERSON#${sub}`)).map((item) => {
        const [kind, id = ''] = readText(item, 'sk').split('#')
        return { kind, id, item }
      })
      const all = (wanted: string) => items.filter(({ kind }) => kind === wanted)
      const what = (item: (typeof items)[number]['item']) => ({
        clientId: readText(item, 'clientId'),
        server: readText(item, 'server'),
      })
      return {
        grants: all('GRANT').map(({ id, item }) => ({
          grantId: id,
          ...what(item),
          clientName: readOptionalText(item, 'clientName'),
          destination: readText(item, 'destination'),
          allowedAt: readNumber(item, 'allowedAt'),
        })),
        browserSessions: all('BROWSER').map(({ id, item }) => ({
          id,
          signedInAt: readNumber(item, 'signedInAt'),
          browser: readOptionalText(item, 'browser'),
          expiresAt: readNumber(item, 'expiresAt'),
        })),
        consents: all('CONSENT').map(({ id, item }) => ({ digest: id, ...what(item) })),
      }
    },
  }
}
