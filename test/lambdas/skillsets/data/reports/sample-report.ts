import type { WantedChart } from '../../../../../lambdas/skillsets/data/charts/chart-spec.ts'
import { chooseChart } from '../../../../../lambdas/skillsets/data/charts/choose-chart.ts'
import { drawChart } from '../../../../../lambdas/skillsets/data/charts/draw-chart.ts'
import type { Report, ReportSection } from '../../../../../lambdas/skillsets/data/reports/report.ts'
import { summarise } from '../../../../../lambdas/skillsets/data/reports/summarise.ts'
import type { Table } from '../../../../../lambdas/skillsets/data/table.ts'

export async function sectionOf(heading: string, table: Table, wanted?: WantedChart): Promise<ReportSection> {
  const chart = chooseChart(table, wanted)
  return {
    heading,
    sql: `SELECT ${table.columns.map(({ name }) => name).join(', ')}\nFROM orders`,
    table,
    summary: summarise(table),
    ...(chart && { chart: await drawChart(chart) }),
  }
}

export function reportOf(sections: readonly ReportSection[], changed: Partial<Report> = {}): Report {
  return {
    title: 'How the shop did',
    sections,
    madeAt: new Date('2026-01-05T09:30:00Z'),
    madeBy: 'Alice Example',
    ...changed,
  }
}
