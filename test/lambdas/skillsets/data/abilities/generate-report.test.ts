import { PNG } from 'pngjs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { call, read, type TestPerson } from '../../../../../lambdas/runtime/testing.ts'
import { generateReport } from '../../../../../lambdas/skillsets/data/abilities/generate-report.ts'
import { oneReport } from '../../../../../lambdas/skillsets/data/resources/reports.ts'
import data from '../../../../../lambdas/skillsets/data/skillset.ts'
import { connect } from '../../../runtime/support/connect.ts'
import { dataServices } from '../support/data-services.ts'
import { MemoryEngine } from '../support/memory-engine.ts'

const ALICE: TestPerson = { name: 'alice' }

let kept: Awaited<ReturnType<typeof dataServices>>
beforeAll(async () => {
  kept = await dataServices({ queriesPerPerson: 1 })
})
afterAll(() => kept.close())

const REVENUE = { heading: 'Revenue', text: 'It grows.', sql: 'SELECT 24', units: { revenue: 'EUR' } }
const generate = (
  sections: Parameters<typeof call<typeof generateReport.input, typeof generateReport.output, never>>[1]['sections'],
  options: object = {},
) => call(generateReport, { title: 'Year <in> numbers', sections }, { as: ALICE, services: kept.services, ...options })
const fileOf = (url: string) => kept.bucket.objects.get(new URL(url).pathname.slice(1))

describe('generate_report', () => {
  it('keeps a page, a text and a chart for the tenant, with statistics of the rows', async () => {
    const { id, uri, page, sections } = await generate([REVENUE])
    expect(sections).toMatchObject([{ heading: 'Revenue', rowCount: 24, chart: expect.stringContaining('revenue') }])
    expect(page.expiresAt).toBe('2026-11-22T13:00:00.000Z')
    const html = fileOf(page.url)
    expect(html?.contentType).toBe('text/html; charset=utf-8')
    expect(String(html?.body)).toContain('Year &lt;in&gt; numbers')
    const text = String(await read(oneReport, { as: ALICE, services: kept.services }, { id }))
    expect(uri).toBe(`report://reports/${id}`)
    expect(text).toContain('It grows.')
    // The sum of 100.50 to 123.50, which nobody wrote anywhere.
    expect(text).toContain('2,688.00')
    const chart = kept.bucket.objects.get(`reports/example/${id}/chart-1.png`)
    expect(PNG.sync.read(Buffer.from(chart?.body ?? '')).width).toBeGreaterThan(500)
  })

  it('of which one section fails says so, and keeps the others', async () => {
    const { id, sections } = await generate([{ heading: 'Bad', sql: 'DROP TABLE sales' }, REVENUE])
    expect(sections[0]).toEqual({
      heading: 'Bad',
      failure: { code: 'query_refused', message: 'That is no query.', hint: 'Pass one SELECT statement.' },
    })
    expect(sections[1]).toMatchObject({ rowCount: 24 })
    expect(String(await read(oneReport, { as: ALICE, services: kept.services }, { id }))).toContain('That is no query.')
  })

  it('says why a chart that was asked for is not there, and draws none where none is wanted', async () => {
    const { sections } = await generate([
      { ...REVENUE, chart: { kind: 'bar', y: 'profit' } },
      { ...REVENUE, chart: false },
    ])
    expect(sections[0]).toMatchObject({ rowCount: 24, notes: [expect.stringContaining('profit')] })
    for (const section of sections) expect(section.chart).toBeUndefined()
  })

  it('says what a limit left out', async () => {
    const { sections } = await generate([{ ...REVENUE, sql: 'SELECT 10001', chart: false }])
    expect(sections[0]).toMatchObject({ rowCount: 10_000, notes: [expect.stringContaining('first 10000 rows')] })
  })

  it('shows no answer that is too wide for a page, and says so', async () => {
    const wide = (columns: number) =>
      Object.assign(new MemoryEngine(), {
        query: async () => ({
          columns: Array.from({ length: columns }, (_, index) => ({
            name: `c${index}`,
            type: 'INTEGER',
            kind: 'integer',
          })),
          rows: [Array(columns).fill(1)],
        }),
      })
    const sectionOf = async (columns: number) => {
      const services = { ...kept.services, engine: wide(columns) }
      return generate([REVENUE], { services }).then(({ sections: [section] }) => section)
    }
    await expect(sectionOf(101)).rejects.toMatchObject({ code: 'too_much_data' })
    expect(await sectionOf(100)).toMatchObject({ rowCount: 1 })
  })

  it('reports each section as it begins', async () => {
    const heard: string[] = []
    const onProgress = ({ message = '' }: { message?: string }) => heard.push(message)
    await generate(
      [
        { ...REVENUE, heading: 'One' },
        { ...REVENUE, heading: 'Two' },
      ],
      { onProgress },
    )
    expect(heard).toEqual(['One', 'Two', 'saved'])
  })

  it('that is cancelled keeps nothing', async () => {
    const before = kept.bucket.objects.size
    const cancelled = new AbortController()
    const running = generate([{ heading: 'Waits', sql: 'WAIT' }, REVENUE], { signal: cancelled.signal })
    await expect.poll(() => kept.engine.asked.at(-1)?.sql).toBe('WAIT')
    cancelled.abort(new Error('cancelled'))
    await expect(running).rejects.toThrow('cancelled')
    expect(kept.bucket.objects.size).toBe(before)
  })

  it('of which every section fails is none', async () => {
    const before = kept.bucket.objects.size
    await expect(generate([{ heading: 'Bad', sql: 'DROP TABLE sales' }])).rejects.toMatchObject({
      code: 'query_refused',
    })
    expect(kept.bucket.objects.size).toBe(before)
  })

  it('shows a client the text, the charts and where the report is', async () => {
    const client = await connect(data, { as: ALICE, services: kept.services })
    const { content, structuredContent } = await client.callTool({
      name: 'generate_report',
      arguments: { title: 'Two charts', sections: [REVENUE, { ...REVENUE, chart: false }, REVENUE] },
    })
    expect((content as { type: string }[]).map(({ type }) => type)).toEqual(['text', 'image', 'image', 'resource_link'])
    expect(content).toMatchObject([
      { text: expect.stringContaining('https://bucket.invalid/reports/example/') },
      { mimeType: 'image/png', data: expect.stringMatching(/^iVBORw0KGgo/) },
      {},
      { uri: (structuredContent as { uri: string }).uri },
    ])
    await client.close()
  })
})
