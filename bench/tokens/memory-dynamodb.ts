import {
  type AttributeValue,
  BatchGetItemCommand,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb'
import { type Item, type Placeholders, parseCondition, parseUpdate, ValidationException } from './expressions.ts'

interface ConditionalInput {
  readonly ConditionExpression?: string | undefined
  readonly ExpressionAttributeNames?: Record<string, string> | undefined
  readonly ExpressionAttributeValues?: Record<string, AttributeValue> | undefined
}

/**
 * One table with `pk` and `sk` in memory, behind the SDK client's `send`: the peers keep their state in a Map, too. It
 * serves what lambdas/store/table.ts sends, evaluates every condition, and refuses whatever else it is asked; a test
 * compares it with dynalite.
 */
export function memoryDynamoDB(): DynamoDBClient {
  const partitions = new Map<string, Map<string, Item>>()

  const find = ({ pk, sk }: Item) => partitions.get(text(pk))?.get(text(sk))
  const keep = (key: Item, item: Item) => {
    const pk = text(key.pk)
    const partition = partitions.get(pk) ?? new Map<string, Item>()
    partitions.set(pk, partition.set(text(key.sk), item))
  }
  const check = (item: Item | undefined, input: ConditionalInput) => {
    if (input.ConditionExpression === undefined) return
    if (!condition(input.ConditionExpression)(item ?? {}, placeholders(input)))
      throw new ConditionalCheckFailedException({ message: 'The conditional request failed', $metadata: {} })
  }

  function answer(command: unknown): object {
    if (command instanceof GetItemCommand) return { Item: find(command.input.Key ?? {}) }
    if (command instanceof BatchGetItemCommand)
      return {
        Responses: Object.fromEntries(
          Object.entries(command.input.RequestItems ?? {}).map(([table, { Keys = [] }]) => [
            table,
            Keys.map(find).filter((item) => item !== undefined),
          ]),
        ),
      }
    if (command instanceof QueryCommand) {
      const { KeyConditionExpression, ExpressionAttributeValues } = command.input
      if (KeyConditionExpression !== '#pk = :pk') throw new ValidationException('only whole partitions are queried')
      const partition = partitions.get(text(ExpressionAttributeValues?.[':pk'])) ?? new Map<string, Item>()
      const sorted = [...partition].toSorted(([one], [other]) => Buffer.compare(Buffer.from(one), Buffer.from(other)))
      return { Items: sorted.map(([, item]) => item) }
    }
    if (command instanceof PutItemCommand) {
      const { Item: item = {} } = command.input
      check(find(item), command.input)
      keep(item, item)
      return {}
    }
    if (command instanceof UpdateItemCommand) {
      const { Key: key = {}, UpdateExpression = '' } = command.input
      const old = find(key)
      check(old, command.input)
      const Attributes = update(UpdateExpression)(old ?? key, placeholders(command.input))
      keep(key, Attributes)
      return { Attributes }
    }
    if (command instanceof DeleteItemCommand) {
      const { Key: key = {} } = command.input
      check(find(key), command.input)
      partitions.get(text(key.pk))?.delete(text(key.sk))
      return {}
    }
    throw new ValidationException('the table does not serve this command')
  }

  const client = { send: async (command: unknown) => answer(command) }
  return client as unknown as DynamoDBClient
}

const condition = parsedOnce(parseCondition)
const update = parsedOnce(parseUpdate)

/** A server parses an expression at every call; that is not what is measured here. */
function parsedOnce<Parsed>(parse: (expression: string) => Parsed): (expression: string) => Parsed {
  const kept = new Map<string, Parsed>()
  return (expression) => {
    const parsed = kept.get(expression) ?? parse(expression)
    kept.set(expression, parsed)
    return parsed
  }
}

function placeholders(input: ConditionalInput): Placeholders {
  return { names: input.ExpressionAttributeNames ?? {}, values: input.ExpressionAttributeValues ?? {} }
}

function text(value: AttributeValue | undefined): string {
  if (value?.S === undefined) throw new ValidationException('a key must be a string')
  return value.S
}
