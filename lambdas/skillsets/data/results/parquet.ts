import { parquetWriteBuffer, type SchemaElement } from 'hyparquet-writer'
import { digitsAt, type Exact, parseExact } from '../decimal.ts'
import type { Column, ColumnKind, Table, Value } from '../table.ts'

/** How the values of one column are written. */
interface Encoding {
  readonly element: Omit<SchemaElement, 'name'>
  /** Undefined where the value does not fit: then the whole column is text. */
  readonly encode: (value: Exclude<Value, null>) => unknown
}

/**
 * A table as Parquet. Decimals, dates, times, timestamps, UUIDs and bytes keep their types; nested values are JSON;
 * intervals, and a column with a value that its type in Parquet lacks (an infinite date, an integer beyond 64 bits),
 * are text. Of columns with one name, the later ones are numbered.
 */
export function parquetOf({ columns, rows }: Table): Uint8Array {
  const names = distinct(columns.map(({ name }) => name))
  const written = columns.map((column, index) => {
    const values = rows.map((row) => row[index] ?? null)
    return { name: names[index] ?? '', ...encoded(column, values) }
  })
  const schema = [
    { name: 'schema', num_children: columns.length },
    ...written.map(({ name, element }) => ({ name, repetition_type: 'OPTIONAL' as const, ...element })),
  ]
  const columnData = written.map(({ name, data }) => ({ name, data }))
  return new Uint8Array(parquetWriteBuffer({ columnData, schema, createdBy: 'oauth-secured-mcp-factory' }))
}

function encoded(column: Column, values: readonly Value[]) {
  const { element, encode } = ENCODINGS[column.kind]?.(column, values) ?? TEXT
  const data = values.map((value) => (value === null ? null : encode(value)))
  if (!data.includes(undefined)) return { element, data }
  return { element: TEXT.element, data: values.map((value) => (value === null ? null : TEXT.encode(value))) }
}

const TEXT: Encoding = {
  element: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
  encode: (value) => (typeof value === 'object' ? JSON.stringify(value) : String(value)),
}
const JSON_TEXT: Encoding = { element: { type: 'BYTE_ARRAY', converted_type: 'JSON' }, encode: (value) => value }

const ENCODINGS: Partial<Record<ColumnKind, (column: Column, values: readonly Value[]) => Encoding | undefined>> = {
  boolean: () => ({
    element: { type: 'BOOLEAN' },
    encode: (value) => (typeof value === 'boolean' ? value : undefined),
  }),
  integer: () => ({ element: { type: 'INT64' }, encode: (value) => within64(integer(value)) }),
  float: () => ({ element: { type: 'DOUBLE' }, encode: (value) => Number(value) }),
  decimal: decimalEncoding,
  date: () => ({ element: { type: 'INT32', converted_type: 'DATE' }, encode: (value) => days(String(value)) }),
  time: () => ({
    element: { type: 'INT64', logical_type: { type: 'TIME', isAdjustedToUTC: false, unit: 'MICROS' } },
    encode: (value) => microseconds(`1970-01-01T${String(value)}`),
  }),
  timestamp: (_column, values) => ({
    element: {
      type: 'INT64',
      logical_type: {
        type: 'TIMESTAMP',
        isAdjustedToUTC: values.some((value) => typeof value === 'string' && value.endsWith('Z')),
        unit: 'MICROS',
      },
    },
    encode: (value) => microseconds(String(value)),
  }),
  uuid: () => ({
    element: { type: 'FIXED_LEN_BYTE_ARRAY', type_length: 16, logical_type: { type: 'UUID' } },
    encode: (value) => value,
  }),
  binary: () => ({ element: { type: 'BYTE_ARRAY' }, encode: (value) => Buffer.from(String(value), 'base64') }),
  list: () => JSON_TEXT,
  struct: () => JSON_TEXT,
  map: () => JSON_TEXT,
}

/** Digits that 16 bytes hold. */
const MOST_DIGITS = 38

/** As wide as the widest value: each engine names the type in its own way, and PostgreSQL's may have no bounds. */
function decimalEncoding(_column: Column, values: readonly Value[]): Encoding | undefined {
  const decimals = values.map(decimalOf).filter((decimal) => decimal !== undefined)
  const scale = decimals.reduce((most, decimal) => Math.max(most, decimal.scale), 0)
  const widest = decimals.map((decimal) => String(digitsAt(scale, decimal)).replace('-', '').length)
  const precision = widest.reduce((most, length) => Math.max(most, length), scale + 1)
  if (precision > MOST_DIGITS) return undefined
  return {
    element: {
      ...(precision > 18 ? { type: 'FIXED_LEN_BYTE_ARRAY', type_length: 16 } : { type: 'INT64' }),
      converted_type: 'DECIMAL',
      precision,
      scale,
    },
    encode: (value) => {
      const decimal = decimalOf(value)
      return decimal && digitsAt(scale, decimal)
    },
  }
}

function decimalOf(value: Value): Exact | undefined {
  return typeof value === 'string' || typeof value === 'number' ? parseExact(value) : undefined
}

function integer(value: Value): bigint | undefined {
  return /^-?\d+$/.test(String(value)) ? BigInt(String(value)) : undefined
}

function within64(value: bigint | undefined): bigint | undefined {
  return value !== undefined && BigInt.asIntN(64, value) === value ? value : undefined
}

/** Days since 1970, of a date with a year of four digits. */
function days(date: string): number | undefined {
  const milliseconds = /^\d{4}-\d\d-\d\d$/.test(date) ? Date.parse(date) : Number.NaN
  return Number.isNaN(milliseconds) ? undefined : milliseconds / 86_400_000
}

/** Microseconds since 1970, of a timestamp that has no finer part. */
function microseconds(timestamp: string): bigint | undefined {
  const [, second, fraction = ''] = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?Z?$/.exec(timestamp) ?? []
  const milliseconds = second === undefined ? Number.NaN : Date.parse(`${second}Z`)
  return Number.isNaN(milliseconds) ? undefined : BigInt(milliseconds) * 1000n + BigInt(fraction.padEnd(6, '0'))
}

function distinct(names: readonly string[]): string[] {
  const taken = new Set<string>()
  return names.map((name) => {
    let free = name
    for (let number = 2; taken.has(free); number++) free = `${name}_${number}`
    taken.add(free)
    return free
  })
}
