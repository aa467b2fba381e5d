import type { ClientBase, FieldDef } from 'pg'
import type { ColumnKind } from '../../../table.ts'

/** What the catalog says of a type, as far as its values need it. */
export interface Type {
  readonly name: string
  /** `pg_type.typtype`: base, composite, domain, enum, pseudo, range or multirange. */
  readonly type: string
  /** `pg_type.typcategory`; `A` are arrays, `S` texts. */
  readonly category: string
  readonly delimiter: string
  /** Of an array's elements, or what a domain is made of. */
  readonly of: number | null
  /** Of a composite type. */
  readonly fields: readonly { readonly name: string; readonly type: number }[]
}

/** By OID: the types of a result, and of whatever they are made of. */
export type Types = ReadonlyMap<number, Type>

type Typed = Pick<FieldDef, 'dataTypeID' | 'dataTypeModifier'>

/** Columns and the types that they need. */
export interface Shape {
  /** Types as SQL writes them, such as `numeric(12,2)`. */
  readonly typeNames: readonly string[]
  readonly types: Types
}

const SHAPE = `
  WITH RECURSIVE needed (oid) AS (
    SELECT unnest($1::oid[])
    UNION
    SELECT part FROM needed JOIN pg_type t USING (oid) CROSS JOIN LATERAL (
      SELECT t.typelem WHERE t.typcategory = 'A'
      UNION ALL SELECT t.typbasetype
      UNION ALL SELECT atttypid FROM pg_attribute WHERE attrelid = t.typrelid AND attnum > 0 AND NOT attisdropped
    ) parts (part) WHERE part <> 0
  )
  SELECT (SELECT json_agg(format_type(oid, modifier) ORDER BY place)
          FROM unnest($1::oid[], $2::int[]) WITH ORDINALITY c (oid, modifier, place)),
    (SELECT json_agg(json_build_array(oid::int8, json_build_object(
      'name', typname, 'type', typtype, 'category', typcategory, 'delimiter', typdelim,
      'of', CASE WHEN typtype = 'd' THEN typbasetype::int8 WHEN typcategory = 'A' THEN typelem::int8 END,
      'fields', (SELECT coalesce(json_agg(json_build_object('name', attname, 'type', atttypid::int8) ORDER BY attnum), '[]')
                 FROM pg_attribute WHERE attrelid = typrelid AND attnum > 0 AND NOT attisdropped))))
     FROM needed JOIN pg_type USING (oid))`

/** Asks the catalog; a query of its own each time, since types can be altered. */
export async function fetchShape(client: ClientBase, fields: readonly Typed[]): Promise<Shape> {
  const { rows } = await client.query<[string | null, string | null]>({
    text: SHAPE,
    values: [fields.map(({ dataTypeID }) => dataTypeID), fields.map(({ dataTypeModifier }) => dataTypeModifier)],
    rowMode: 'array',
  })
  const [typeNames, types] = rows[0] ?? []
  return { typeNames: JSON.parse(typeNames ?? '[]'), types: new Map(JSON.parse(types ?? '[]') as [number, Type][]) }
}

const KINDS: Readonly<Record<string, ColumnKind>> = {
  bool: 'boolean',
  int2: 'integer',
  int4: 'integer',
  int8: 'integer',
  oid: 'integer',
  numeric: 'decimal',
  float4: 'float',
  float8: 'float',
  date: 'date',
  time: 'time',
  timetz: 'time',
  timestamp: 'timestamp',
  timestamptz: 'timestamp',
  interval: 'interval',
  uuid: 'uuid',
  bytea: 'binary',
}

export function kindOf(oid: number, types: Types): ColumnKind {
  const type = types.get(oid)
  if (!type) return 'other'
  if (type.type === 'd' && type.of !== null) return kindOf(type.of, types)
  if (type.type === 'c') return 'struct'
  if (type.category === 'A' && type.of !== null) return 'list'
  if (type.type === 'e' || type.category === 'S') return 'text'
  return KINDS[type.name] ?? 'other'
}
