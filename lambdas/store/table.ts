import {
  type AttributeValue,
  BatchGetItemCommand,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb'
import { StoreUnavailable } from './store-unavailable.ts'

export interface Key {
  readonly pk: string
  readonly sk: string
}
export type Value = string | number
export type Attributes = Readonly<Record<string, Value | undefined>>

/** An expression with `#name` for attributes and `:name` for values; DynamoDB's reserved words never matter. */
export interface Expression {
  readonly text: string
  readonly values?: Attributes
}

/**
 * The factory table. Every read is strongly consistent and leaves out items whose `expiresAt` has passed, because
 * DynamoDB returns them until it deletes them (PLATFORM 17). `:now` (seconds since the epoch) may be used in every
 * expression.
 *
 * Every method throws StoreUnavailable where the table does not answer.
 */
export interface Table {
  get(key: Key): Promise<Attributes | undefined>
  /** In the order of the keys; one call for each 100. */
  getMany(keys: readonly Key[]): Promise<(Attributes | undefined)[]>
  /** All items of a partition. */
  query(pk: string): Promise<Attributes[]>
  /** @returns false where the condition did not hold */
  put(key: Key, attributes: Attributes, condition?: Expression): Promise<boolean>
  /** @returns false where the condition did not hold */
  update(key: Key, change: Expression, condition?: Expression): Promise<boolean>
  /** Nothing there is no error. @returns false where the condition did not hold */
  delete(key: Key, condition?: Expression): Promise<boolean>
}

/** Holds where nothing is in the item's place, or only what has expired. */
export const ABSENT: Expression = { text: 'attribute_not_exists(#pk) OR #expiresAt <= :now' }

/** BatchGetItem takes 100 keys. */
const BATCH = 100

/** @param now seconds since the epoch */
export function openTable(client: DynamoDBClient, tableName: string, now: () => number): Table {
  const live = (item: Record<string, AttributeValue> | undefined): Attributes | undefined => {
    const attributes = item && decode(item)
    return typeof attributes?.expiresAt === 'number' && attributes.expiresAt <= now() ? undefined : attributes
  }
  const expressions = (condition: Expression | undefined, change?: Expression) => {
    const parts = [condition, change].filter((part) => part !== undefined)
    const text = parts.map((part) => part.text).join(' ')
    const names = text.match(/#\w+/g) ?? []
    const given: Attributes = Object.assign({}, ...parts.map((part) => part.values))
    const values = Object.entries(encode({ ...given, ...(/:now\b/.test(text) && { now: now() }) }))
    return {
      ...(condition && { ConditionExpression: condition.text }),
      ...(names.length > 0 && {
        ExpressionAttributeNames: Object.fromEntries(names.map((name) => [name, name.slice(1)])),
      }),
      ...(values.length > 0 && {
        ExpressionAttributeValues: Object.fromEntries(values.map(([name, value]) => [`:${name}`, value])),
      }),
    }
  }

  /** At most 100 keys. */
  async function getBatch(keys: readonly Key[]): Promise<(Attributes | undefined)[]> {
    const { Responses, UnprocessedKeys } = await client.send(
      new BatchGetItemCommand({ RequestItems: { [tableName]: { Keys: keys.map(encodeKey), ConsistentRead: true } } }),
    )
    if (Object.keys(UnprocessedKeys ?? {}).length > 0) throw new StoreUnavailable('the table left keys unprocessed')
    const items = (Responses?.[tableName] ?? []).map(live)
    return keys.map((key) => items.find((item) => item?.pk === key.pk && item.sk === key.sk))
  }

  return {
    get: (key) =>
      answered(async () => {
        const { Item } = await client.send(
          new GetItemCommand({ TableName: tableName, Key: encodeKey(key), ConsistentRead: true }),
        )
        return live(Item)
      }),

    getMany: (keys) =>
      answered(async () => {
        const items: (Attributes | undefined)[] = []
        for (let start = 0; start < keys.length; start += BATCH)
          items.push(...(await getBatch(keys.slice(start, start + BATCH))))
        return items
      }),

    query: (pk) =>
      answered(async () => {
        const items: Attributes[] = []
        let start: Record<string, AttributeValue> | undefined
        do {
          const page = await client.send(
            new QueryCommand({
              TableName: tableName,
              KeyConditionExpression: '#pk = :pk',
              ExpressionAttributeNames: { '#pk': 'pk' },
              ExpressionAttributeValues: { ':pk': { S: pk } },
              ConsistentRead: true,
              ...(start && { ExclusiveStartKey: start }),
            }),
          )
          items.push(...(page.Items ?? []).map(live).filter((item) => item !== undefined))
          start = page.LastEvaluatedKey
        } while (start)
        return items
      }),

    put: (key, attributes, condition) =>
      written(
        client.send(
          new PutItemCommand({
            TableName: tableName,
            Item: { ...encode(attributes), ...encodeKey(key) },
            ...expressions(condition),
          }),
        ),
      ),

    update: (key, change, condition) =>
      written(
        client.send(
          new UpdateItemCommand({
            TableName: tableName,
            Key: encodeKey(key),
            UpdateExpression: change.text,
            ...expressions(condition, change),
          }),
        ),
      ),

    delete: (key, condition) =>
      written(
        client.send(
          new DeleteItemCommand({
            TableName: tableName,
            Key: encodeKey(key),
            ...expressions(condition),
          }),
        ),
      ),
  }
}

/** @returns false where the condition did not hold */
async function written(call: Promise<unknown>): Promise<boolean> {
  try {
    await call
    return true
  } catch (cause) {
    if (cause instanceof Error && cause.name === 'ConditionalCheckFailedException') return false
    throw fault(cause)
  }
}

async function answered<Result>(call: () => Promise<Result>): Promise<Result> {
  try {
    return await call()
  } catch (cause) {
    throw fault(cause)
  }
}

/** A request that the table calls malformed is a fault of this code and stays one; anything else is the table's. */
function fault(cause: unknown): unknown {
  if (cause instanceof StoreUnavailable) return cause
  if (cause instanceof Error && cause.name === 'ValidationException') return cause
  return new StoreUnavailable('the factory table does not answer', { cause })
}

function encodeKey({ pk, sk }: Key): Record<string, AttributeValue> {
  return { pk: { S: pk }, sk: { S: sk } }
}

function encode(attributes: Attributes): Record<string, AttributeValue> {
  const encoded: Record<string, AttributeValue> = {}
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'string') encoded[name] = { S: value }
    if (typeof value === 'number') encoded[name] = { N: String(value) }
  }
  return encoded
}

function decode(item: Record<string, AttributeValue>): Attributes {
  const attributes: Record<string, Value> = {}
  for (const [name, { S, N }] of Object.entries(item)) {
    if (S !== undefined) attributes[name] = S
    if (N !== undefined) attributes[name] = Number(N)
  }
  return attributes
}
