import { readDocument, readNumber, readOptionalNumber, readOptionalText, readText } from './read-attributes.ts'
import type { SignedInPerson } from './signed-in-person.ts'
import type { Attributes, Key, Table } from './table.ts'

/** How long a tombstone stays that has no grant under it: longer than any code that could still make one. Seconds. */
const TOMBSTONE_RETENTION = 7200

/** How many exchanged generations a grant remembers: nobody honest exchanges more within the grace window. */
export const SUPERSESSIONS_KEPT = 20

/** What one person gave one client for one server: a refresh-token family. */
export interface Grant {
  readonly grantId: string
  /** The flow whose code made it. */
  readonly flowId: string
  readonly clientId: string
  readonly server: string
  readonly resource: string
  readonly scopes: readonly string[]
  readonly signedIn: SignedInPerson
  readonly salt: string
  /** Of the refresh token in use. */
  readonly generation: number
  /** The key that generation was made with. */
  readonly kid: string
  /** Seconds since the epoch: when each of the newest exchanged generations was, the last one first. */
  readonly supersededAt: readonly number[]
  /** Seconds since the epoch: whatever happens, it ends then. */
  readonly absoluteEnd: number
  /** Seconds since the epoch: moved by use, never beyond the absolute end. */
  readonly expiresAt: number
}

export function grantKey(grantId: string): Key {
  return { pk: `GRANT#${grantId}`, sk: 'GRANT' }
}

/** @returns undefined for a grant that is absent, expired or ended */
export function readGrant(grantId: string, item: Attributes | undefined): Grant | undefined {
  if (item === undefined || readOptionalNumber(item, 'endedAt') !== undefined) return undefined
  return {
    grantId,
    flowId: readText(item, 'flowId'),
    clientId: readText(item, 'clientId'),
    server: readText(item, 'server'),
    resource: readText(item, 'resource'),
    scopes: readText(item, 'scopes').split(' '),
    signedIn: readDocument<SignedInPerson>(item),
    salt: readText(item, 'salt'),
    generation: readNumber(item, 'generation'),
    kid: readText(item, 'kid'),
    supersededAt: parseTimes(readOptionalText(item, 'supersededAt')),
    absoluteEnd: readNumber(item, 'absoluteEnd'),
    expiresAt: readNumber(item, 'expiresAt'),
  }
}

/** The exchanges that a grant remembers after one more. @param now seconds since the epoch */
export function supersede(supersededAt: readonly number[], now: number): number[] {
  return [now, ...supersededAt].slice(0, SUPERSESSIONS_KEPT)
}

/** A grant that was never exchanged has no such attribute. */
function formatTimes(times: readonly number[]): string | undefined {
  return times.length === 0 ? undefined : times.join(' ')
}

function parseTimes(text: string | undefined): number[] {
  return text?.split(' ').map(Number) ?? []
}

export function grants(table: Table, now: () => number) {
  return {
    async find(grantId: string): Promise<Grant | undefined> {
      return readGrant(grantId, await table.get(grantKey(grantId)))
    },

    /**
     * Puts a grant if it is absent. Repeating it for the same code is harmless; after a tombstone it fails.
     * @returns false where the place is taken, by a tombstone for instance
     */
    async begin(grant: Grant): Promise<boolean> {
      const { grantId, scopes, signedIn, supersededAt, ...attributes } = grant
      return table.put(
        grantKey(grantId),
        {
          ...attributes,
          scopes: scopes.join(' '),
          supersededAt: formatTimes(supersededAt),
          doc: JSON.stringify(signedIn),
        },
        {
          text: 'attribute_not_exists(#pk) OR (#flowId = :flowId AND #generation = :first AND #expiresAt > :now AND attribute_not_exists(#endedAt))',
          values: { flowId: grant.flowId, first: 0 },
        },
      )
    },

    /**
     * Exchanges a generation for the next: one conditional update.
     * @param expiresAt seconds since the epoch
     * @returns false where the generation is not the current one any more, or the grant has ended
     */
    async rotate(grant: Grant, kid: string, expiresAt: number): Promise<boolean> {
      return table.update(
        grantKey(grant.grantId),
        {
          text: 'SET #generation = :next, #kid = :kid, #supersededAt = :supersededAt, #expiresAt = :until',
          values: {
            next: grant.generation + 1,
            kid,
            supersededAt: formatTimes(supersede(grant.supersededAt, now())),
            until: expiresAt,
          },
        },
        {
          text: '#generation = :current AND #expiresAt > :now AND attribute_not_exists(#endedAt)',
          values: { current: grant.generation },
        },
      )
    },

    /** Ends a grant for good, also one that is not there yet: it leaves a tombstone. */
    async end(grantId: string): Promise<void> {
      await table.update(grantKey(grantId), {
        text: 'SET #endedAt = if_not_exists(#endedAt, :now), #expiresAt = if_not_exists(#expiresAt, :until)',
        values: { until: now() + TOMBSTONE_RETENTION },
      })
    },
  }
}
