import type { browserSessions } from './browser-sessions.ts'
import type { denyEntries } from './deny-entries.ts'
import { type Grant, grantKey, type grants, readGrant } from './grants.ts'
import type { NotedGrant, NotedSession, people } from './people.ts'
import type { Table } from './table.ts'

/** A grant as its person sees it. */
export interface HeldGrant extends NotedGrant, Pick<Grant, 'scopes' | 'expiresAt'> {
  /** Seconds since the epoch: the newest exchange of its refresh token, else when it was allowed. */
  readonly lastUsedAt: number
}

/** What a person has given, and where they are signed in. */
export interface Holdings {
  readonly grants: readonly HeldGrant[]
  readonly browserSessions: readonly NotedSession[]
}

/** A person's grants and browser sessions together: listed, and ended with everything that hangs on them. */
export function holdings(
  table: Table,
  parts: {
    readonly grants: ReturnType<typeof grants>
    readonly people: ReturnType<typeof people>
    readonly browserSessions: ReturnType<typeof browserSessions>
    readonly denials: ReturnType<typeof denyEntries>
  },
) {
  const { people, denials } = parts

  /** The tombstone, which stops every refresh, comes last: a caller who tries again still finds the grant. */
  async function stop(sub: string, grantId: string, accessTokenLifetime: number): Promise<void> {
    await denials.denyGrant(grantId, accessTokenLifetime)
    await parts.grants.end(grantId)
    await people.forgetGrant(sub, grantId)
  }

  /**
   * Ends a grant for good. Its remembered consents go, or the client would have a new one unasked.
   * @param accessTokenLifetime seconds
   */
  async function endGrant(
    sub: string,
    { grantId, clientId, server }: Pick<Grant, 'grantId' | 'clientId' | 'server'>,
    accessTokenLifetime: number,
  ): Promise<void> {
    const { consents } = await people.index(sub)
    for (const consent of consents)
      if (consent.clientId === clientId && consent.server === server) await people.forgetConsent(sub, consent.digest)
    await stop(sub, grantId, accessTokenLifetime)
  }

  return {
    endGrant,

    /** The newest first. */
    async list(sub: string): Promise<Holdings> {
      const { grants: noted, browserSessions } = await people.index(sub)
      const items = await table.getMany(noted.map(({ grantId }) => grantKey(grantId)))
      const held = noted.flatMap((note, index): HeldGrant[] => {
        const grant = readGrant(note.grantId, items[index])
        if (grant === undefined) return []
        const { scopes, expiresAt, supersededAt } = grant
        return [{ ...note, scopes, expiresAt, lastUsedAt: supersededAt[0] ?? note.allowedAt }]
      })
      return {
        grants: held.toSorted((one, other) => other.lastUsedAt - one.lastUsedAt),
        browserSessions: browserSessions.toSorted((one, other) => other.signedInAt - one.signedInAt),
      }
    },

    /**
     * Ends everything a person has: grants, browser sessions, remembered consents; what is being issued in this moment
     * as well.
     * @param accessTokenLifetime seconds
     */
    async endAll(sub: string, accessTokenLifetime: number): Promise<void> {
      await denials.denyIssued(sub, accessTokenLifetime)
      const { grants, browserSessions, consents } = await people.index(sub)
      for (const { id } of browserSessions) await parts.browserSessions.end(sub, id)
      for (const { digest } of consents) await people.forgetConsent(sub, digest)
      for (const { grantId } of grants) await stop(sub, grantId, accessTokenLifetime)
    },
  }
}
