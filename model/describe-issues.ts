import type * as z from 'zod'

/**
 * Given to a zod `parse`, so that every issue's message says what is allowed: in these words, or in those that the
 * schema's author gave it (`z.string({ error: 'a name' })`).
 */
export const SAYING_WHAT_IS_ALLOWED = { reportInput: true, error: allowed } as const

/** Whoever sends a value may choose its keys. */
const MOST_KEYS = 5
const LONGEST_PATH = 200

/** What a parse with {@link SAYING_WHAT_IS_ALLOWED} found wrong at one place. */
export interface WrongValue {
  /** Keys joined by dots; empty for the whole value. */
  readonly path: string
  readonly text: string
}

/**
 * What is wrong, in words: "found …; allowed: …".
 * @param found says what a wrong value is, as far as whoever reads it may know
 */
export function describeIssues(issues: readonly z.core.$ZodIssue[], found: (value: unknown) => string): WrongValue[] {
  return issues.map((issue) => {
    const what =
      issue.code === 'unrecognized_keys' ? `the key ${listed(issue.keys.slice(0, MOST_KEYS))}` : found(issue.input)
    return {
      path: issue.path.map(String).join('.').slice(0, LONGEST_PATH),
      text: `found ${what}; allowed: ${issue.message}`,
    }
  })
}

/** JSON's types as a caller of a tool knows them, and what else a schema may ask for. */
const TYPES: Readonly<Record<string, string>> = {
  string: 'a string',
  number: 'a number',
  int: 'an integer',
  boolean: 'true or false',
  null: 'null',
  array: 'an array',
  tuple: 'an array',
  object: 'an object',
  record: 'an object',
  never: 'nothing',
  undefined: 'nothing',
  nonoptional: 'a value',
}

const FORMATS: Readonly<Record<string, string>> = {
  email: 'an email address',
  url: 'a URL',
  uuid: 'a UUID',
  datetime: 'a date and time such as 2026-01-31T09:00:00Z',
  date: 'a date such as 2026-01-31',
  time: 'a time such as 09:00:00',
  duration: 'a duration such as PT15M',
  ipv4: 'an IPv4 address',
  ipv6: 'an IPv6 address',
  base64: 'base64',
  base64url: 'base64url',
  lowercase: 'a string in lower case',
  uppercase: 'a string in upper case',
  json_string: 'JSON',
}

type Raw<Code> = Extract<z.core.$ZodRawIssue, { readonly code: Code }>

function allowed(issue: z.core.$ZodRawIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return TYPES[issue.expected] ?? `a value of type ${issue.expected}`
    case 'invalid_value':
      return issue.values.length === 1 ? literal(issue.values[0]) : `one of ${listed(issue.values)}`
    case 'unrecognized_keys':
      return onlyKnownKeys(issue.inst)
    case 'too_small':
      return bound(issue, issue.minimum, 'at least', 'more than')
    case 'too_big':
      return bound(issue, issue.maximum, 'at most', 'less than')
    case 'not_multiple_of':
      return `a multiple of ${issue.divisor}`
    case 'invalid_format':
      return format(issue)
    case 'invalid_union':
      return union(issue)
    case 'invalid_key':
    case 'invalid_element':
      return alternatives(issue.issues)
    default:
      return 'another value'
  }
}

function onlyKnownKeys(schema: unknown): string {
  const { shape } = (schema as Partial<z.ZodObject> | undefined)?.def ?? {}
  const keys = Object.keys(shape ?? {})
  return keys.length === 0 ? 'no such key' : `only ${keys.join(', ')}`
}

type Bound = Pick<z.core.$ZodIssueTooSmall, 'origin' | 'inclusive' | 'exact'>

const UNITS: Readonly<Record<string, string>> = { string: 'character', array: 'item', set: 'item', map: 'item' }

function bound({ origin, inclusive, exact }: Bound, limit: number | bigint, closed: string, open: string): string {
  const unit = UNITS[origin]
  const much = origin === 'date' ? new Date(Number(limit)).toISOString() : limit
  const words = exact ? 'exactly' : inclusive === false ? open : closed
  return `${words} ${much}${unit ? ` ${unit}${limit === 1 ? '' : 's'}` : ''}`
}

function format(issue: Raw<'invalid_format'>): string {
  switch (issue.format) {
    case 'regex':
      return `a string that matches ${issue.pattern}`
    case 'starts_with':
      return `a string that begins with ${literal(issue.prefix)}`
    case 'ends_with':
      return `a string that ends with ${literal(issue.suffix)}`
    case 'includes':
      return `a string that contains ${literal(issue.includes)}`
    default:
      return FORMATS[issue.format] ?? `a string of the format ${issue.format}`
  }
}

/** Without a discriminator any alternative would do; with one, its values are what there is to choose from. */
function union(issue: Raw<'invalid_union'>): string {
  if (issue.inclusive === false) return 'a value that only one of the alternatives admits'
  if (issue.options !== undefined) return `one of ${listed(issue.options)}`
  return [...new Set(issue.errors.map(alternatives))].join(', or ')
}

function alternatives(issues: readonly z.core.$ZodIssue[]): string {
  return issues
    .slice(0, MOST_KEYS)
    .map(({ path, message }) => [...path.map((key) => String(key).slice(0, LONGEST_PATH)), message].join(': '))
    .join(', ')
}

function listed(values: readonly unknown[]): string {
  return values.map(literal).join(', ')
}

function literal(value: unknown): string {
  return typeof value === 'string' ? shown(value) : String(value)
}

/** A value as a message shows it: JSON, cut at 80 characters. */
export function shown(value: unknown): string {
  if (value === undefined) return 'nothing'
  const json = JSON.stringify(value) ?? String(value)
  return json.length > 80 ? `${json.slice(0, 77)}...` : json
}
