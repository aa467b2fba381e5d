import fc from 'fast-check'
import { expect, test } from 'vitest'
import { AbilityError } from '../../../../../lambdas/runtime/ability-error.ts'
import { CHART_KINDS } from '../../../../../lambdas/skillsets/data/charts/chart-spec.ts'
import { chooseChart } from '../../../../../lambdas/skillsets/data/charts/choose-chart.ts'
import { drawChart } from '../../../../../lambdas/skillsets/data/charts/draw-chart.ts'
import { renderPng } from '../../../../../lambdas/skillsets/data/charts/render-png.ts'
import type { ColumnKind, Table, Value } from '../../../../../lambdas/skillsets/data/table.ts'

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.constantFrom('', 'Monday', '2026-01', '__proto__', '-3', 'NaN'),
)
const VALUES = {
  integer: fc.oneof(fc.integer(), fc.constantFrom('9223372036854775807', '-9223372036854775808')),
  decimal: fc.constantFrom('0.00', '-12.50', '99999999999999999999.99', '0.01'),
  float: fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.constantFrom('NaN', 'Infinity')),
  text,
  date: fc.constantFrom('2026-01-01', '2026-02-01', '0001-01-01', '9999-12-31'),
  timestamp: fc.constantFrom('2026-01-01T00:00:00', '2026-01-01T09:30:00.123456Z', '1969-07-20T20:17:40Z'),
  boolean: fc.boolean(),
  list: fc.array(fc.integer(), { maxLength: 2 }),
} satisfies Partial<Record<ColumnKind, fc.Arbitrary<Value>>>

type Kind = keyof typeof VALUES

const column = fc.record({
  name: fc.oneof(text, fc.constantFrom('share', 'hour', 'n', 'W'.repeat(128))),
  unit: text,
  kind: fc.constantFrom(...(Object.keys(VALUES) as Kind[])),
})

const table: fc.Arbitrary<Table> = fc
  .array(column, { minLength: 1, maxLength: 4 })
  .chain((columns) =>
    fc
      .array(fc.tuple(...columns.map(({ kind }) => fc.option<Value>(VALUES[kind], { freq: 6 }))), { maxLength: 25 })
      .map((rows) => ({ columns: columns.map((column) => ({ ...column, type: column.kind })), rows })),
  )

test('every table gives a chart that can be drawn, none, or a refusal', async () => {
  await fc.assert(
    fc.asyncProperty(table, fc.constantFrom(undefined, ...CHART_KINDS), async (rows, kind) => {
      try {
        const chart = chooseChart(rows, kind && { kind })
        if (chart === undefined) return
        const { light } = await drawChart(chart)
        expect(light).toMatch(/^<svg .*width="960" height="540"/)
        const geometry = light.match(/ (?:d|transform|x2|y2|width|height)="[^"]*"/g) ?? []
        expect(geometry.filter((attribute) => /NaN|undefined|Infinity/.test(attribute))).toEqual([])
        await renderPng(light)
      } catch (error) {
        if (!(error instanceof AbilityError)) throw error
        expect(error.code).toBe('chart_not_possible')
      }
    }),
    { numRuns: 150 },
  )
})

test.each([
  ['as large as they get', [1e300, 1.7e308, 3, 4, -5, 6, 7, 8]],
  ['as small as they get', [5e-324, 1e-323, 0, 0, 0, 0, 0, 0]],
  ['as far apart as they get', [-1.7e308, 1.7e308, 0, 1, 2, 3, 4, 5]],
  ['as close as they get', [1, 1 + Number.EPSILON, 1, 1, 1, 1, 1, 1]],
])('numbers %s are drawn, or refused, and written in the room of a label', async (_what, numbers) => {
  const columns = [
    { name: 'day', type: 'DATE', kind: 'date' },
    { name: 'v', type: 'DOUBLE', kind: 'float' },
  ] as const
  const rows = numbers.map((number, index) => [`2026-01-0${index + 1}`, number])
  for (const kind of CHART_KINDS) {
    try {
      const drawn = await drawChart(chooseChart({ columns, rows }, { kind }) ?? expect.fail())
      expect(drawn.description.length).toBeLessThan(300)
      await renderPng(drawn.light)
    } catch (error) {
      if (!(error instanceof AbilityError)) throw error
    }
  }
})
