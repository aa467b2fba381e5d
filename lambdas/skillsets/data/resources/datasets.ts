import * as z from 'zod'
import type { AbilityContext } from '../../../runtime/ability-context.ts'
import { defineResource, defineResourceTemplate } from '../../../runtime/define-resource.ts'
import { describeDataset } from '../abilities/describe-dataset.ts'
import { listDatasets } from '../abilities/list-datasets.ts'
import { datasetNames } from '../completions.ts'
import { datasetName } from '../schemas.ts'
import type { DataServices } from '../services.ts'

export const allDatasets = defineResource({
  uri: 'data://datasets',
  title: 'Data sets',
  description: 'The data sets that you can ask; data://datasets/{dataset} describes one.',
  scope: 'data:read',
  mimeType: 'application/json',
  read: async (context: AbilityContext<DataServices>) => JSON.stringify(await listDatasets.call({}, context)),
})

export const oneDataset = defineResourceTemplate({
  uri: 'data://datasets/{dataset}',
  title: 'A data set',
  description: 'Columns, types, units, comments, row count and a few rows of one data set.',
  scope: 'data:read',
  mimeType: 'application/json',
  arguments: z.strictObject({ dataset: datasetName }),
  complete: { dataset: datasetNames },
  read: async (given, context: AbilityContext<DataServices>) =>
    JSON.stringify(await describeDataset.call(given, context)),
})
