import type { AthenaDataset } from '../../options.ts'
import type { Column } from '../../table.ts'
import { kindOf } from './values.ts'

/** The columns as they are declared: Glue has them from the same place, and is not asked. */
export function columnsOf({ types, columns }: AthenaDataset): Column[] {
  return Object.entries(types).map(([name, type]) => ({ name, type, kind: kindOf(type), ...columns[name] }))
}
