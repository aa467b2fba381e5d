import { AbilityError } from '../../../../../lambdas/runtime/ability-error.ts'
import type { Engine, QueryLimits, Reader } from '../../../../../lambdas/skillsets/data/engines/engine.ts'
import type { Column, Table, Value } from '../../../../../lambdas/skillsets/data/table.ts'

const COLUMNS: readonly Column[] = [
  { name: 'month', type: 'DATE', kind: 'date', comment: 'First day of the month' },
  { name: 'revenue', type: 'DECIMAL(12,2)', kind: 'decimal', unit: 'EUR' },
]
const SALES = { name: 'sales', title: 'Sales', description: 'Revenue by month.' }
/** `SELECT <n>`: that many months; `WAIT`: until the signal; anything else is refused. */
const STATEMENT = /^SELECT (\d+)$/

/** An engine without a database, of one data set `sales`, whose rows are of whoever asks. */
export class MemoryEngine implements Engine {
  readonly dialect = 'Memory'
  readonly asked: { reader: Reader; sql: string; limits: QueryLimits }[] = []

  async datasets() {
    return [SALES]
  }

  async describe(reader: Reader, dataset: string) {
    if (dataset !== 'sales') throw new AbilityError('unknown_dataset', 'There is no such data set.', 'list_datasets')
    return { ...SALES, columns: COLUMNS, rowCount: 36, sample: table(2, reader.tenant) }
  }

  async columns() {
    return COLUMNS
  }

  async query(reader: Reader, sql: string, limits: QueryLimits, signal: AbortSignal) {
    this.asked.push({ reader, sql, limits })
    if (sql === 'WAIT')
      await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }))
    const [, wanted] = STATEMENT.exec(sql) ?? []
    if (wanted === undefined) throw new AbilityError('query_refused', 'That is no query.', 'Pass one SELECT statement.')
    const rows = Math.min(Number(wanted), limits.rows)
    return { ...table(rows, reader.tenant), ...(rows < Number(wanted) && { cutBy: 'rows' as const }) }
  }

  async explain(_reader: Reader, sql: string) {
    return `plan of ${sql}`
  }
}

/** Revenue of a tenant: that of `partner` has one more digit. */
function table(rows: number, tenant: string): Table {
  const from = tenant === 'partner' ? 1_000 : 100
  const row = (_: unknown, index: number): Value[] => [
    new Date(Date.UTC(2023, index, 1)).toISOString().slice(0, 10),
    `${from + index}.50`,
  ]
  return { columns: COLUMNS, rows: Array.from({ length: rows }, row) }
}
