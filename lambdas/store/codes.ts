import { readDocument, readNumber, readOptionalNumber, readText } from './read-attributes.ts'
import type { SignedInPerson } from './signed-in-person.ts'
import type { Attributes, Key, Table } from './table.ts'

/** Kept long after it can be redeemed, so that a second use is recognised. Seconds. */
const CODE_RETENTION = 3600

/** The one authorization code of a flow, and all it is bound to. */
export interface AuthorizationCode {
  readonly flowId: string
  readonly clientId: string
  /** The token request must name the same (RFC 6749 §4.1.3). */
  readonly redirectUri: string
  /** S256 (RFC 7636 §4.2). */
  readonly codeChallenge: string
  readonly resource: string
  readonly server: string
  readonly scopes: readonly string[]
  readonly grantId: string
  /** The grant's salt, chosen with its id: putting the grant twice puts the same grant. */
  readonly salt: string
  /** The key the code was made with. */
  readonly kid: string
  readonly signedIn: SignedInPerson
  /** Seconds since the epoch. */
  readonly redeemableUntil: number
  /** Seconds since the epoch; absent before its first use. */
  readonly usedAt?: number | undefined
}

export function codeKey(flowId: string): Key {
  return { pk: `CODE#${flowId}`, sk: 'CODE' }
}

export function readCode(flowId: string, item: Attributes | undefined): AuthorizationCode | undefined {
  return (
    item && {
      flowId,
      clientId: readText(item, 'clientId'),
      redirectUri: readText(item, 'redirectUri'),
      codeChallenge: readText(item, 'codeChallenge'),
      resource: readText(item, 'resource'),
      server: readText(item, 'server'),
      scopes: readText(item, 'scopes').split(' '),
      grantId: readText(item, 'grantId'),
      salt: readText(item, 'salt'),
      kid: readText(item, 'kid'),
      signedIn: readDocument<SignedInPerson>(item),
      redeemableUntil: readNumber(item, 'redeemableUntil'),
      usedAt: readOptionalNumber(item, 'usedAt'),
    }
  )
}

export function codes(table: Table, now: () => number) {
  return {
    async find(flowId: string): Promise<AuthorizationCode | undefined> {
      return readCode(flowId, await table.get(codeKey(flowId)))
    },

    /**
     * One flow yields at most one code.
     * @returns false where the flow has one already
     */
    async issue(code: AuthorizationCode): Promise<boolean> {
      const { flowId, scopes, signedIn, usedAt, ...bound } = code
      return table.put(
        codeKey(flowId),
        { ...bound, scopes: scopes.join(' '), doc: JSON.stringify(signedIn), expiresAt: now() + CODE_RETENTION },
        { text: 'attribute_not_exists(#pk)' },
      )
    },

    /**
     * Spends a code: one conditional update, so of any number of parallel requests one wins.
     * @param redemption random, the request's own: the SDK may repeat a call whose reply was lost
     * @returns false where it is spent or expired
     */
    async redeem(flowId: string, redemption: string): Promise<boolean> {
      return table.update(
        codeKey(flowId),
        { text: 'SET #usedAt = :now, #redemption = :redemption', values: { redemption } },
        {
          text: '#expiresAt > :now AND #redeemableUntil > :now AND (attribute_not_exists(#usedAt) OR #redemption = :redemption)',
        },
      )
    },

    /** Gives a code back whose redemption could not be finished because the table failed. */
    async release(flowId: string, redemption: string): Promise<void> {
      await table.update(
        codeKey(flowId),
        { text: 'REMOVE #usedAt, #redemption', values: { redemption } },
        { text: '#expiresAt > :now AND #redemption = :redemption' },
      )
    },
  }
}
