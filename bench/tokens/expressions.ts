import type { AttributeValue } from '@aws-sdk/client-dynamodb'

export type Item = Readonly<Record<string, AttributeValue>>

/** What `#name` and `:value` in an expression stand for. */
export interface Placeholders {
  readonly names: Readonly<Record<string, string>>
  readonly values: Item
}

export type Condition = (item: Item, placeholders: Placeholders) => boolean
export type Update = (item: Item, placeholders: Placeholders) => Item
type Operand = (item: Item, placeholders: Placeholders) => AttributeValue | undefined

/** An expression that DynamoDB would refuse, or that is not understood here. */
export class ValidationException extends Error {
  override readonly name = 'ValidationException'
}

/** A ConditionExpression: comparisons, `attribute_exists`, `attribute_not_exists`, AND, OR, NOT, brackets. */
export function parseCondition(text: string): Condition {
  const tokens = new Tokens(text)
  const condition = parseOr(tokens)
  tokens.end()
  return condition
}

/** An UpdateExpression of SET, with `if_not_exists`, and REMOVE. Every value is taken from the item as it was. */
export function parseUpdate(text: string): Update {
  const tokens = new Tokens(text)
  const assignments: { readonly name: string; readonly value: Operand }[] = []
  while (tokens.more()) {
    const removes = !tokens.skip('SET')
    if (removes) tokens.take('REMOVE')
    do {
      const name = tokens.name()
      if (!removes) tokens.take('=')
      assignments.push({ name, value: removes ? () => undefined : parseValue(tokens) })
    } while (tokens.skip(','))
  }
  return (item, placeholders) => {
    const changed: Record<string, AttributeValue> = { ...item }
    for (const { name, value } of assignments) {
      const attribute = nameOf(name, placeholders)
      const now = value(item, placeholders)
      if (now === undefined) delete changed[attribute]
      else changed[attribute] = now
    }
    return changed
  }
}

function parseOr(tokens: Tokens): Condition {
  const either = [parseAnd(tokens)]
  while (tokens.skip('OR')) either.push(parseAnd(tokens))
  return (item, placeholders) => either.some((condition) => condition(item, placeholders))
}

function parseAnd(tokens: Tokens): Condition {
  const all = [parseTerm(tokens)]
  while (tokens.skip('AND')) all.push(parseTerm(tokens))
  return (item, placeholders) => all.every((condition) => condition(item, placeholders))
}

function parseTerm(tokens: Tokens): Condition {
  if (tokens.skip('NOT')) {
    const term = parseTerm(tokens)
    return (item, placeholders) => !term(item, placeholders)
  }
  if (tokens.skip('(')) {
    const inside = parseOr(tokens)
    tokens.take(')')
    return inside
  }
  for (const [test, wanted] of Object.entries({ attribute_exists: true, attribute_not_exists: false }))
    if (tokens.skip(test)) {
      tokens.take('(')
      const name = tokens.name()
      tokens.take(')')
      return (item, placeholders) => Object.hasOwn(item, nameOf(name, placeholders)) === wanted
    }
  const left = parseOperand(tokens)
  const holds = COMPARATORS[tokens.next()]
  if (holds === undefined) throw new ValidationException('a comparator is missing')
  const right = parseOperand(tokens)
  return (item, placeholders) => holds(compare(left(item, placeholders), right(item, placeholders)))
}

/** Of a comparison's outcome: negative, zero, positive, or NaN where the two cannot be ordered. */
const COMPARATORS: Readonly<Record<string, (order: number) => boolean>> = {
  '=': (order) => order === 0,
  '<>': (order) => order !== 0,
  '<': (order) => order < 0,
  '<=': (order) => order <= 0,
  '>': (order) => order > 0,
  '>=': (order) => order >= 0,
}

/** Numbers by value, strings by UTF-8 bytes. An absent attribute, or one of another type, equals and precedes nothing. */
function compare(one: AttributeValue | undefined, other: AttributeValue | undefined): number {
  if (one?.N !== undefined && other?.N !== undefined) return Number(one.N) - Number(other.N)
  if (one?.S === undefined || other?.S === undefined) return Number.NaN
  return one.S === other.S ? 0 : Buffer.compare(Buffer.from(one.S), Buffer.from(other.S))
}

function parseValue(tokens: Tokens): Operand {
  if (!tokens.skip('if_not_exists')) return required(parseOperand(tokens))
  tokens.take('(')
  const name = tokens.name()
  tokens.take(',')
  const otherwise = required(parseOperand(tokens))
  tokens.take(')')
  return (item, placeholders) => item[nameOf(name, placeholders)] ?? otherwise(item, placeholders)
}

function required(operand: Operand): Operand {
  return (item, placeholders) => {
    const value = operand(item, placeholders)
    if (value === undefined) throw new ValidationException('an update reads an attribute that is not there')
    return value
  }
}

function parseOperand(tokens: Tokens): Operand {
  const token = tokens.next()
  if (token.startsWith('#')) return (item, placeholders) => item[nameOf(token, placeholders)]
  if (!token.startsWith(':')) throw new ValidationException(`${token} is no operand`)
  return (_item, { values }) => {
    const value = values[token]
    if (value === undefined) throw new ValidationException(`${token} is not defined`)
    return value
  }
}

function nameOf(placeholder: string, { names }: Placeholders): string {
  const name = names[placeholder]
  if (name === undefined) throw new ValidationException(`${placeholder} is not defined`)
  return name
}

class Tokens {
  readonly #tokens: string[]
  #at = 0

  constructor(text: string) {
    this.#tokens = text.match(/[#:]?\w+|<>|<=|>=|[=<>(),]|\S/g) ?? []
  }

  more(): boolean {
    return this.#at < this.#tokens.length
  }

  next(): string {
    const token = this.#tokens[this.#at++]
    if (token === undefined) throw new ValidationException('the expression ends too soon')
    return token
  }

  skip(wanted: string): boolean {
    if (this.#tokens[this.#at] !== wanted) return false
    this.#at++
    return true
  }

  take(wanted: string): void {
    if (!this.skip(wanted)) throw new ValidationException(`found ${this.#tokens[this.#at]}; expected ${wanted}`)
  }

  name(): string {
    const token = this.next()
    if (!token.startsWith('#')) throw new ValidationException(`${token} is no name of an attribute`)
    return token
  }

  end(): void {
    if (this.more()) throw new ValidationException(`${this.next()} is left over`)
  }
}
