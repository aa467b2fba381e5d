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
  /** In the order of the keys; one call, at most 100 keys. */
  getMany(keys: readonly Key[]): Promise<(Attributes | undefined)[]>
  /** All items of a partition. */
  query(pk: string): Promise<Attributes[]>
  /** @returns false where the condition did not hold */
  put(key: Key, attributes: Attributes, condition?: Expression): Promise<boolean>
  /** @returns the item as it then is, or undefined where the condition did not hold */
  update(key: Key, change: Expression, condition?: Expression): Promise<Attributes | undefined>
  /** Nothing there is no error. @returns false where the condition did not hold */
  delete(key: Key, condition?: Expression): Promise<boolean>
}

/** Holds where nothing is in the item's place, or only what has expired. */
export const ABSENT: Expression = { text: 'attribute_not_exists(#pk) OR #expiresAt <= :now' }

/** @param now seconds since the epoch */
export function openTable(client: DynamoDBClient, tableName: string, now: () => number): Table {
  const live = (item: Record<string, AttributeValue> | undefined): Attributes | undefined => {
    const attributes = item && decode(item)
    return typeof attributes?.expiresAt === 'number' && attributes.expiresAt <= now() ? undefined : attributes
  }
  const expressions = (...parts: readonly (Expression | undefined)[]) => {
    const { names, usesNow } = placeholdersOf(parts.map((part) => part?.text ?? '').join(' '))
    const values: Record<string, AttributeValue> = usesNow ? { ':now': { N: String(now()) } } : {}
    for (const part of parts)
      for (const [name, value] of Object.entries(encode(part?.values ?? {}))) values[`:${name}`] = value
    return {
      ...(Object.keys(names).length > 0 && { ExpressionAttributeNames: names }),
      ...(Object.keys(values).length > 0 && { ExpressionAttributeValues: values }),
    }
  }

  return {
    get: (key) =>
      answered(async () => {
        const { Item } = await client.send(
          new GetItemCommand({ TableName: tableName, Key: encode({ ...key }), ConsistentRead: true }),
        )
        return live(Item)
      }),

    getMany: (keys) =>
      answered(async () => {
        if (keys.length === 0) return []
        const { Responses, UnprocessedKeys } = await client.send(
          new BatchGetItemCommand({
            RequestItems: { [tableName]: { Keys: keys.map((key) => encode({ ...key })), ConsistentRead: true } },
          }),
        )
        if (Object.keys(UnprocessedKeys ?? {}).length > 0) throw new StoreUnavailable('the table left keys unprocessed')
        const items = (Responses?.[tableName] ?? []).map(live)
        return keys.map((key) => items.find((item) => item?.pk === key.pk && item.sk === key.sk))
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
          for (const item of page.Items ?? []) {
            const attributes = live(item)
            if (attributes) items.push(attributes)
          }
          start = page.LastEvaluatedKey
        } while (start)
        return items
      }),

    put: (key, attributes, condition) =>
      answered(() =>
        holds(async () => {
          await client.send(
            new PutItemCommand({
              TableName: tableName,
              Item: encode({ ...attributes, ...key }),
              ...(condition && { ConditionExpression: condition.text, ...expressions(condition) }),
            }),
          )
          return true
        }),
      ).then((done) => done ?? false),

    update: (key, change, condition) =>
      answered(() =>
        holds(async () => {
          const { Attributes } = await client.send(
            new UpdateItemCommand({
              TableName: tableName,
              Key: encode({ ...key }),
              UpdateExpression: change.text,
              ...(condition && { ConditionExpression: condition.text }),
              ...expressions(change, condition),
              ReturnValues: 'ALL_NEW',
            }),
          )
          return decode(Attributes ?? {})
        }),
      ),

    delete: (key, condition) =>
      answered(() =>
        holds(async () => {
          await client.send(
            new DeleteItemCommand({
              TableName: tableName,
              Key: encode({ ...key }),
              ...(condition && { ConditionExpression: condition.text, ...expressions(condition) }),
            }),
          )
          return true
        }),
      ).then((done) => done ?? false),
  }
}

interface Placeholders {
  readonly names: Record<string, string>
  readonly usesNow: boolean
}

/** By text: there are as many as this code writes down. */
const placeholders = new Map<string, Placeholders>()

/** What an expression names. */
function placeholdersOf(text: string): Placeholders {
  const known = placeholders.get(text)
  if (known !== undefined) return known
  const names = Object.fromEntries((text.match(/#\w+/g) ?? []).map((name) => [name, name.slice(1)]))
  const found = { names, usesNow: /:now\b/.test(text) }
  placeholders.set(text, found)
  return found
}

async function holds<Result>(write: () => Promise<Result>): Promise<Result | undefined> {
  try {
    return await write()
  } catch (error) {
    if (error instanceof Error && error.name === 'ConditionalCheckFailedException') return undefined
    throw error
  }
}

/** A request that the table calls malformed is a fault of this code and stays one; anything else is the table's. */
async function answered<Result>(call: () => Promise<Result>): Promise<Result> {
  try {
    return await call()
  } catch (cause) {
    if (cause instanceof StoreUnavailable) throw cause
    if (cause instanceof Error && cause.name === 'ValidationException') throw cause
    throw new StoreUnavailable('the factory table does not answer', { cause })
  }
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
