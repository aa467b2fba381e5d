import { describe, expect, test } from 'vitest'
import { chooseChart } from '../../../../../lambdas/skillsets/data/charts/choose-chart.ts'
import { drawChart } from '../../../../../lambdas/skillsets/data/charts/draw-chart.ts'
import { fonts } from '../../../../../lambdas/skillsets/data/charts/font.ts'
import { renderPng } from '../../../../../lambdas/skillsets/data/charts/render-png.ts'
import { renderSvg } from '../../../../../lambdas/skillsets/data/charts/render-svg.ts'
import { tableOf } from './retail-tables.ts'

const HOSTILE = [
  '</svg><script>alert(1)</script>',
  '"><image href="https://evil.test/x.png"/>',
  "javascript:alert('1')",
  '&lt;script&gt;',
  ']]><script>',
  'a\u0000b\nc',
]

describe('nothing is loaded', () => {
  test.each([
    'https://evil.test/rows.json',
    'file:///etc/passwd',
    '/etc/passwd',
    'data:application/json,[{"x":1}]',
  ])('data of %s', async (url) => {
    const spec = { data: { url }, mark: 'point', encoding: { x: { field: 'x', type: 'quantitative' } } } as const
    await expect(renderSvg(spec)).rejects.toThrow('a chart loads nothing')
  })

  test('an image in a chart', async () => {
    const spec = {
      data: { values: [{ u: 'https://evil.test/x.png' }] },
      mark: 'image',
      encoding: { url: { field: 'u' } },
    } as const
    await expect(renderSvg(spec)).rejects.toThrow('a chart loads nothing')
  })

  test('a link of a mark', async () => {
    const spec = {
      data: { values: [{ u: 'javascript:alert(1)' }] },
      mark: 'point',
      encoding: { href: { field: 'u' } },
    } as const
    await expect(renderSvg(spec)).rejects.toThrow('a chart loads nothing')
  })
})

test('what looks like markup or an expression is shown as text, wherever it stands', async () => {
  const rows = HOSTILE.flatMap((value, index) =>
    ['datum.x', "'+alert(1)+'"].map((series) => [value, series, index + 1]),
  )
  const table = tableOf([`${HOSTILE[0]}`, "x['y']", 'n:integer:<b>'], rows)
  const chart = chooseChart(table, { kind: 'bar', x: HOSTILE[0], series: "x['y']", y: 'n', title: HOSTILE[1] })
  if (chart === undefined) throw new Error('no chart was chosen')
  const { light, dark } = await drawChart(chart)
  for (const svg of [light, dark]) {
    expect(svg).not.toMatch(/<(?:script|image|a|foreignObject)\b/i)
    const tags = svg.match(/<[a-z][^>]*>/gi) ?? []
    const names = tags.map((tag) => tag.replace(/"[^"]*"/g, ''))
    expect(names.filter((tag) => /\b(?:href|on\w+)=/.test(tag))).toEqual([])
    expect(svg).toContain('&lt;/svg&gt;&lt;script&gt;')
    expect(svg).toContain('datum.x')
    // An XML parser reads neither.
    expect([...svg].some((character) => character < ' ' && character !== '\n')).toBe(false)
  }
})

test.each([
  '\u0000',
  '\ud800',
  '\ufffe',
])('what no XML may hold is in no SVG: a column %j, named in a note', async (name) => {
  const table = tableOf([`${name}:integer`, 'day:date'], [[-1, '2026-01-01']])
  const { light } = await drawChart(chooseChart(table, { kind: 'line' }) ?? expect.fail())
  await expect(renderPng(light)).resolves.toBeDefined()
})

test('names of columns are no paths into the rows', async () => {
  const table = tableOf(
    ['a.b[0]', 'toString:integer'],
    [
      ['x', 3],
      ['__proto__', 5],
    ],
  )
  const chart = chooseChart(table, { kind: 'bar', x: 'a.b[0]', y: 'toString' })
  if (chart === undefined) throw new Error('no chart was chosen')
  const { light } = await drawChart(chart)
  expect(light).toContain('__proto__')
  expect(light).toContain('A.b[0]')
})

describe('widths are those of the bundled font', () => {
  // Inter's advance widths: 2,048 units to the em.
  test('of narrow and wide letters', () => {
    const { regular, semiBold } = fonts()
    expect(regular.width('iiii', 100)).toBeLessThan(regular.width('mmmm', 100) / 3)
    expect(regular.width('mm', 10)).toBeCloseTo(2 * regular.width('m', 10), 6)
    expect(semiBold.width('Revenue', 20)).toBeGreaterThan(regular.width('Revenue', 20))
  })

  test('so that a label that fits is not cut, and one that does not is', async () => {
    const long = 'illicit little lilies, still until the last of all the long list of little things'
    const table = tableOf(
      ['name', 'n:integer'],
      [
        ['illicit little lilies, still until the last', 1],
        [long, 2],
      ],
    )
    const chart = chooseChart(table)
    if (chart === undefined) throw new Error('no chart was chosen')
    const { light } = await drawChart(chart)
    expect(light).toContain('>illicit little lilies, still until the last<')
    expect(light).not.toContain(`>${long}<`)
    expect(light).toContain('…<')
  })
})
