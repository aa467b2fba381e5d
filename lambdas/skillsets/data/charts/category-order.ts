const MONTHS = 'january february march april may june july august september october november december'.split(' ')
const WEEKDAYS = 'monday tuesday wednesday thursday friday saturday sunday'.split(' ')
/** Dates, `2026-W05`, `2026-Q1`, `Q1`, `09:30`: in the order of their digits. */
const BY_DIGITS = /^(?:\d{4}(?:-(?:W|Q)?\d{1,2}){1,2}|Q[1-4]|\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)$/i

/**
 * Labels that have an order of their own, in it: months and weekdays (whole or as three letters), quarters, weeks, hours,
 * numbers. @returns undefined where they have none
 */
export function naturalOrder(labels: readonly string[]): readonly string[] | undefined {
  if (labels.length === 0) return undefined
  for (const names of [MONTHS, WEEKDAYS]) {
    const places = new Map(labels.map((label) => [label, placeIn(names, label)]))
    if (labels.every((label) => places.get(label) !== -1))
      return labels.toSorted((a, b) => (places.get(a) ?? 0) - (places.get(b) ?? 0))
  }
  if (labels.every((label) => label !== '' && Number.isFinite(Number(label))))
    return labels.toSorted((a, b) => Number(a) - Number(b))
  if (!labels.every((label) => BY_DIGITS.test(label))) return undefined
  return labels.toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true }))
}

function placeIn(names: readonly string[], label: string): number {
  const lower = label.toLowerCase().replace(/\.$/, '')
  return names.findIndex((name) => name === lower || name.slice(0, 3) === lower)
}
