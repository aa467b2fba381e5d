import { sha256 } from '../tokens/secrets.ts'
import { readDocument, readNumber, readText } from './read-attributes.ts'
import type { SignedInPerson } from './signed-in-person.ts'
import type { Key, Table } from './table.ts'

/** A person signed in at the authorization server in one browser. The cookie's value is stored only as its hash. */
export interface BrowserSession {
  /** Hash of the cookie; names the session without opening it. */
  readonly id: string
  readonly signedIn: SignedInPerson
  /** Seconds since the epoch. */
  readonly expiresAt: number
}

/** What was made by `randomSecret`; nothing else is looked up. */
const COOKIE = /^[A-Za-z0-9_-]{43}$/

export function browserSessions(table: Table) {
  return {
    async find(cookie: string): Promise<BrowserSession | undefined> {
      if (!COOKIE.test(cookie)) return undefined
      const id = sha256(cookie)
      const item = await table.get(sessionKey(id))
      return item && { id, signedIn: readDocument<SignedInPerson>(item), expiresAt: readNumber(item, 'expiresAt') }
    },

    /** @param expiresAt seconds since the epoch */
    async begin(cookie: string, signedIn: SignedInPerson, expiresAt: number): Promise<BrowserSession> {
      const id = sha256(cookie)
      const { sub } = signedIn.person
      await table.put(sessionKey(id), { sub, doc: JSON.stringify(signedIn), expiresAt })
      await table.put({ pk: `PERSON#${sub}`, sk: `BROWSER#${id}` }, { signedInAt: signedIn.signedInAt, expiresAt })
      return { id, signedIn, expiresAt }
    },

    async end(cookie: string): Promise<void> {
      if (!COOKIE.test(cookie)) return
      const id = sha256(cookie)
      const item = await table.get(sessionKey(id))
      if (item === undefined) return
      await table.delete(sessionKey(id))
      await table.delete({ pk: `PERSON#${readText(item, 'sub')}`, sk: `BROWSER#${id}` })
    },
  }
}

function sessionKey(id: string): Key {
  return { pk: `BROWSER#${id}`, sk: 'BROWSER' }
}
