import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { get, read, type TestPerson } from '../../../../../lambdas/runtime/testing.ts'
import { exploreDataset } from '../../../../../lambdas/skillsets/data/prompts/explore-dataset.ts'
import { oneDataset } from '../../../../../lambdas/skillsets/data/resources/datasets.ts'
import { allReports, oneReport } from '../../../../../lambdas/skillsets/data/resources/reports.ts'
import data from '../../../../../lambdas/skillsets/data/skillset.ts'
import { connect } from '../../../runtime/support/connect.ts'
import { dataServices } from '../support/data-services.ts'

const ALICE: TestPerson = { name: 'alice' }
const TOM: TestPerson = { name: 'tom', tenant: 'partner' }

let kept: Awaited<ReturnType<typeof dataServices>>
beforeAll(async () => {
  kept = await dataServices()
})
afterAll(() => kept.close())

const as = (person: TestPerson) => ({ as: person, services: kept.services })
const save = (title: string) =>
  kept.services.reports.save(
    'example',
    { title, madeBy: 'Alice', madeAt: '2026-11-22T12:00:00.000Z' },
    { markdown: `# ${title}`, html: '<h1>', charts: [] },
  )

describe('resources', () => {
  it('describe a data set, with rows of the tenant alone', async () => {
    const described = JSON.parse(String(await read(oneDataset, as(TOM), { dataset: 'sales' })))
    expect(described).toMatchObject({ name: 'sales', dialect: 'Memory', rowCount: 36 })
    expect(described.sample[0]).toEqual(['2023-01-01', '1000.50'])
    await expect(read(oneDataset, as(ALICE), { dataset: 'nothing' })).rejects.toMatchObject({ code: 'unknown_dataset' })
  })

  it("list the tenant's reports, the newest first, and have their text", async () => {
    const ids = [await save('One'), await save('Two')]
    const { reports } = JSON.parse(String(await read(allReports, as(ALICE))))
    expect(reports.map(({ id }: { id: string }) => id)).toEqual(ids.toSorted().toReversed())
    expect(await read(oneReport, as(ALICE), { id: ids[0] ?? '' })).toBe('# One')
  })

  it("do not show another tenant's reports, nor anything else of the bucket", async () => {
    const id = await save('Secret')
    expect(JSON.parse(String(await read(allReports, as(TOM))))).toEqual({ reports: [] })
    await kept.bucket.put('reports/partner/x/report.md', 'not a report', { contentType: 'text/markdown' })
    for (const given of [id, `../example/${id}`, `../../reports/example/${id}`, 'x'])
      await expect(read(oneReport, as(TOM), { id: given }), given).rejects.toMatchObject({ code: 'unknown_report' })
  })
})

it('explore_dataset begins with what the data set is, and with what is asked', async () => {
  const [message] = await get(
    exploreDataset,
    { dataset: 'sales', column: 'revenue', question: 'Which month?' },
    as(ALICE),
  )
  const text = message?.content.type === 'text' ? message.content.text : ''
  expect(text).toContain('Which month?')
  expect(text).toContain('"unit":"EUR"')
  expect(text).toContain('column revenue')
})

describe('a client', () => {
  it('reads a page as structured content and as a Markdown table', async () => {
    const client = await connect(data, as(ALICE))
    const { structuredContent, content } = await client.callTool({
      name: 'run_query',
      arguments: { sql: 'SELECT 150' },
    })
    expect(structuredContent).toMatchObject({ rowCount: 150, offset: 0, nextCursor: expect.any(String) })
    expect(content).toHaveLength(1)
    const [{ text = '' } = {}] = content as { text?: string }[]
    expect(text.split('\n').slice(0, 5)).toEqual([
      'Rows 1 to 100 of 150.',
      '',
      '| month | revenue (EUR) |',
      '| --- | ---: |',
      '| 2023-01-01 | 100.50 |',
    ])
    await client.close()
  })

  it('gets a file as a link', async () => {
    const client = await connect(data, as(ALICE))
    const { content } = await client.callTool({ name: 'run_query', arguments: { sql: 'SELECT 3', format: 'csv' } })
    expect(content).toMatchObject([
      { type: 'text', text: expect.stringContaining('3 rows, as a file: https://') },
      {
        type: 'resource_link',
        name: 'result.csv',
        mimeType: expect.stringContaining('text/csv'),
        size: expect.any(Number),
      },
    ])
    await client.close()
  })

  it('completes data sets, their columns and reports', async () => {
    const id = await save('Three')
    const client = await connect(data, as(ALICE))
    const complete = async (ref: object, name: string, value: string, given: Record<string, string> = {}) => {
      const { completion } = await client.complete({
        ref: ref as Parameters<typeof client.complete>[0]['ref'],
        argument: { name, value },
        context: { arguments: given },
      })
      return completion.values
    }
    const prompt = { type: 'ref/prompt', name: 'explore_dataset' }
    expect(await complete(prompt, 'dataset', 'sa')).toEqual(['sales'])
    expect(await complete(prompt, 'column', 'rev', { dataset: 'sales' })).toEqual(['revenue'])
    expect(await complete(prompt, 'column', '', { dataset: 'other' })).toEqual([])
    expect(await complete({ type: 'ref/resource', uri: 'data://datasets/{dataset}' }, 'dataset', '')).toEqual(['sales'])
    expect(await complete({ type: 'ref/resource', uri: 'report://reports/{id}' }, 'id', id.slice(0, 18))).toContain(id)
    await client.close()
  })

  it('without the scope data:query may look at data sets, and run nothing', async () => {
    const client = await connect(data, { ...as({ name: 'alice', scopes: ['data:read'] }), ceiling: ['data:query'] })
    const listed = await client.callTool({ name: 'list_datasets', arguments: {} })
    expect(listed.structuredContent).toMatchObject({ datasets: [{ name: 'sales' }] })
    await expect(client.callTool({ name: 'run_query', arguments: { sql: 'SELECT 1' } })).resolves.toMatchObject({
      isError: true,
    })
    await client.close()
  })
})
