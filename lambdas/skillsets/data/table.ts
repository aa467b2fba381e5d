/** What a reader can rely on of a column's values, whichever engine they come from; `type` has the engine's own word. */
export const COLUMN_KINDS = [
  'boolean',
  'integer',
  'decimal',
  'float',
  'text',
  'date',
  'time',
  'timestamp',
  'interval',
  'uuid',
  'binary',
  'list',
  'struct',
  'map',
  'other',
] as const
export type ColumnKind = (typeof COLUMN_KINDS)[number]

export interface Column {
  readonly name: string
  /** As the engine names it, such as `DECIMAL(12,2)` or `timestamp with time zone`. */
  readonly type: string
  readonly kind: ColumnKind
  /** What the values are measured in, such as `EUR`, where the config says so. */
  readonly unit?: string
  readonly comment?: string
}

/**
 * A value as JSON has it, without loss: integers beyond 2^53 and all decimals are strings of digits, dates are
 * `2026-01-31`, times `09:30:00`, timestamps RFC 3339 without an offset where the type has none and in UTC with `Z` where
 * it has one, intervals ISO 8601 durations, bytes base64; a float that JSON lacks is `NaN`, `Infinity` or `-Infinity`, a
 * date or timestamp without end `infinity` or `-infinity`. Years outside 0000 to 9999 have six digits and a sign:
 * `-000043-03-15`.
 */
export type Value = null | boolean | number | string | readonly Value[] | { readonly [name: string]: Value }

/** Rows of one shape; a value stands where its column stands. */
export interface Table {
  readonly columns: readonly Column[]
  readonly rows: readonly (readonly Value[])[]
}
