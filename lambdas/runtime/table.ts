import {
  type AttributeValue,
  BatchGetItemCommand,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
} from '@aws-sdk/client-dynamodb'
import type { TenantKey } from '../../model/tenant-key.ts'

/** One item: its document is JSON text in `doc`. */
export interface TableItem {
  readonly sk: string
  readonly document: unknown
}

export interface RangeQuery {
  /** The first sort key, inclusive. */
  readonly from: string
  /** The last sort key, inclusive. */
  readonly to: string
  readonly limit: number
  /** `descending` begins with the greatest sort key. */
  readonly order?: 'ascending' | 'descending'
}

export interface PutOptions {
  /** Seconds since the epoch; absent: kept for good. */
  readonly expiresAt?: number
}

/** Keys in one BatchGetItem. */
const LARGEST_BATCH = 100

/** Seconds since the epoch, as DynamoDB's TTL counts. */
const seconds = (milliseconds: number) => Math.floor(milliseconds / 1000)

/**
 * The data table of one server. Every partition key is a {@link TenantKey}, so data without a tenant is a type error.
 * Reads are strongly consistent and never see an expired item, which DynamoDB still returns until it deletes it
 * (PLATFORM 17).
 */
export class Table {
  readonly #client: DynamoDBClient
  readonly #name: string
  readonly #now: () => number

  /** @param now milliseconds since the epoch */
  constructor(client: DynamoDBClient, name: string, now: () => number) {
    this.#client = client
    this.#name = name
    this.#now = now
  }

  /** The document at a key, or undefined. */
  async get(pk: TenantKey, sk: string): Promise<unknown> {
    const { Item } = await this.#client.send(
      new GetItemCommand({ TableName: this.#name, Key: { pk: { S: pk }, sk: { S: sk } }, ConsistentRead: true }),
    )
    return Item && !this.#isExpired(Item) ? documentOf(Item) : undefined
  }

  /** The documents at several keys of one partition, by sort key; those that do not exist are left out. */
  async getMany(pk: TenantKey, sks: readonly string[]): Promise<Map<string, unknown>> {
    const found = new Map<string, unknown>()
    let wanted = [...new Set(sks)]
    while (wanted.length > 0) {
      const Keys = wanted.slice(0, LARGEST_BATCH).map((sk) => ({ pk: { S: pk }, sk: { S: sk } }))
      const { Responses, UnprocessedKeys } = await this.#client.send(
        new BatchGetItemCommand({ RequestItems: { [this.#name]: { Keys, ConsistentRead: true } } }),
      )
      for (const item of Responses?.[this.#name] ?? [])
        if (!this.#isExpired(item)) found.set(item.sk?.S ?? '', documentOf(item))
      // DynamoDB may answer only part (16 MB, throttling); the rest is asked for again, after the others.
      const unprocessed = (UnprocessedKeys?.[this.#name]?.Keys ?? []).map(({ sk }) => sk?.S ?? '')
      wanted = [...wanted.slice(LARGEST_BATCH), ...unprocessed]
    }
    return found
  }

  /** Writes whatever was there before. */
  async put(pk: TenantKey, sk: string, document: unknown, options: PutOptions = {}): Promise<void> {
    await this.#client.send(new PutItemCommand({ TableName: this.#name, Item: itemOf(pk, sk, document, options) }))
  }

  /**
   * Writes only where nothing (or nothing unexpired) is.
   * @returns whether it was written
   */
  create(pk: TenantKey, sk: string, document: unknown, options: PutOptions = {}): Promise<boolean> {
    return this.#putWhere('attribute_not_exists(pk) OR expiresAt <= :now', {}, itemOf(pk, sk, document, options))
  }

  /**
   * Writes only where the document is still `before`, as it was read: nobody's change is lost. Documents that differ
   * at each write (by a version, or by something random) tell every change from every other.
   * @returns whether it was written
   */
  replace(pk: TenantKey, sk: string, before: unknown, document: unknown, options: PutOptions = {}): Promise<boolean> {
    return this.#putWhere(
      'doc = :before AND (attribute_not_exists(expiresAt) OR expiresAt > :now)',
      { ':before': { S: JSON.stringify(before) } },
      itemOf(pk, sk, document, options),
    )
  }

  /** Deletes; nothing there is no error. */
  async delete(pk: TenantKey, sk: string): Promise<void> {
    await this.#client.send(new DeleteItemCommand({ TableName: this.#name, Key: { pk: { S: pk }, sk: { S: sk } } }))
  }

  /** The items of one partition in a range of sort keys, in their order, at most `limit`. */
  async query(pk: TenantKey, { from, to, limit, order = 'ascending' }: RangeQuery): Promise<TableItem[]> {
    const items: TableItem[] = []
    let startKey: Record<string, AttributeValue> | undefined
    // One page may hold less than asked for: DynamoDB stops at 1 MB, and expired items are dropped here.
    do {
      const page = await this.#client.send(
        new QueryCommand({
          TableName: this.#name,
          KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
          ExpressionAttributeValues: { ':pk': { S: pk }, ':from': { S: from }, ':to': { S: to } },
          ScanIndexForward: order === 'ascending',
          ConsistentRead: true,
          Limit: limit - items.length,
          ...(startKey && { ExclusiveStartKey: startKey }),
        }),
      )
      for (const item of page.Items ?? [])
        if (!this.#isExpired(item)) items.push({ sk: item.sk?.S ?? '', document: documentOf(item) })
      startKey = page.LastEvaluatedKey
    } while (startKey && items.length < limit)
    return items
  }

  async #putWhere(
    condition: string,
    values: Record<string, AttributeValue>,
    item: Record<string, AttributeValue>,
  ): Promise<boolean> {
    try {
      await this.#client.send(
        new PutItemCommand({
          TableName: this.#name,
          Item: item,
          ConditionExpression: condition,
          ExpressionAttributeValues: { ...values, ':now': { N: String(seconds(this.#now())) } },
        }),
      )
      return true
    } catch (error) {
      if (error instanceof Error && error.name === 'ConditionalCheckFailedException') return false
      throw error
    }
  }

  #isExpired(item: Record<string, AttributeValue>): boolean {
    return item.expiresAt?.N !== undefined && Number(item.expiresAt.N) <= seconds(this.#now())
  }
}

function itemOf(
  pk: TenantKey,
  sk: string,
  document: unknown,
  { expiresAt }: PutOptions,
): Record<string, AttributeValue> {
  return {
    pk: { S: pk },
    sk: { S: sk },
    doc: { S: JSON.stringify(document) },
    ...(expiresAt !== undefined && { expiresAt: { N: String(Math.floor(expiresAt)) } }),
  }
}

function documentOf(item: Record<string, AttributeValue>): unknown {
  return JSON.parse(item.doc?.S ?? 'null')
}
