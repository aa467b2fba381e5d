import type { Column } from '../../table.ts'
import type { QueryResult } from '../engine.ts'

/** A table of the tenant's database and the files that it is made of. */
export interface TableFiles {
  readonly name: string
  readonly format: 'parquet' | 'csv' | 'json'
  readonly paths: readonly string[]
  /** Only the rows that have this value in this column. */
  readonly only?: { readonly column: string; readonly value: string } | undefined
}

/** What DuckDB may take. */
export interface DatabaseSize {
  readonly memoryMegabytes: number
  readonly threads: number
}

export interface BuildQuestion extends DatabaseSize {
  readonly kind: 'build'
  /** The database's file, which is not there yet. */
  readonly path: string
  readonly tables: readonly TableFiles[]
}

export interface OpenQuestion extends DatabaseSize {
  readonly kind: 'open'
  readonly path: string
}

export interface QueryQuestion {
  readonly kind: 'query'
  readonly sql: string
  readonly rows: number
  readonly bytes: number
}

export interface ExplainQuestion {
  readonly kind: 'explain'
  readonly sql: string
}

/** What a database process is asked. It answers several questions at a time. */
export type Question = BuildQuestion | OpenQuestion | QueryQuestion | ExplainQuestion

export type ToProcess =
  | { readonly id: number; readonly question: Question }
  /** Ends the statement of this question; its answer comes all the same. */
  | { readonly id: number; readonly interrupt: true }

/** How a question ended well. */
export interface Answer {
  readonly columns?: readonly Column[]
  /** The rows that were not sent before, as the JSON text of an array. */
  readonly lastRows?: string
  readonly cutBy?: QueryResult['cutBy']
  readonly plan?: string
}

/** Why a question was not answered, as an AbilityError has it; `broken`: the process can answer nothing more. */
export interface Refusal {
  readonly code: Lowercase<string>
  readonly message: string
  readonly hint: string
  /** For the log alone. */
  readonly detail?: string
  readonly broken?: true
}

export type FromProcess =
  /** Some of the rows, as the JSON text of an array: cheaper to send than its values. */
  | { readonly id: number; readonly rows: string }
  | { readonly id: number; readonly answer: Answer }
  | { readonly id: number; readonly refusal: Refusal }
