import type { Value } from '../../../table.ts'
import { floatOf, integerOf, parseExactJson } from '../../exact-numbers.ts'
import { type ArrayLiteral, parseArray, parseComposite } from './literals.ts'
import { isoDate, isoTime, isoTimestamp } from './times.ts'
import type { Types } from './types.ts'

/**
 * A value from PostgreSQL's text format, which is exact for every type, under the settings of a read-only transaction.
 * Ranges, geometry, addresses and rows of no named type stay as PostgreSQL writes them.
 */
export function decodeValue(text: string | null, oid: number, types: Types): Value {
  if (text === null) return null
  const type = types.get(oid)
  if (type?.type === 'd' && type.of !== null) return decodeValue(text, type.of, types)
  if (type?.type === 'c') {
    const values = parseComposite(text)
    return Object.fromEntries(
      type.fields.map((field, index) => [field.name, decodeValue(values[index] ?? null, field.type, types)]),
    )
  }
  if (type?.category === 'A' && type.of !== null) return decodeList(parseArray(text, type.delimiter), type.of, types)
  return decodeScalar(text, type?.name)
}

function decodeList(elements: ArrayLiteral, oid: number, types: Types): Value {
  return elements.map((element) =>
    Array.isArray(element) ? decodeList(element, oid, types) : decodeValue(element as string | null, oid, types),
  )
}

function decodeScalar(text: string, type: string | undefined): Value {
  switch (type) {
    case 'bool':
      return text === 't'
    case 'int2':
    case 'int4':
    case 'oid':
      return Number(text)
    case 'int8':
      return integerOf(text)
    case 'float4':
    case 'float8':
      return floatOf(text)
    case 'date':
      return isoDate(text)
    case 'time':
    case 'timetz':
      return isoTime(text)
    case 'timestamp':
    case 'timestamptz':
      return isoTimestamp(text)
    case 'bytea':
      return Buffer.from(text.slice(2), 'hex').toString('base64')
    case 'json':
    case 'jsonb':
      return parseExactJson(text)
    default:
      return text
  }
}
