/** What IAM looks at in a DynamoDB request, per table it names. */
export interface KeyRequest {
  readonly tableName: string
  /** Values of the partition key; absent where the request names none (Scan). */
  readonly leadingKeys?: readonly string[]
}

type Item = Readonly<Record<string, Readonly<Record<string, unknown>>>>
type Names = Readonly<Record<string, string>>

/** Never a key of ours: a request whose key cannot be told matches no pattern but `*`. */
const UNKNOWN_KEY = '\0unknown'

/**
 * Takes tables and partition keys out of a request (condition key `dynamodb:LeadingKeys`).
 * @param keyAttribute the partition key's name in a table
 */
export function keyRequests(
  operation: string,
  input: Readonly<Record<string, unknown>>,
  keyAttribute: (tableName: string) => string | undefined,
): KeyRequest[] {
  if (operation === 'BatchGetItem')
    return batch(input, (request) => ((request as { Keys?: Item[] }).Keys ?? []) as Item[])
  if (operation === 'BatchWriteItem')
    return batch(input, (requests) =>
      (requests as { PutRequest?: { Item: Item }; DeleteRequest?: { Key: Item } }[]).map(
        ({ PutRequest, DeleteRequest }) => PutRequest?.Item ?? DeleteRequest?.Key ?? {},
      ),
    )

  const tableName = String(input.TableName)
  if (operation === 'Scan') return [{ tableName }]
  const key = keyAttribute(tableName)
  const value = operation === 'Query' ? queried(input, key) : keyValue((input.Key ?? input.Item) as Item, key)
  return [{ tableName, leadingKeys: [value] }]

  function batch(all: Readonly<Record<string, unknown>>, itemsOf: (request: unknown) => Item[]): KeyRequest[] {
    return Object.entries((all.RequestItems ?? {}) as Record<string, unknown>).map(([name, request]) => ({
      tableName: name,
      leadingKeys: itemsOf(request).map((item) => keyValue(item, keyAttribute(name))),
    }))
  }
}

function keyValue(item: Item | undefined, key: string | undefined): string {
  const value = key === undefined ? undefined : item?.[key]
  return value === undefined ? UNKNOWN_KEY : String(Object.values(value)[0])
}

/** The partition key of `pk = :value AND …`, in either order. */
function queried(input: Readonly<Record<string, unknown>>, key: string | undefined): string {
  const names = (input.ExpressionAttributeNames ?? {}) as Names
  for (const condition of String(input.KeyConditionExpression).split(/\bAND\b/i)) {
    const [, left = '', right = ''] = /^[\s(]*([#:\w.-]+)\s*=\s*([#:\w.-]+)[\s)]*$/.exec(condition) ?? []
    const [name, value] = left.startsWith(':') ? [right, left] : [left, right]
    if ((names[name] ?? name) === key && key !== undefined)
      return keyValue(input.ExpressionAttributeValues as Item | undefined, value)
  }
  return UNKNOWN_KEY
}
