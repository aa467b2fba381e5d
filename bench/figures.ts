/** The one in the middle; NaN where there is none. */
export function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[values.length >> 1] ?? Number.NaN
}

/** A number, not a text: console.table puts texts in quotes. */
export function hundredths(value: number): number {
  return Math.round(value * 100) / 100
}
