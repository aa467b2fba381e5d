import { digitsAt, divide, type Exact, exactText, parseExact } from '../decimal.ts'

/** As ColumnSummary has them. */
export interface NumberStatistics {
  readonly min: number | string
  readonly max: number | string
  readonly sum: number | string
  readonly mean: number | string
  readonly median: number | string
  readonly standardDeviation?: number
}

/** Decimals that a mean has beyond its column's, and at least. */
const MEAN_DECIMALS = { beyond: 2, least: 4 }

/**
 * Of integers and decimals, exactly: sums do not lose a cent, whatever their size.
 * @param kind an integer that JavaScript holds is given as a number, a decimal always as digits
 */
export function exactStatistics(
  values: readonly (string | number)[],
  kind: 'integer' | 'decimal',
): Partial<NumberStatistics> {
  const parsed = values.map(parseExact).filter((value) => value !== undefined)
  const scale = Math.max(0, ...parsed.map((value) => value.scale))
  const sorted = parsed.map((value) => digitsAt(scale, value)).sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
  const [min] = sorted
  const max = sorted.at(-1)
  const lower = sorted[(sorted.length - 1) >> 1]
  const upper = sorted[sorted.length >> 1]
  if (min === undefined || max === undefined || lower === undefined || upper === undefined) return {}
  const count = BigInt(sorted.length)
  const sum = sorted.reduce((total, digits) => total + digits, 0n)
  const squares = sorted.reduce((total, digits) => total + digits * digits, 0n)
  const give = (value: Exact) => (kind === 'decimal' ? exactText(value) : asInteger(value))
  const meanDecimals = Math.max(MEAN_DECIMALS.beyond, MEAN_DECIMALS.least - scale)
  return {
    min: give({ digits: min, scale }),
    max: give({ digits: max, scale }),
    sum: give({ digits: sum, scale }),
    mean: give(divide({ digits: sum, scale }, count, meanDecimals)),
    median: give(
      (lower + upper) % 2n === 0n
        ? { digits: (lower + upper) / 2n, scale }
        : divide({ digits: lower + upper, scale }, 2n, 1),
    ),
    ...(count > 1n && {
      standardDeviation: Math.sqrt(Number(count * squares - sum * sum) / Number(count * (count - 1n))) / 10 ** scale,
    }),
  }
}

/** Of floats that are numbers; NaN and the infinities have no place in a mean. */
export function floatStatistics(values: readonly number[]): Partial<NumberStatistics> {
  const sorted = values.toSorted((a, b) => a - b)
  const [min] = sorted
  const max = sorted.at(-1)
  const lower = sorted[(sorted.length - 1) >> 1]
  const upper = sorted[sorted.length >> 1]
  if (min === undefined || max === undefined || lower === undefined || upper === undefined) return {}
  const count = sorted.length
  const sum = sorted.reduce((total, value) => total + value, 0)
  const mean = sum / count
  const squares = sorted.reduce((total, value) => total + (value - mean) ** 2, 0)
  return {
    min,
    max,
    sum,
    mean,
    median: (lower + upper) / 2,
    ...(count > 1 && { standardDeviation: Math.sqrt(squares / (count - 1)) }),
  }
}

function asInteger(value: Exact): number | string {
  const text = exactText(value)
  const number = Number(text)
  return value.scale > 0 || Number.isSafeInteger(number) ? number : text
}
