/** Cents as an engine writes a decimal of two places. */
export function money(cents: number): string {
  const digits = String(Math.abs(cents)).padStart(3, '0')
  return `${cents < 0 ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`
}

/** Days since 1970-01-01 as a date. */
export const date = (day: number): string => new Date(day * 86_400_000).toISOString().slice(0, 10)

/** Of seconds since 1970-01-01: the day, then parts of it. */
export const dayOf = (seconds: number): number => Math.floor(seconds / 86_400)
export const monthOf = (seconds: number): string => `${date(dayOf(seconds)).slice(0, 7)}-01`
export const yearOf = (seconds: number): number => Number(date(dayOf(seconds)).slice(0, 4))
export const quarterOf = (seconds: number): number => Math.ceil(Number(date(dayOf(seconds)).slice(5, 7)) / 3)
export const hourOf = (seconds: number): number => Math.floor((seconds % 86_400) / 3600)
export const weekdayOf = (seconds: number): number => new Date(seconds * 1000).getUTCDay()

export const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0)
export const mean = (numbers: readonly number[]): number => sum(numbers) / numbers.length

/** With linear interpolation between the two nearest values, as `percentile_cont` has it. */
export function percentile(numbers: readonly number[], share: number): number {
  const sorted = [...numbers].sort((a, b) => a - b)
  const position = (sorted.length - 1) * share
  const [below, above] = [sorted[Math.floor(position)] ?? 0, sorted[Math.ceil(position)] ?? 0]
  return below + (above - below) * (position - Math.floor(position))
}

export const unique = <Item>(items: readonly Item[]): Item[] => [...new Set(items)]

/** Groups in the order of their keys; null comes last. */
export function groups<Row, Key extends string | number | null>(
  rows: readonly Row[],
  key: (row: Row) => Key,
): [Key, Row[]][] {
  return [...Map.groupBy(rows, key)].sort(([a], [b]) => compare(a, b))
}

/** Sorts by several keys; a negative number turns an order around. */
export function sorted<Row>(rows: readonly Row[], ...keys: ((row: Row) => string | number | null)[]): Row[] {
  return [...rows].sort((a, b) => keys.map((key) => compare(key(a), key(b))).find((order) => order !== 0) ?? 0)
}

function compare(a: string | number | null, b: string | number | null): number {
  if (a === b) return 0
  if (a === null) return 1
  if (b === null) return -1
  return a < b ? -1 : 1
}
