import {
  DuckDBArrayValue,
  DuckDBBlobValue,
  DuckDBDateValue,
  DuckDBIntervalValue,
  DuckDBListValue,
  DuckDBMapValue,
  DuckDBStructValue,
  DuckDBTimeNSValue,
  DuckDBTimestampMillisecondsValue,
  DuckDBTimestampNanosecondsValue,
  DuckDBTimestampSecondsValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  DuckDBTimeTZValue,
  DuckDBTimeValue,
  DuckDBUnionValue,
  type DuckDBValue,
  DuckDBVariantValue,
} from '@duckdb/node-api'
import type { Value } from '../../table.ts'
import { isoDate, isoDuration, isoOffset, isoTime, isoTimestamp } from './iso-time.ts'

/** A value of DuckDB as JSON has it, without loss: see {@link Value}. */
export function readValue(value: DuckDBValue): Value {
  switch (typeof value) {
    case 'bigint':
      return Number.isSafeInteger(Number(value)) ? Number(value) : String(value)
    case 'number':
      return Number.isFinite(value) ? value : String(value)
    case 'object':
      return value === null ? null : readObject(value)
    default:
      return value
  }
}

/** Beside these there are decimals, UUIDs, bits, geometries and big numbers: DuckDB's own text says all of each. */
function readObject(value: Exclude<DuckDBValue, null | boolean | number | bigint | string>): Value {
  if (value instanceof DuckDBTimestampValue) return timestamp(value, value.micros, 1_000_000)
  if (value instanceof DuckDBTimestampTZValue) return timestamp(value, value.micros, 1_000_000, 'Z')
  if (value instanceof DuckDBTimestampNanosecondsValue) return timestamp(value, value.nanos, 1_000_000_000)
  if (value instanceof DuckDBTimestampMillisecondsValue) return timestamp(value, value.millis, 1_000)
  if (value instanceof DuckDBTimestampSecondsValue) return timestamp(value, value.seconds, 1)
  if (value instanceof DuckDBDateValue) return value.isFinite ? isoDate(value.days) : infinite(value.days)
  if (value instanceof DuckDBTimeValue) return isoTime(Number(value.micros), 1_000_000)
  if (value instanceof DuckDBTimeNSValue) return isoTime(Number(value.nanos), 1_000_000_000)
  if (value instanceof DuckDBTimeTZValue) return isoTime(Number(value.micros), 1_000_000) + isoOffset(value.offset)
  if (value instanceof DuckDBIntervalValue) return isoDuration(value.months, value.days, value.micros)
  if (value instanceof DuckDBBlobValue) return Buffer.from(value.bytes).toString('base64')
  if (value instanceof DuckDBListValue || value instanceof DuckDBArrayValue) return value.items.map(readValue)
  if (value instanceof DuckDBStructValue) return record(Object.entries(value.entries))
  if (value instanceof DuckDBMapValue) return record(value.entries.map(({ key, value: of }) => [mapKey(key), of]))
  if (value instanceof DuckDBUnionValue) return record([[value.tag, value.value]])
  if (value instanceof DuckDBVariantValue) return readValue(value.value)
  return value.toString()
}

function timestamp(of: { readonly isFinite: boolean }, units: bigint, unitsPerSecond: number, zone = ''): string {
  return of.isFinite ? isoTimestamp(units, unitsPerSecond) + zone : infinite(units)
}

const infinite = (units: number | bigint) => (units < 0 ? '-infinity' : 'infinity')

/** Keys of any type, as JSON can have them: the type of the column says what they were. */
function mapKey(key: DuckDBValue): string {
  const value = readValue(key)
  return typeof value === 'string' ? value : JSON.stringify(value)
}

// fromEntries defines properties: a field called __proto__ is one like any other.
const record = (entries: readonly (readonly [string, DuckDBValue])[]): Value =>
  Object.fromEntries(entries.map(([name, value]) => [name, readValue(value)]))
