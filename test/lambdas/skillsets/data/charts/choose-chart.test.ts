import { describe, expect, test } from 'vitest'
import { AbilityError } from '../../../../../lambdas/runtime/ability-error.ts'
import type { ChartSpec, WantedChart } from '../../../../../lambdas/skillsets/data/charts/chart-spec.ts'
import { chooseChart } from '../../../../../lambdas/skillsets/data/charts/choose-chart.ts'
import type { Table } from '../../../../../lambdas/skillsets/data/table.ts'
import {
  customers,
  ordersByChannel,
  ordersByWeekdayAndHour,
  prices,
  revenueByMonth,
  revenueByMonthAndCategory,
  revenueByProduct,
  tableOf,
} from './retail-tables.ts'

function chosen(table: Table, wanted?: WantedChart): ChartSpec {
  const chart = chooseChart(table, wanted)
  if (chart === undefined) throw new Error('no chart was chosen')
  return chart
}

function refusal(table: Table, wanted: WantedChart): AbilityError {
  try {
    chooseChart(table, wanted)
  } catch (error) {
    if (error instanceof AbilityError) return error
    throw error
  }
  throw new Error('the chart was made')
}

const categories = (field: ChartSpec['x'] | ChartSpec['series']) => (field?.scale === 'category' ? field.values : [])

describe('the kind follows the columns', () => {
  const cases: readonly (readonly [string, Table, string | undefined])[] = [
    ['a time and a number are a line', revenueByMonth, 'line'],
    ['a time, a category and a number are lines', revenueByMonthAndCategory, 'line'],
    [
      'months as text are a time',
      tableOf(
        ['month', 'orders:integer'],
        [
          ['2026-01', 3],
          ['2026-02', 5],
        ],
      ),
      'line',
    ],
    ['two categories and a number are a heatmap', ordersByWeekdayAndHour, 'heatmap'],
    ['a category and a number are bars', ordersByChannel, 'bar'],
    [
      'a year is no measure',
      tableOf(
        ['year:integer', 'orders:integer'],
        [
          [2024, 5],
          [2025, 6],
        ],
      ),
      'bar',
    ],
    [
      'two numbers of many rows are points',
      tableOf(
        ['orders:integer', 'spent:decimal'],
        Array.from({ length: 20 }, (_, i) => [i, `${i}.5`]),
      ),
      'scatter',
    ],
    ['one number of many rows is a histogram', prices, 'histogram'],
    ['text alone is no chart', tableOf(['name'], [['a'], ['b']]), undefined],
    [
      'identifiers are no measure',
      tableOf(
        ['name', 'order_id:integer'],
        [
          ['a', 1],
          ['b', 2],
        ],
      ),
      undefined,
    ],
    ['one row is no chart', tableOf(['channel', 'orders:integer'], [['App', 3]]), undefined],
    ['no rows are no chart', tableOf(['channel', 'orders:integer'], []), undefined],
    [
      'numbers that are all NULL are no chart',
      tableOf(
        ['channel', 'orders:integer'],
        [
          ['a', null],
          ['b', null],
        ],
      ),
      undefined,
    ],
  ]
  test.each(cases)('%s', (_, table, kind) => {
    expect(chooseChart(table)?.kind).toBe(kind)
  })
})

test('bars are sorted by their values, months and weekdays as time goes', () => {
  expect(categories(chosen(ordersByChannel).x).slice(0, 3)).toEqual(['Online shop', 'Stores', 'App'])
  const weekdays = tableOf(
    ['weekday', 'orders:integer'],
    [
      ['Sun', 9],
      ['Tue', 4],
      ['Mon', 1],
    ],
  )
  expect(categories(chosen(weekdays).x)).toEqual(['Mon', 'Tue', 'Sun'])
  const months = tableOf(
    ['month', 'orders:integer'],
    [
      ['December', 9],
      ['april', 4],
      ['January', 1],
    ],
  )
  expect(categories(chosen(months).x)).toEqual(['January', 'april', 'December'])
  const hours = tableOf(
    ['hour:integer', 'orders:integer'],
    [
      [10, 1],
      [9, 5],
      [0, 2],
    ],
  )
  expect(categories(chosen(hours).x)).toEqual(['0', '9', '10'])
  expect(categories(chosen(ordersByWeekdayAndHour).y).slice(0, 2)).toEqual(['Monday', 'Tuesday'])
})

test('bars lie where labels are long', () => {
  expect(chosen(revenueByProduct).horizontal).toBe(true)
  expect(chosen(ordersByChannel).horizontal).toBe(false)
})

test('of many categories the greatest are shown, and the rest is said', () => {
  const bars = chosen(revenueByProduct)
  expect(bars.rows).toHaveLength(15)
  expect(bars.notes).toEqual([
    expect.stringMatching(/^Of 60 values of product the 15 greatest by revenue .* the other 45 add up to 1\.23M\.$/),
  ])
  const lines = chosen(revenueByMonthAndCategory)
  expect(categories(lines.series)).toHaveLength(8)
  expect(categories(lines.series).at(-1)).toBe('Other (3)')
  const all = revenueByMonthAndCategory.rows.reduce((sum, row) => sum + Number(row[2]), 0)
  expect(lines.rows.reduce((sum, { y }) => sum + Number(y), 0)).toBeCloseTo(all, 2)
})

test('what cannot be added up is left out, not put together', () => {
  const averages = tableOf(
    ['product', 'average_price:decimal'],
    Array.from({ length: 20 }, (_, i) => [`P${i}`, `${i}.00`]),
  )
  const { notes, x } = chosen(averages)
  expect(notes).toEqual(['Of 20 values of product the 15 greatest by average_price are shown.'])
  expect(categories(x)).not.toContainEqual(expect.stringContaining('Other'))
})

test('axes say their units', () => {
  expect(chosen(revenueByMonth).y.title).toBe('Revenue (EUR)')
  const shares = tableOf(
    ['channel', 'share:float'],
    [
      ['a', 0.25],
      ['b', 0.75],
    ],
  )
  expect(chosen(shares).y).toMatchObject({ format: 'percent' })
})

test('NULL is said: a gap in a line, a category of its own, a row that is left out', () => {
  const gap = tableOf(
    ['month:date', 'orders:integer'],
    [
      ['2026-01-01', 3],
      ['2026-02-01', null],
      ['2026-03-01', 5],
    ],
  )
  expect(chosen(gap).rows.map(({ y }) => y)).toEqual([3, null, 5])
  expect(chosen(gap).notes).toContain('1 row without orders is not shown.')
  const category = tableOf(
    ['channel', 'orders:integer'],
    [
      ['App', 3],
      [null, 5],
      ['Fax', null],
    ],
  )
  expect(categories(chosen(category).x)).toEqual(['(no value)', 'App'])
  expect(chosen(category).notes).toContain('1 row without orders is not shown.')
})

test('a line that does not begin at zero says so', () => {
  const far = tableOf(
    ['day:date', 'price:decimal'],
    [
      ['2026-01-01', '100.10'],
      ['2026-01-02', '100.90'],
    ],
  )
  expect(chosen(far).notes).toEqual(['The axis of price does not begin at 0.'])
  expect(chosen(revenueByMonth).notes).toEqual([])
})

test('the bars of a histogram hold every value', () => {
  const { rows } = chosen(prices)
  expect(rows.reduce((sum, { y }) => sum + Number(y), 0)).toBe(400)
  expect(rows.every(({ x, end }) => Number(end) > Number(x))).toBe(true)
})

test('whoever names columns gets them', () => {
  const chart = chosen(customers, { kind: 'scatter', x: 'revenue', y: 'orders', series: 'segment', title: 'Who buys' })
  expect(chart).toMatchObject({ title: 'Who buys', x: { title: 'Revenue (EUR)' }, y: { title: 'Orders' } })
  expect(categories(chart.series)).toHaveLength(3)
  expect(chosen(ordersByChannel, { kind: 'bar', x: 'orders', y: 'channel' }).x).toMatchObject({ title: 'Channel' })
  expect(chosen(ordersByChannel, { kind: 'pie' }).rows).toHaveLength(6)
  expect(chosen(revenueByMonth, { kind: 'bar' }).rows[0]).toMatchObject({ x: 'Jan 2023' })
  expect(chosen(revenueByMonth, { kind: 'area' }).kind).toBe('area')
})

test('the text alternative says kind, axes and extremes', () => {
  expect(chosen(ordersByChannel, { title: 'Orders' }).description).toBe(
    'Bar chart “Orders”: Orders by Channel. Highest: 48.2K (Online shop); lowest: 4 (Letter).',
  )
})

describe('a chart that cannot be made says which columns and what to do', () => {
  const repeated = tableOf(
    ['channel', 'orders:integer'],
    [
      ['App', 3],
      ['App', 5],
    ],
  )
  const cases: readonly (readonly [string, Table, WantedChart, RegExp])[] = [
    [
      'an unknown column',
      ordersByChannel,
      { x: 'chanel' },
      /no column "chanel" for x; the columns are "channel" \(category\), "orders" \(number\)/,
    ],
    [
      'text as a number',
      ordersByChannel,
      { kind: 'bar', y: 'channel', x: 'channel' },
      /"channel" \(category\) cannot be y, which needs a number/,
    ],
    ['several rows of one category', repeated, { kind: 'bar' }, /Several rows have the same "channel"/],
    ['several slices of one category', repeated, { kind: 'pie' }, /Several rows have the same "channel"/],
    ['a line without order', ordersByChannel, { kind: 'line', x: 'channel' }, /have no order/],
    [
      'a pie of negative values',
      tableOf(
        ['a', 'b:integer'],
        [
          ['x', -1],
          ['y', 2],
        ],
      ),
      { kind: 'pie' },
      /not parts of a whole/,
    ],
    [
      'an area of negative values',
      tableOf(
        ['a:date', 'b:integer'],
        [
          ['2026-01-01', -1],
          ['2026-01-02', 2],
        ],
      ),
      { kind: 'area' },
      /negative/,
    ],
    ['a histogram of one value', tableOf(['a:integer'], [[3], [3]]), { kind: 'histogram' }, /all the same/],
    ['points of one number', prices, { kind: 'scatter' }, /no column for y/],
    ['a heatmap of one category', ordersByChannel, { kind: 'heatmap' }, /no column for y/],
    [
      'too many cells',
      tableOf(
        ['a', 'b', 'c:integer'],
        Array.from({ length: 100 }, (_, i) => [`a${i}`, `b${i}`, i]),
      ),
      { kind: 'heatmap' },
      /100 × 100/,
    ],
    ['no rows', tableOf(['a', 'b:integer'], []), { kind: 'bar' }, /no rows/],
  ]
  test.each(cases)('%s', (_, table, wanted, message) => {
    const error = refusal(table, wanted)
    expect(error.code).toBe('chart_not_possible')
    expect(error.message).toMatch(message)
    expect(error.hint).not.toBe('')
  })
})
