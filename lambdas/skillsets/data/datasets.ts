import type { Column, Table } from './table.ts'

/** One table that people may ask of. */
export interface Dataset {
  /** What SQL calls it: a lower-case identifier. */
  readonly name: string
  readonly title: string
  readonly description: string
}

/** What an engine knows of a data set, for one tenant. */
export interface DatasetDescription extends Dataset {
  readonly columns: readonly Column[]
  /** Rows that this tenant may read; absent where counting them would cost a scan. */
  readonly rowCount?: number
  /** A few rows. */
  readonly sample: Table
}
