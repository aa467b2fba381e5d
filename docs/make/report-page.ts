import type { Browser as Chromium } from 'playwright-core'
import { reportHtml } from '../../lambdas/skillsets/data/reports/report-html.ts'
import {
  ordersByWeekdayAndHour,
  revenueByMonthAndCategory,
} from '../../test/lambdas/skillsets/data/charts/retail-tables.ts'
import { reportOf, sectionOf } from '../../test/lambdas/skillsets/data/reports/sample-report.ts'
import type { Made } from './generators.ts'

const VIEWPORT = { width: 1000, height: 1240 }

/** The page that generate_report makes, by day and night. */
export async function photographReport(chromium: Chromium): Promise<Made> {
  const revenue = await sectionOf('Revenue by category', revenueByMonthAndCategory, {
    title: 'Revenue by month and category',
  })
  const orders = await sectionOf('When people order', ordersByWeekdayAndHour, { title: 'Orders by weekday and hour' })
  const { table: _table, summary: _summary, ...chartAlone } = revenue
  const text = 'Revenue grows by about a sixth each year; winter is the stronger half.'
  const html = reportHtml(reportOf([{ ...chartAlone, text }, orders]))
  const made: Record<string, Uint8Array> = {}
  for (const colorScheme of ['light', 'dark'] as const) {
    const context = await chromium.newContext({ viewport: VIEWPORT, colorScheme })
    const page = await context.newPage()
    await page.setContent(html)
    made[`docs/images/data-report-${colorScheme}.png`] = await page.screenshot({ animations: 'disabled' })
    await context.close()
  }
  return made
}
