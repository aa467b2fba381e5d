import type { DuckDBConnection } from '@duckdb/node-api'

/** What SQL calls the tenant's database: the name of its file. */
export const DATABASE = 'data'

/** Functions that a statement may call, by kind. */
export interface AllowedFunctions {
  readonly functions: ReadonlySet<string>
  readonly tableFunctions: ReadonlySet<string>
}

/** All that a statement may name. */
export interface Allowed extends AllowedFunctions {
  /** The tenant's tables. */
  readonly tables: ReadonlySet<string>
}

/** They give another value at every call, and do nothing else. */
const RANDOM = ['random', 'gen_random_uuid', 'uuid', 'uuidv4', 'uuidv7']

/** DuckDB calls these consistent, but they tell of settings, bind SQL that comes as text, or wait. */
const UNFIT = ['current_setting', 'getvariable', 'json_serialize_plan', 'pg_sleep']

/** DuckDB has them without listing them as scalar functions; row is what it makes of `(a, b)`. */
const UNLISTED = ['unnest', 'row']

/** Those that compute rows of their arguments. */
const TABLE_FUNCTIONS = ['generate_series', 'range', 'unnest', 'repeat', 'repeat_row', 'json_each', 'json_tree']

/**
 * Judges the functions that this DuckDB has: those that compute a value of their arguments alone. Not the volatile ones
 * (sequences, logs, sleeping, other queries), not macros that read tables of the system.
 */
export async function readAllowedFunctions(connection: DuckDBConnection): Promise<AllowedFunctions> {
  const result = await connection.run(
    `SELECT function_name FROM duckdb_functions()
     WHERE function_type IN ('scalar', 'aggregate', 'macro') AND function_name NOT LIKE '\\_\\_internal%' ESCAPE '\\'
     GROUP BY function_name
     HAVING bool_and(coalesce(stability, '') <> 'VOLATILE' AND coalesce(macro_definition, '') NOT ILIKE '%select %')`,
  )
  const consistent = (await result.getRows()).map(([name]) => String(name)).filter((name) => !UNFIT.includes(name))
  return {
    functions: new Set([...consistent, ...RANDOM, ...UNLISTED]),
    tableFunctions: new Set(TABLE_FUNCTIONS),
  }
}
