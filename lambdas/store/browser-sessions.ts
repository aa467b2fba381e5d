import { sha256 } from '../tokens/secrets.ts'
import { readDocument, readNumber } from './read-attributes.ts'
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

    /**
     * @param expiresAt seconds since the epoch
     * @param browser which one, roughly: by this the person tells their browser sessions apart
     */
    async begin(
      cookie: string,
      signedIn: SignedInPerson,
      expiresAt: number,
      browser: string | undefined,
    ): Promise<BrowserSession> {
      const id = sha256(cookie)
      const { sub } = signedIn.person
      // Under the person first: a session that nobody finds could not be ended.
      await table.put(noteKey(sub, id), { signedInAt: signedIn.signedInAt, browser, expiresAt })
      await table.put(sessionKey(id), { sub, doc: JSON.stringify(signedIn), expiresAt })
      return { id, signedIn, expiresAt }
    },

    /** Ends a browser session, if it is this person's. */
    async end(sub: string, id: string): Promise<void> {
      await table.delete(sessionKey(id), { text: '#sub = :sub', values: { sub } })
      await table.delete(noteKey(sub, id))
    },
  }
}

function sessionKey(id: string): Key {
  return { pk: `BROWSER#${id}`, sk: 'BROWSER' }
}

function noteKey(sub: string, id: string): Key {
  return { pk: `PERSON#${sub}`, sk: `BROWSER#${id}` }
}
