import { defineSkillset } from '../../runtime/define-skillset.ts'
import { bucket, layer, table } from '../../runtime/needs.ts'
import { describeDataset } from './abilities/describe-dataset.ts'
import { explainQuery } from './abilities/explain-query.ts'
import { generateReport } from './abilities/generate-report.ts'
import { listDatasets } from './abilities/list-datasets.ts'
import { runQuery } from './abilities/run-query.ts'
import { engineNeeds, openEngine } from './engines/open-engine.ts'
import { Leases } from './limits/leases.ts'
import { type DataOptions, dataOptions } from './options.ts'
import { exploreDataset } from './prompts/explore-dataset.ts'
import { SavedReports } from './reports/saved-reports.ts'
import { allDatasets, oneDataset } from './resources/datasets.ts'
import { allReports, oneReport } from './resources/reports.ts'
import { KeptResults } from './results/kept-results.ts'
import type { DataServices } from './services.ts'

export default defineSkillset({
  name: 'data',
  title: 'Data',
  instructions:
    "Your organisation's data, read by SQL: nothing can be changed, and you see your organisation's rows only. " +
    'list_datasets says what there is, describe_dataset which columns; then run_query. explain_query checks a statement ' +
    'without running it. generate_report makes a page with charts of several queries that people can open and keep.',
  options: dataOptions,
  needs: (options: DataOptions) =>
    [
      table(),
      bucket({ 'results/': 1, 'reports/': options.limits.reportDays }),
      layer('charts'),
      ...engineNeeds(options),
    ] as const,
  services: async ({ options, table, bucket, ...tools }): Promise<DataServices> => {
    const { limits } = options
    const now = Date.now
    return {
      engine: await openEngine(options, tools),
      leases: new Leases(table, limits, now),
      results: new KeptResults(bucket, limits, now),
      reports: new SavedReports(bucket, table, limits, now),
      limits,
      now,
    }
  },
  abilities: [listDatasets, describeDataset, runQuery, explainQuery, generateReport],
  resources: [allDatasets, oneDataset, allReports, oneReport],
  prompts: [exploreDataset],
})
