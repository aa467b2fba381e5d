/** What `pg_proc` says of all the server's own functions of one name together. */
export interface ServerFunction {
  /** Their results depend on their arguments alone. */
  readonly isImmutable: boolean
  /** One that is not immutable takes a single argument, and so could be written as a field of it. */
  readonly isField: boolean
}

/** The server's own functions, by name. Those of people's own are not for queries. */
export type ServerFunctions = ReadonlyMap<string, ServerFunction>

export const SERVER_FUNCTIONS = `
  SELECT proname, json_build_object(
    'isImmutable', bool_and(provolatile = 'i'),
    'isField', bool_or(provolatile <> 'i' AND pronargs >= 1 AND pronargs - pronargdefaults <= 1
      AND proargtypes[0] <> 'internal'::pg_catalog.regtype))
  FROM pg_catalog.pg_proc WHERE pronamespace = 'pg_catalog'::pg_catalog.regnamespace GROUP BY proname`

/**
 * Functions that are not immutable, or PostgreSQL's own affair by their name, and still look at nothing but their
 * arguments, the clock, the time zone and the casts of types. Left out on purpose: whatever reads files, settings, the
 * catalog or sequences, runs a text as SQL (`query_to_xml`, `ts_stat`, `ts_rewrite`), waits, locks, signals or writes.
 */
const REVIEWED: ReadonlySet<string> = new Set(
  `now statement_timestamp transaction_timestamp clock_timestamp timeofday age date_trunc date_part extract timezone overlaps
  generate_series date_add date_subtract make_timestamptz to_char to_date to_timestamp to_number date time timetz timestamp
  timestamptz interval text numeric money length convert convert_from convert_to
  concat concat_ws format quote_literal quote_nullable string_agg array_agg array_to_string string_to_array string_to_table
  array_shuffle array_sample enum_first enum_last enum_range
  json_agg jsonb_agg json_object_agg jsonb_object_agg json_agg_strict jsonb_agg_strict json_object_agg_strict
  jsonb_object_agg_strict json_object_agg_unique jsonb_object_agg_unique json_object_agg_unique_strict
  jsonb_object_agg_unique_strict to_json to_jsonb row_to_json array_to_json json_build_array jsonb_build_array
  json_build_object jsonb_build_object json_populate_record jsonb_populate_record json_populate_recordset
  jsonb_populate_recordset json_to_record jsonb_to_record json_to_recordset jsonb_to_recordset
  jsonb_path_query_tz jsonb_path_query_array_tz jsonb_path_query_first_tz jsonb_path_exists_tz jsonb_path_match_tz
  to_tsvector json_to_tsvector jsonb_to_tsvector to_tsquery plainto_tsquery phraseto_tsquery websearch_to_tsquery ts_headline
  pg_typeof pg_column_size pg_size_pretty random random_normal gen_random_uuid uuidv4 uuidv7`.split(/\s+/),
)

/** Whether a query may call the server's function of that name. */
export function mayCall(name: string, functions: ServerFunctions): boolean {
  const known = functions.get(name)
  return known !== undefined && (REVIEWED.has(name) || (known.isImmutable && !name.startsWith('pg_')))
}

/**
 * Whether a name after a dot is harmless: PostgreSQL takes `(value).name` for `name(value)` where the value has no such
 * field, so it must not be that of a function that may not be called.
 */
export function mayBeField(name: string, functions: ServerFunctions): boolean {
  return !functions.get(name)?.isField || mayCall(name, functions)
}
