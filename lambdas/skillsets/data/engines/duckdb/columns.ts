import {
  DuckDBArrayType,
  DuckDBListType,
  DuckDBMapType,
  type DuckDBResult,
  DuckDBStructType,
  type DuckDBType,
  DuckDBTypeId,
} from '@duckdb/node-api'
import { AbilityError } from '../../../../runtime/ability-error.ts'
import type { Column, ColumnKind } from '../../table.ts'

const KINDS: Readonly<Partial<Record<DuckDBTypeId, ColumnKind>>> = {
  [DuckDBTypeId.BOOLEAN]: 'boolean',
  [DuckDBTypeId.TINYINT]: 'integer',
  [DuckDBTypeId.SMALLINT]: 'integer',
  [DuckDBTypeId.INTEGER]: 'integer',
  [DuckDBTypeId.BIGINT]: 'integer',
  [DuckDBTypeId.HUGEINT]: 'integer',
  [DuckDBTypeId.UTINYINT]: 'integer',
  [DuckDBTypeId.USMALLINT]: 'integer',
  [DuckDBTypeId.UINTEGER]: 'integer',
  [DuckDBTypeId.UBIGINT]: 'integer',
  [DuckDBTypeId.UHUGEINT]: 'integer',
  [DuckDBTypeId.BIGNUM]: 'integer',
  [DuckDBTypeId.FLOAT]: 'float',
  [DuckDBTypeId.DOUBLE]: 'float',
  [DuckDBTypeId.DECIMAL]: 'decimal',
  [DuckDBTypeId.VARCHAR]: 'text',
  [DuckDBTypeId.ENUM]: 'text',
  [DuckDBTypeId.DATE]: 'date',
  [DuckDBTypeId.TIME]: 'time',
  [DuckDBTypeId.TIME_NS]: 'time',
  [DuckDBTypeId.TIME_TZ]: 'time',
  [DuckDBTypeId.TIMESTAMP]: 'timestamp',
  [DuckDBTypeId.TIMESTAMP_S]: 'timestamp',
  [DuckDBTypeId.TIMESTAMP_MS]: 'timestamp',
  [DuckDBTypeId.TIMESTAMP_NS]: 'timestamp',
  [DuckDBTypeId.TIMESTAMP_TZ]: 'timestamp',
  [DuckDBTypeId.INTERVAL]: 'interval',
  [DuckDBTypeId.UUID]: 'uuid',
  [DuckDBTypeId.BLOB]: 'binary',
  [DuckDBTypeId.LIST]: 'list',
  [DuckDBTypeId.ARRAY]: 'list',
  [DuckDBTypeId.STRUCT]: 'struct',
  [DuckDBTypeId.MAP]: 'map',
}

/** Characters of a type's name: an ENUM names all of its values. */
const LONGEST_TYPE = 400

/** The columns of a result, in order. */
export function readColumns(result: DuckDBResult): readonly Column[] {
  return result.columnNames().map((name, index) => {
    const type = result.columnType(index)
    refuseLostFields(type)
    return { name, type: typeName(type), kind: KINDS[type.typeId] ?? 'other' }
  })
}

/** DuckDB's client keeps the fields of a struct in an object, which has room for one nameless field and for no __proto__. */
function refuseLostFields(type: DuckDBType): void {
  if (type instanceof DuckDBListType || type instanceof DuckDBArrayType) refuseLostFields(type.valueType)
  if (type instanceof DuckDBMapType) [type.keyType, type.valueType].forEach(refuseLostFields)
  if (!(type instanceof DuckDBStructType)) return
  type.entryTypes.forEach(refuseLostFields)
  if (type.entryNames.some((name) => name === '' || name === '__proto__'))
    throw new AbilityError(
      'query_failed',
      'A column has fields without names, as row(a, b) and (a, b) make them, or one called __proto__.',
      "Name them: {'a': a, 'b': b}; or select them as columns.",
    )
}

function typeName(type: DuckDBType): string {
  const name = type.alias ?? type.toString()
  return name.length > LONGEST_TYPE ? `${name.slice(0, LONGEST_TYPE)}…` : name
}
