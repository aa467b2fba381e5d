import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { assertions } from './assertions.ts'
import { browserSessions } from './browser-sessions.ts'
import { cached } from './cached.ts'
import { clientKey, clients, type RegisteredClient, readClient } from './clients.ts'
import { type AuthorizationCode, codeKey, codes, readCode } from './codes.ts'
import { denyEntries } from './deny-entries.ts'
import { factoryDocuments } from './factory-documents.ts'
import { type Grant, grantKey, grants, readGrant } from './grants.ts'
import { holdings } from './holdings.ts'
import { people } from './people.ts'
import { type Key, openTable } from './table.ts'
import { upstreamStates } from './upstream-states.ts'

/** Seconds: a block or a revocation is felt at the next refresh within this time. */
const DENY_FRESH_SECONDS = 10

export type Store = ReturnType<typeof openStore>

/**
 * The factory table by subject. docs/storage.md has every key.
 * @param now seconds since the epoch
 * @param report told of a registered server whose document cannot be read
 */
export function openStore(
  client: DynamoDBClient,
  tableName: string,
  now: () => number,
  report: (server: string) => void,
) {
  const table = openTable(client, tableName, now)
  const denials = denyEntries(table, now)
  const parts = { grants: grants(table, now), people: people(table), browserSessions: browserSessions(table), denials }
  return {
    ...factoryDocuments(table, now, report),
    assertions: assertions(table),
    clients: clients(table),
    codes: codes(table, now),
    ...parts,
    holdings: holdings(table, parts),
    upstreamStates: upstreamStates(table),
    denyEntries: cached(denials.all, DENY_FRESH_SECONDS, now),

    /** A client and a code in one call. */
    async clientAndCode(
      clientId: string,
      flowId: string | undefined,
    ): Promise<{ client: RegisteredClient | undefined; code: AuthorizationCode | undefined }> {
      const { client, item } = await clientAnd(clientId, flowId === undefined ? undefined : codeKey(flowId))
      return { client, code: flowId === undefined ? undefined : readCode(flowId, item) }
    },

    /** A client and a grant in one call. */
    async clientAndGrant(
      clientId: string,
      grantId: string | undefined,
    ): Promise<{ client: RegisteredClient | undefined; grant: Grant | undefined }> {
      const { client, item } = await clientAnd(clientId, grantId === undefined ? undefined : grantKey(grantId))
      return { client, grant: grantId === undefined ? undefined : readGrant(grantId, item) }
    },
  }

  async function clientAnd(clientId: string, key: Key | undefined) {
    const clientsKey = clientKey(clientId)
    const items = await table.getMany([clientsKey, key].filter((each) => each !== undefined))
    return { client: readClient(clientId, clientsKey && items[0]), item: key && items.at(-1) }
  }
}
