import type { Value } from '../table.ts'
import { asTime, NO_VALUE } from './column-field.ts'

const MONTH = new Intl.DateTimeFormat('en', { month: 'short', year: 'numeric', timeZone: 'UTC' })

/** Times as the labels of bars, no finer than all of them need: `2026`, `Mar 2026`, `2026-03-05`, `2026-03-05 14:30`. */
export function timeLabels(values: readonly Value[]): {
  readonly labels: readonly string[]
  readonly order: readonly string[]
} {
  const times = values.map(asTime)
  const known = [...new Set(times.filter((time) => time !== null))].sort((a, b) => a - b)
  const write = labelWriter(known.map((time) => new Date(time).toISOString()))
  const labels = times.map((time) => (time === null ? NO_VALUE : write(new Date(time).toISOString())))
  return { labels, order: [...new Set([...known.map((time) => write(new Date(time).toISOString())), ...labels])] }
}

function labelWriter(times: readonly string[]): (time: string) => string {
  if (times.every((time) => time.endsWith('-01-01T00:00:00.000Z'))) return (time) => time.slice(0, 4)
  if (times.every((time) => time.endsWith('-01T00:00:00.000Z'))) return (time) => MONTH.format(new Date(time))
  if (times.every((time) => time.endsWith('T00:00:00.000Z'))) return (time) => time.slice(0, 10)
  if (times.every((time) => time.endsWith(':00.000Z'))) return (time) => time.slice(0, 16).replace('T', ' ')
  return (time) => time.replace('T', ' ').replace('Z', '')
}
