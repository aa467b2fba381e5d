import { PNG } from 'pngjs'
import { describe, expect, test } from 'vitest'
import type { ChartKind, WantedChart } from '../../../../../lambdas/skillsets/data/charts/chart-spec.ts'
import { chooseChart } from '../../../../../lambdas/skillsets/data/charts/choose-chart.ts'
import { type DrawnChart, drawChart } from '../../../../../lambdas/skillsets/data/charts/draw-chart.ts'
import { renderPng } from '../../../../../lambdas/skillsets/data/charts/render-png.ts'
import { COLOURS, type Theme } from '../../../../../lambdas/skillsets/data/charts/theme.ts'
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

async function drawn(table: Table, wanted?: WantedChart): Promise<DrawnChart> {
  const chart = chooseChart(table, wanted)
  if (chart === undefined) throw new Error('no chart was chosen')
  return drawChart(chart)
}

const picture = async (svg: string) => PNG.sync.read(Buffer.from((await renderPng(svg)).png))

/** How many pixels of a part of the picture have which colour. */
function coloursOf({ data, width, height }: PNG, area = { left: 0, top: 0, right: width, bottom: height }) {
  const counts = new Map<number, number>()
  for (let y = area.top; y < area.bottom; y++)
    for (let x = area.left; x < area.right; x++) {
      const colour = data.readUIntBE((y * width + x) * 4, 3)
      counts.set(colour, (counts.get(colour) ?? 0) + 1)
    }
  return (colour: string) => counts.get(Number.parseInt(colour.slice(1), 16)) ?? 0
}

const CASES: readonly (readonly [ChartKind, Table, number])[] = [
  ['bar', revenueByProduct, 1],
  ['line', revenueByMonthAndCategory, 7],
  ['area', revenueByMonthAndCategory, 7],
  ['scatter', customers, 0],
  ['pie', ordersByChannel, 5],
  ['histogram', prices, 1],
]

describe.each(['light', 'dark'] as const satisfies Theme[])('%s', (theme) => {
  test.each(
    CASES,
  )('%s: marks are drawn in the colours of the palette, on the ground, with text', async (kind, table, series) => {
    const png = await picture((await drawn(table, { kind, title: 'The title' }))[theme])
    const { background, text } = COLOURS[theme]
    expect([png.width, png.height]).toEqual([960, 540])
    const count = coloursOf(png)
    expect(count(background)).toBeGreaterThan(50_000)
    for (const colour of COLOURS[theme].series.slice(0, series)) expect(count(colour), colour).toBeGreaterThan(150)
    expect(coloursOf(png, { left: 20, top: 20, right: 300, bottom: 50 })(text)).toBeGreaterThan(50)
  })

  test('heatmap: cells from one end of the ramp to the other', async () => {
    const png = await picture((await drawn(ordersByWeekdayAndHour))[theme])
    const { ramp } = COLOURS[theme]
    const count = coloursOf(png)
    expect(count(ramp[0])).toBeGreaterThan(200)
    expect(count(ramp.at(-1) ?? '')).toBeGreaterThan(200)
  })
})

test('the text is really drawn: another title gives other pixels there, and none gives none', async () => {
  const area = { left: 20, top: 20, right: 400, bottom: 50 }
  const title = async (text: string) =>
    coloursOf(
      await picture((await drawn(revenueByMonth, { kind: 'line', title: text })).light),
      area,
    )(COLOURS.light.text)
  expect(await title('WWWWWWWWWW')).toBeGreaterThan(2 * (await title('iiiiiiiiii')))
  expect(await title('Umsatz für Βιβλία и Книги')).toBeGreaterThan(200)
})

test('what the font lacks is a box in the picture, and is named', async () => {
  const { light } = await drawn(
    tableOf(
      ['country', 'orders:integer'],
      [
        ['日本', 3],
        ['Česko', 5],
        ['مصر', 4],
        ['🛒', 1],
      ],
    ),
  )
  expect(light).toContain('日本')
  const { missing } = await renderPng(light)
  expect([...missing].sort()).toEqual([...'日本مصر🛒'].sort())
  expect((await renderPng((await drawn(revenueByMonth)).light)).missing).toBe('')
})
