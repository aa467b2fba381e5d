import axe from 'axe-core'
import type { Browser, BrowserContextOptions } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { reportHtml } from '../../../../../lambdas/skillsets/data/reports/report-html.ts'
import { CHROMIUM, launchChromium } from '../../../../support/chromium.ts'
import { ordersByChannel, ordersByWeekdayAndHour, revenueByMonthAndCategory, tableOf } from '../charts/retail-tables.ts'
import { reportOf, sectionOf } from './sample-report.ts'

const HOSTILE = `</svg></td><script>document.title='taken'</script><img src="https://evil.test/x.png" onerror="document.title='taken'">`

const hostileTable = tableOf(
  [HOSTILE.replaceAll(':', ''), 'n:integer'],
  [
    [HOSTILE, 1],
    ['javascript:alert(1)', 2],
    [null, null],
  ],
)

const hostile = async () =>
  reportOf(
    [
      {
        ...(await sectionOf(HOSTILE, hostileTable, { kind: 'bar', title: HOSTILE })),
        text: HOSTILE,
        notes: [HOSTILE],
        sql: HOSTILE,
      },
    ],
    {
      title: HOSTILE,
      introduction: HOSTILE,
      madeBy: HOSTILE,
    },
  )

const retail = async () =>
  reportOf([
    {
      ...(await sectionOf('Revenue', revenueByMonthAndCategory, { title: 'Revenue by month' })),
      text: 'First.\n\nSecond.',
    },
    await sectionOf('When people order', ordersByWeekdayAndHour),
    { ...(await sectionOf('Again', ordersByWeekdayAndHour)), notes: ['Only some rows were read.'] },
    { ...(await sectionOf('Channels', ordersByChannel, { kind: 'pie' })) },
    { heading: 'Broken', sql: 'SELECT', failure: { code: 'query_failed', message: 'Syntax error.', hint: 'Mend it.' } },
  ])

/** Drawing takes longest, so that each is made once. */
const retailPage = reportHtml(await retail())
const hostilePage = reportHtml(await hostile())
/** One of each thing that a page can have: axe looks at every cell. */
const smallPage = reportHtml(
  reportOf([
    { ...(await sectionOf('Channels', ordersByChannel)), text: 'Text.', notes: ['Only some rows were read.'] },
    { heading: 'Broken', sql: 'SELECT', failure: { code: 'query_failed', message: 'Syntax error.', hint: 'Mend it.' } },
  ]),
)

describe('the page itself', () => {
  test('holds all it shows: no address but the namespaces of SVG', async () => {
    const page = retailPage
    expect(new Set(page.match(/\bhttps?:[^"'\s<]+/g))).toEqual(
      new Set(['http://www.w3.org/2000/svg', 'http://www.w3.org/1999/xlink']),
    )
    expect(page).not.toMatch(/<(?:script|link|img|iframe|object)\b|@import|url\((?!#)/)
    expect(page).toContain(`<meta http-equiv="Content-Security-Policy" content="default-src &#39;none&#39;;`)
  })

  test('escapes whatever people and data say', async () => {
    const page = hostilePage
    expect(page).not.toMatch(/<(?:script|img|iframe)\b/)
    expect(page.match(/<\/svg>/g)).toHaveLength(2)
  })

  test('shows a number so that it can be read, and an identifier as it is', async () => {
    const table = tableOf(
      ['order_id:integer', 'year:integer', 'revenue:decimal:EUR', 'rate:float', 'n:integer'],
      [[1234567, 2026, '-1234567.50', 0.1 + 0.2, '9223372036854775807']],
    )
    const page = reportHtml(reportOf([await sectionOf('Numbers', table)]))
    for (const text of ['1234567', '2026', '-1,234,567.50', '0.3', '9,223,372,036,854,775,807'])
      expect(page).toContain(`<td class="number">${text}</td>`)
  })

  test('says how many rows are not shown', async () => {
    expect(reportHtml(reportOf([await sectionOf('Revenue', revenueByMonthAndCategory)]))).toContain('160 more rows.')
  })
})

describe.skipIf(CHROMIUM === undefined)('in Chromium', { timeout: 60_000 }, () => {
  let chromium: Browser
  beforeAll(async () => {
    chromium = await launchChromium()
  })
  afterAll(() => chromium?.close())

  async function opened(html: string, options: BrowserContextOptions = {}) {
    const context = await chromium.newContext(options)
    const page = await context.newPage()
    const complaints: string[] = []
    page.on('console', (message) => complaints.push(message.text()))
    page.on('pageerror', (error) => complaints.push(error.message))
    page.on('request', (request) => request.url().startsWith('data:') || complaints.push(request.url()))
    // By a route, because setContent does not apply the page's policy to itself.
    await page.route('http://report.test/', (route) =>
      route.fulfill({ contentType: 'text/html; charset=utf-8', body: html }),
    )
    await page.goto('http://report.test/')
    return {
      page,
      complaints: () => complaints.filter((text) => text !== 'http://report.test/'),
      close: () => context.close(),
    }
  }

  test.each([
    'light',
    'dark',
  ] as const)('%s: one chart of each pair is seen, and nothing is complained of', async (colorScheme) => {
    const { page, complaints, close } = await opened(retailPage, { colorScheme })
    expect(await page.locator('svg:visible').count()).toBe(4)
    expect(await page.locator(`.${colorScheme} svg:visible`).count()).toBe(4)
    expect(await page.getByRole('img', { name: /^Line chart “Revenue by month”/ }).count()).toBe(1)
    expect(await page.getByRole('columnheader', { name: 'revenue (EUR)' }).count()).toBe(1)
    expect(complaints()).toEqual([])
    await close()
  })

  test('paper is light, whatever the screen is', async () => {
    const { page, close } = await opened(retailPage, { colorScheme: 'dark' })
    await page.emulateMedia({ media: 'print' })
    expect(await page.locator('.light svg:visible').count()).toBe(4)
    expect(await page.locator('.dark svg:visible').count()).toBe(0)
    await close()
  })

  test('nothing that data says becomes script, request or markup', async () => {
    const { page, complaints, close } = await opened(hostilePage)
    expect(await page.title()).toBe(HOSTILE)
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe(HOSTILE)
    expect(await page.locator('script, img, a').count()).toBe(0)
    expect(complaints()).toEqual([])
    await close()
  })

  test.each([
    [1100, 'light'],
    [1100, 'dark'],
    [360, 'light'],
  ] as const)('%i pixels wide, %s: axe finds nothing, nothing reaches over the edge', async (width, colorScheme) => {
    // Only to let axe in: the page itself allows no script.
    const html = smallPage.replace(/<meta http-equiv="Content-Security-Policy"[^>]*>/, '')
    const { page, close } = await opened(html, { colorScheme, viewport: { width, height: 800 } })
    await page.addScriptTag({ content: axe.source })
    const { violations } = await page.evaluate<{ violations: { id: string }[] }>('axe.run()')
    expect(violations.map(({ id }) => id)).toEqual([])
    expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width)
    await close()
  })
})
