import type { IncomingMessage } from 'node:http'
import * as z from 'zod/mini'
import type { TableAccess } from './environment.ts'
import { signedHeaders } from './signed-request.ts'
import type { TableItems } from './snapshot.ts'

/** The table did not answer, or not with its items. */
export class TableUnreachable extends Error {
  override readonly name = 'TableUnreachable'
}

/** DynamoDB's attribute values by type: of an item's attributes the gate reads strings and numbers. */
const item = z.record(z.string(), z.object({ S: z.optional(z.string()), N: z.optional(z.string()) }))
const batchGetItemOutput = z.object({
  Responses: z.record(z.string(), z.array(item)),
  UnprocessedKeys: z.optional(z.record(z.string(), z.unknown())),
})
const queryOutput = z.object({ Items: z.array(item), LastEvaluatedKey: z.optional(item) })
type Item = z.infer<typeof item>

/**
 * Makes a function that reads the gate's part of the factory table: one BatchGetItem and one Query (more only where the
 * deny entries exceed a megabyte), side by side, both strongly consistent. It speaks DynamoDB's JSON protocol itself:
 * AWS's SDK takes longer to load than all the rest of the gate (PLATFORM 31), and so does Node's `fetch`.
 * @param clock milliseconds since the epoch
 * @returns a function that rejects with {@link TableUnreachable}; its parameter is the time that everything together may
 *   take, in milliseconds
 */
export function tableReader(
  access: TableAccess,
  serverName: string,
  clock: () => number,
): (timeLimit: number) => Promise<TableItems> {
  const { endpoint, tableName } = access
  const serverKey = `SERVER#${serverName}`
  const keys = { KEYS: 'KEYS', POLICY: 'POLICY', [serverKey]: 'SERVER' }
  // No import: one of node:http reads its export `WebSocket`, too, for which Node loads all that `fetch` is made of.
  const { request }: Pick<typeof import('node:http'), 'request'> = process.getBuiltinModule(
    endpoint.startsWith('https:') ? 'https' : 'http',
  )

  /**
   * Tries once: trying again is the snapshot's business, which has an older one to fall back on. On a connection of its
   * own: one that a frozen instance had kept is dead when it wakes up.
   */
  async function call(operation: string, input: unknown, signal: AbortSignal): Promise<unknown> {
    const body = JSON.stringify(input)
    const headers = signedHeaders(access, operation, body, clock())
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      request(endpoint, { method: 'POST', headers, agent: false, signal }, resolve).on('error', reject).end(body)
    })
    const text = (await response.setEncoding('utf8').toArray()).join('')
    const { statusCode } = response
    if (statusCode !== 200) throw new TableUnreachable(`${operation} answered ${statusCode} ${errorType(text)}`)
    return JSON.parse(text)
  }

  async function documents(signal: AbortSignal): Promise<Map<unknown, string>> {
    const Keys = Object.entries(keys).map(([pk, sk]) => ({ pk: { S: pk }, sk: { S: sk } }))
    const input = { RequestItems: { [tableName]: { Keys, ConsistentRead: true } } }
    const output = batchGetItemOutput.parse(await call('BatchGetItem', input, signal))
    // An item that was not read is not an item that does not exist.
    if (Object.keys(output.UnprocessedKeys ?? {}).length > 0)
      throw new TableUnreachable('BatchGetItem left keys unprocessed')
    return new Map((output.Responses[tableName] ?? []).map(plain).map(({ pk, doc }) => [pk, String(doc)]))
  }

  async function denyEntries(signal: AbortSignal): Promise<TableItems['denyEntries']> {
    const entries: Record<string, unknown>[] = []
    let from: Item | undefined
    do {
      const input = {
        TableName: tableName,
        KeyConditionExpression: 'pk = :deny',
        ExpressionAttributeValues: { ':deny': { S: 'DENY' } },
        ConsistentRead: true,
        ExclusiveStartKey: from,
      }
      const output = queryOutput.parse(await call('Query', input, signal))
      entries.push(...output.Items.map(plain))
      from = output.LastEvaluatedKey
    } while (from !== undefined)
    return entries
  }

  return async (timeLimit) => {
    const signal = AbortSignal.timeout(timeLimit)
    try {
      const [found, denied] = await Promise.all([documents(signal), denyEntries(signal)])
      return {
        keys: found.get('KEYS'),
        policy: found.get('POLICY'),
        server: found.get(serverKey),
        denyEntries: denied,
      }
    } catch (cause) {
      if (cause instanceof TableUnreachable) throw cause
      throw new TableUnreachable('the table did not answer', { cause })
    }
  }
}

function plain(attributes: Item): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, { S, N }]) => [name, N === undefined ? S : Number(N)]),
  )
}

/** AWS's name of an error, such as `AccessDeniedException`; its message may name resources and stays out. */
function errorType(text: string): string {
  return /"__type"\s*:\s*"(?:[^"#]*#)?([A-Za-z]+)"/.exec(text)?.[1] ?? ''
}
