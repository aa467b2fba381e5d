import type { ColumnKind, Table, Value } from '../../../../../lambdas/skillsets/data/table.ts'

/** `month:date`, `revenue:decimal:EUR`. */
export function tableOf(columns: readonly string[], rows: readonly (readonly Value[])[]): Table {
  return {
    columns: columns.map((text) => {
      const [name = '', kind = 'text', unit] = text.split(':')
      return { name, kind: kind as ColumnKind, type: kind.toUpperCase(), ...(unit !== undefined && { unit }) }
    }),
    rows,
  }
}

export const MONTHS = Array.from({ length: 36 }, (_, month) =>
  new Date(Date.UTC(2023, month)).toISOString().slice(0, 10),
)
const CATEGORIES = [
  'Electronics',
  'Home & Garden',
  'Clothing',
  'Books',
  'Toys',
  'Sports',
  'Beauty',
  'Groceries',
  'Cars',
  'Music',
]
const WEEKDAYS = ['Tuesday', 'Wednesday', 'Monday', 'Friday', 'Sunday', 'Saturday', 'Thursday']

/** More in winter, and a little more each month. */
const season = (month: number) => (1 + 0.35 * Math.cos((month / 6) * Math.PI)) * (1 + month / 60)

export const revenueByMonth = tableOf(
  ['month:date', 'revenue:decimal:EUR'],
  MONTHS.map((month, index) => [month, (180_000 * season(index)).toFixed(2)]),
)

export const revenueByMonthAndCategory = tableOf(
  ['month:date', 'category', 'revenue:decimal:EUR'],
  MONTHS.flatMap((month, index) =>
    CATEGORIES.map((category, rank) => [month, category, ((90_000 / (rank + 1)) * season(index + rank)).toFixed(2)]),
  ),
)

export const ordersByWeekdayAndHour = tableOf(
  ['weekday', 'hour:integer', 'orders:integer'],
  WEEKDAYS.flatMap((weekday, day) =>
    Array.from({ length: 24 }, (_, hour) => [
      weekday,
      hour,
      Math.round(20 + 200 * Math.exp(-((hour - 19) ** 2) / 14) + day * 5),
    ]),
  ),
)

export const ordersByChannel = tableOf(
  ['channel', 'orders:integer'],
  [
    ['Online shop', 48_211],
    ['Stores', 30_122],
    ['Marketplaces', 15_990],
    ['Telephone', 2313],
    ['App', 21_233],
    ['Fax', 21],
    ['Letter', 4],
  ],
)

export const prices = tableOf(
  ['price:decimal:EUR'],
  Array.from({ length: 400 }, (_, index) => [(5 + ((index * 37) % 400) ** 2 / 2000).toFixed(2)]),
)

export const revenueByProduct = tableOf(
  ['product', 'revenue:decimal:EUR'],
  Array.from({ length: 60 }, (_, index) => [
    `Noise-cancelling headphones, generation ${index}`,
    (900_000 / (index + 1)).toFixed(2),
  ]),
)

export const customers = tableOf(
  ['customer_id:integer', 'segment', 'orders:integer', 'revenue:decimal:EUR'],
  Array.from({ length: 120 }, (_, index) => [
    index,
    ['Private', 'Business', 'School'][index % 3] ?? '',
    1 + (index % 40),
    ((1 + (index % 40)) * (30 + (index % 7) * 9)).toFixed(2),
  ]),
)
