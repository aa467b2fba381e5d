import {
  DuckDBBlobValue,
  DuckDBIntervalValue,
  DuckDBListValue,
  DuckDBMapValue,
  DuckDBStructValue,
  DuckDBTimestampTZValue,
  type DuckDBType,
  type DuckDBValue,
} from '@duckdb/node-api'

/** `ColumnInfo` of a result, in the form measured at the real service (engine version 3). */
export interface AthenaColumn {
  readonly CatalogName: 'hive'
  readonly SchemaName: ''
  readonly TableName: ''
  readonly Name: string
  readonly Label: string
  readonly Type: string
  readonly Precision: number
  readonly Scale: number
  readonly Nullable: 'UNKNOWN'
  readonly CaseSensitive: boolean
}

/** By DuckDB's word; the precisions are those that Athena gives. */
const TYPES: Readonly<Record<string, readonly [type: string, precision: number]>> = {
  BOOLEAN: ['boolean', 0],
  TINYINT: ['tinyint', 3],
  SMALLINT: ['smallint', 5],
  INTEGER: ['integer', 10],
  BIGINT: ['bigint', 19],
  HUGEINT: ['decimal', 38],
  FLOAT: ['float', 17],
  DOUBLE: ['double', 17],
  VARCHAR: ['varchar', 2_147_483_647],
  DATE: ['date', 0],
  TIME: ['time', 3],
  TIMESTAMP: ['timestamp', 3],
  'TIMESTAMP WITH TIME ZONE': ['timestamp with time zone', 3],
  INTERVAL: ['interval day to second', 0],
  UUID: ['uuid', 0],
  BLOB: ['varbinary', 1_073_741_824],
  JSON: ['json', 0],
}

export function athenaColumn(name: string, type: DuckDBType | undefined): AthenaColumn {
  const word = type?.alias ?? String(type)
  const [, precision, scale] = /^DECIMAL\((\d+),(\d+)\)$/.exec(word) ?? []
  const [Type, Precision] = precision === undefined ? (TYPES[word] ?? nested(word)) : ['decimal', Number(precision)]
  return column(name, Type, Precision, Number(scale ?? 0))
}

export function column(name: string, Type: string, Precision: number, Scale = 0): AthenaColumn {
  const CaseSensitive = Type === 'varchar'
  return {
    ...{ CatalogName: 'hive', SchemaName: '', TableName: '', Name: name, Label: name },
    ...{ Type, Precision, Scale, Nullable: 'UNKNOWN', CaseSensitive },
  }
}

function nested(word: string): readonly [string, number] {
  if (word.endsWith(']')) return ['array', 0]
  return [word.startsWith('MAP') ? 'map' : 'row', 0]
}

/** A value as `VarCharValue` has it. */
export function athenaText(value: DuckDBValue, type?: string): string | undefined {
  if (value === null) return undefined
  if (typeof value === 'number' && type === 'double') return javaDouble(value)
  if (value instanceof DuckDBBlobValue)
    return Buffer.from(value.bytes)
      .toString('hex')
      .replace(/..(?=.)/g, '$& ')
  if (value instanceof DuckDBTimestampTZValue) return String(value).replace(/\+00$/, ' UTC')
  if (value instanceof DuckDBIntervalValue) return dayToSecond(value)
  if (value instanceof DuckDBListValue) return `[${value.items.map(inner).join(', ')}]`
  if (value instanceof DuckDBStructValue)
    return `{${Object.entries(value.entries)
      .map(([name, each]) => `${name}=${inner(each)}`)
      .join(', ')}}`
  if (value instanceof DuckDBMapValue)
    return `{${value.entries.map(({ key, value: each }) => `${inner(key)}=${inner(each)}`).join(', ')}}`
  return String(value)
}

const inner = (value: DuckDBValue) => athenaText(value) ?? 'null'

/** `2 03:04:05.678` */
function dayToSecond({ days, micros }: DuckDBIntervalValue): string {
  const milliseconds = Number(micros) / 1000
  const day = 86_400_000
  return `${days + Math.floor(milliseconds / day)} ${new Date(milliseconds % day).toISOString().slice(11, 23)}`
}

/** `1.5` and `1.0E20`, as Java writes doubles. */
function javaDouble(value: number): string {
  if (!Number.isFinite(value)) return String(value)
  const plain = Math.abs(value) >= 1e-3 && Math.abs(value) < 1e7
  const [mantissa = '', exponent] = plain ? [String(value)] : value.toExponential().split('e')
  const digits = mantissa.includes('.') ? mantissa : `${mantissa}.0`
  return exponent === undefined ? digits : `${digits}E${Number(exponent)}`
}
