export type EngineName = 'duckdb' | 'postgres' | 'athena'

/**
 * What would have happened if the attempt succeeded, and so what a layer that is tested alone has to show:
 * `write`: data or structure changed; `outside`: a file, a host or the environment was read or written;
 * `session`: the session or the server was changed for whoever comes next, or held up; `several`: more than one statement
 * ran; `tenants`: another tenant's rows, or word of them, came back; `inside`: settings, secrets, paths or other people's
 * statements came back.
 */
export type AttemptKind = 'write' | 'outside' | 'session' | 'several' | 'tenants' | 'inside'

/** An attempt to do more than read one's own rows by one statement. */
export interface EscapeAttempt {
  readonly name: string
  /**
   * The tables are those of `scene.ts`. `{file}` stands for a file that holds FILE_SECRET, `{folder}` for a folder that can
   * be written to, `{other}` for the schema or database of the other tenant, where the engine has one.
   */
  readonly sql: string
  readonly engines: readonly EngineName[]
  readonly kind: AttemptKind
  /** A judgement of the statement may let it pass: it reads, and what it reads is to be the tenant's own alone. */
  readonly harmless?: true
}

export interface AttemptPlaces {
  readonly file: string
  readonly folder: string
  readonly other: string
}

/** The attempt's SQL with its places filled in. */
export function attemptedSql({ sql }: EscapeAttempt, places: AttemptPlaces): string {
  return sql.replace(/\{(file|folder|other)\}/g, (_, place: keyof AttemptPlaces) => places[place])
}
