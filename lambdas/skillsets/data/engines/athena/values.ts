import type { ColumnInfo } from '@aws-sdk/client-athena'
import type { Column, ColumnKind, Value } from '../../table.ts'
import { floatOf, integerOf, parseExactJson } from '../exact-numbers.ts'
import { dayToSecond, timestampUtc, yearToMonth } from './times.ts'

/** Types of Athena's results and of Glue's columns, by the word before any parenthesis or bracket. */
const KINDS: Readonly<Record<string, ColumnKind>> = {
  boolean: 'boolean',
  tinyint: 'integer',
  smallint: 'integer',
  int: 'integer',
  integer: 'integer',
  bigint: 'integer',
  float: 'float',
  real: 'float',
  double: 'float',
  decimal: 'decimal',
  char: 'text',
  varchar: 'text',
  string: 'text',
  ipaddress: 'text',
  date: 'date',
  time: 'time',
  'time with time zone': 'time',
  timestamp: 'timestamp',
  'timestamp with time zone': 'timestamp',
  'interval day to second': 'interval',
  'interval year to month': 'interval',
  uuid: 'uuid',
  binary: 'binary',
  varbinary: 'binary',
  array: 'list',
  map: 'map',
  row: 'struct',
  struct: 'struct',
}

export function kindOf(type: string): ColumnKind {
  return KINDS[type.replace(/[(<].*$/s, '').toLowerCase()] ?? 'other'
}

const NESTED: readonly ColumnKind[] = ['list', 'map', 'struct']

export const isNested = (type: string) => NESTED.includes(kindOf(type))

/**
 * A column of a result. Arrays, maps and rows come as text that cannot be read back (`[a, b]` is one element or two), so
 * text is what they are; as JSON they come whole.
 */
export function resultColumn({ Name = '', Type = '', Precision, Scale }: ColumnInfo): Column {
  const type = Type === 'decimal' ? `decimal(${Precision},${Scale})` : Type
  if (!isNested(Type)) return { name: Name, type, kind: kindOf(Type) }
  return { name: Name, type, kind: 'text', comment: `Athena’s text of it. CAST(… AS JSON) gives its parts.` }
}

/** A value from Athena's text of it, by the type of its column; absent is NULL, and the empty text is a text. */
export function parseValue(text: string | undefined, { Type = '' }: ColumnInfo): Value {
  if (text === undefined) return null
  switch (Type) {
    case 'boolean':
      return text === 'true'
    case 'tinyint':
    case 'smallint':
    case 'integer':
    case 'bigint':
      return integerOf(text)
    case 'real':
    case 'float':
    case 'double':
      return floatOf(text)
    case 'timestamp':
      return text.replace(' ', 'T')
    case 'timestamp with time zone':
      return timestampUtc(text)
    case 'interval day to second':
      return dayToSecond(text)
    case 'interval year to month':
      return yearToMonth(text)
    case 'varbinary':
      return Buffer.from(text.replaceAll(' ', ''), 'hex').toString('base64')
    case 'json':
      return parseExactJson(text)
    default:
      return text
  }
}
