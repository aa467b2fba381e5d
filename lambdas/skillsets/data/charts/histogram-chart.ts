import { chartNotPossible } from './chart-not-possible.ts'
import { rowCount } from './chart-rows.ts'
import type { Undescribed, WantedChart } from './chart-spec.ts'
import { asNumber, type Field } from './column-field.ts'
import { numberFieldOf } from './made-field.ts'
import { numberFormat } from './number-format.ts'
import { pickField } from './pick-field.ts'

const BINS = { least: 6, most: 30 }

/** How often the values of one number lie in which range; the ranges begin at round numbers. */
export function histogramChart(fields: readonly Field[], wanted: WantedChart): Undescribed {
  const x = pickField(fields, 'x', ['number'], wanted.x ?? wanted.y)
  const numbers = x.values.map(asNumber).filter((value) => value !== null)
  const least = numbers.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY)
  const greatest = numbers.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)
  if (!(greatest > least))
    throw chartNotPossible(
      `The values of "${x.column.name}" are ${numbers.length === 0 ? 'all NULL' : 'all the same'}.`,
      'A histogram needs a number that varies from row to row.',
    )
  const without = x.values.length - numbers.length
  const step = roundStep((greatest - least) / binsFor(numbers.length))
  if (!Number.isFinite(step) || least + step === least || greatest - step === greatest)
    throw chartNotPossible(
      `The values of "${x.column.name}" lie too close together or too far apart to be counted in ranges.`,
      'Scale them in the SQL, or take their logarithm.',
    )
  const first = Math.floor(least / step)
  const counts = new Array<number>(Math.floor(greatest / step) - first + 1).fill(0)
  for (const number of numbers) {
    const bin = Math.floor(number / step) - first
    counts[bin] = (counts[bin] ?? 0) + 1
  }
  return {
    kind: 'histogram',
    x: numberFieldOf(x),
    y: {
      scale: 'number',
      title: 'Number of rows',
      format: numberFormat({ name: '', type: '', kind: 'integer' }, counts),
    },
    rows: counts.map((count, bin) => ({ x: (first + bin) * step, end: (first + bin + 1) * step, y: count })),
    notes:
      without === 0
        ? []
        : [`${rowCount(without)} without ${x.column.name} ${without === 1 ? 'is' : 'are'} not counted.`],
  }
}

/** The rule of Rice, within what people can read. */
function binsFor(count: number): number {
  return Math.min(BINS.most, Math.max(BINS.least, Math.ceil(2 * Math.cbrt(count))))
}

/** The least of 1, 2, 2.5 and 5 times a power of ten that is not less. */
function roundStep(step: number): number {
  const power = 10 ** Math.floor(Math.log10(step))
  return ([1, 2, 2.5, 5].find((factor) => factor * power >= step) ?? 10) * power
}
