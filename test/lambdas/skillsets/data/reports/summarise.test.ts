import { expect, test } from 'vitest'
import { summarise } from '../../../../../lambdas/skillsets/data/reports/summarise.ts'
import type { Value } from '../../../../../lambdas/skillsets/data/table.ts'
import { tableOf } from '../charts/retail-tables.ts'

const of = (column: string, values: readonly Value[]) =>
  summarise(
    tableOf(
      [column],
      values.map((value) => [value]),
    ),
  )[0]

test('decimals: computed by hand, to the last digit', () => {
  expect(of('revenue:decimal:EUR', ['0.10', '0.20', null, '0.30', '1.00'])).toEqual({
    column: 'revenue',
    kind: 'decimal',
    unit: 'EUR',
    count: 4,
    nulls: 1,
    distinct: 4,
    min: '0.10',
    max: '1.00',
    sum: '1.60',
    mean: '0.4000',
    median: '0.25',
    // sqrt(((0.3² + 0.2² + 0.1² + 0.6²) / 3)) = sqrt(0.5 / 3)
    standardDeviation: expect.closeTo(0.408248, 6),
  })
})

test('sums are exact beyond what a float holds', () => {
  const values = ['9007199254740993.01', '0.01', '-0.01', '9007199254740993.01']
  expect(of('revenue:decimal', values)).toMatchObject({ sum: '18014398509481986.02', min: '-0.01' })
  expect(of('bytes:integer', ['9223372036854775807', 1])).toMatchObject({
    sum: '9223372036854775808',
    max: '9223372036854775807',
    min: 1,
  })
})

test('means are rounded half away from zero', () => {
  expect(of('a:decimal', ['0.01', '0.02', '0.02'])).toMatchObject({ mean: '0.0167' })
  expect(of('a:decimal', ['-0.01', '-0.02', '-0.02'])).toMatchObject({ mean: '-0.0167' })
  expect(of('a:decimal', ['0.0001', '0.0002'])).toMatchObject({ mean: '0.000150', median: '0.00015' })
  expect(of('a:integer', [1, 2])).toMatchObject({ mean: 1.5, median: 1.5, sum: 3 })
  expect(of('a:integer', [1, 2, 6])).toMatchObject({ mean: 3, median: 2 })
})

test('floats: what is no number counts as a value and has no part in a mean', () => {
  expect(of('a:float', [1, 2, 3, 4, 'NaN', 'Infinity'])).toMatchObject({
    count: 6,
    min: 1,
    max: 4,
    mean: 2.5,
    median: 2.5,
    sum: 10,
  })
  // sqrt((2.25 + 0.25 + 0.25 + 2.25) / 3)
  expect(of('a:float', [1, 2, 3, 4])?.standardDeviation).toBeCloseTo(1.290994, 6)
  expect(of('a:float', ['NaN'])).toEqual({ column: 'a', kind: 'float', count: 1, nulls: 0, distinct: 1 })
})

test('one value varies in nothing', () => {
  expect(of('a:integer', [5])).toEqual({
    column: 'a',
    kind: 'integer',
    count: 1,
    nulls: 0,
    distinct: 1,
    min: 5,
    max: 5,
    sum: 5,
    mean: 5,
    median: 5,
  })
})

test('prices have no sum, identifiers and years neither sum nor mean', () => {
  expect(of('unit_price:decimal', ['1.00', '2.00'])).not.toHaveProperty('sum')
  expect(of('unit_price:decimal', ['1.00', '2.00'])).toHaveProperty('mean', '1.5000')
  expect(of('growth:float:%', [1, 2])).not.toHaveProperty('sum')
  expect(of('order_id:integer', [7, 9])).toEqual({
    column: 'order_id',
    kind: 'integer',
    count: 2,
    nulls: 0,
    distinct: 2,
    min: 7,
    max: 9,
  })
})

test('dates and times have a first and a last', () => {
  expect(of('day:date', ['2026-03-01', '2025-12-31', null])).toMatchObject({
    min: '2025-12-31',
    max: '2026-03-01',
    nulls: 1,
  })
  expect(of('at:timestamp', ['2026-01-01T09:30:00.5Z', '2026-01-01T09:30:00Z'])).toMatchObject({
    min: '2026-01-01T09:30:00Z',
    max: '2026-01-01T09:30:00.5Z',
  })
})

test('text has most frequent values, where one occurs more than once', () => {
  expect(of('channel', ['App', 'Web', 'App', 'Fax', 'Web', 'App', 'Tel', 'Tel'])?.mostFrequent).toEqual([
    { value: 'App', count: 3 },
    { value: 'Tel', count: 2 },
    { value: 'Web', count: 2 },
  ])
  expect(of('name', ['a', 'b'])).toEqual({ column: 'name', kind: 'text', count: 2, nulls: 0, distinct: 2 })
  expect(of('paid:boolean', [true, true, false])?.mostFrequent).toEqual([{ value: 'true', count: 2 }])
})

test('nothing at all, and nested values', () => {
  expect(of('a:integer', [null, null])).toEqual({ column: 'a', kind: 'integer', count: 0, nulls: 2, distinct: 0 })
  expect(of('a:list', [[1, 2], [1, 2], [3]])).toMatchObject({ count: 3, distinct: 2 })
  expect(summarise(tableOf(['a'], []))).toHaveLength(1)
})
