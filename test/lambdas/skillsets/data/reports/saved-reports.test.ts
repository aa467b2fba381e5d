import { expect, it, onTestFinished } from 'vitest'
import { dataServices } from '../support/data-services.ts'

it("a tenant's name that looks like a path stays below the reports, and apart from one that it begins with", async () => {
  const { services, bucket, close } = await dataServices()
  onTestFinished(close)
  const entry = { title: 'A', madeBy: 'Alice', madeAt: '2026-11-22T12:00:00Z' }
  const files = { markdown: '# A', html: '<h1>A</h1>', charts: [] }
  const id = await services.reports.save('../results/a', entry, files)
  for (const key of bucket.objects.keys()) expect(key).toMatch(/^reports\/\.\.%2Fresults%2Fa\//)
  for (const other of ['a', '..', '../results', '../results/a-b']) {
    expect(await services.reports.list(other)).toEqual([])
    expect(await services.reports.markdown(other, id)).toBeUndefined()
  }
  expect(await services.reports.markdown('../results/a', id)).toBe('# A')
})
