import * as z from 'zod'
import type { AbilityContext } from '../../../runtime/ability-context.ts'
import { definePrompt } from '../../../runtime/define-prompt.ts'
import { describeDataset } from '../abilities/describe-dataset.ts'
import { columnNames, datasetNames } from '../completions.ts'
import { datasetName } from '../schemas.ts'
import type { DataServices } from '../services.ts'

export const exploreDataset = definePrompt({
  name: 'explore_dataset',
  title: 'Explore a data set',
  description: 'Finds out what is in a data set and what is worth knowing about it.',
  scope: 'data:read',
  arguments: z.strictObject({
    dataset: datasetName,
    column: z.string().max(128).optional().describe('A column to begin with'),
    question: z.string().max(1_000).optional().describe('What you want to know'),
  }),
  complete: { dataset: datasetNames, column: columnNames },
  async messages({ dataset, column, question }, context: AbilityContext<DataServices>) {
    const described = await describeDataset.call({ dataset }, context)
    return [
      question === undefined
        ? `Explore the data set ${dataset} and tell me what is worth knowing about it.`
        : `Answer from the data set ${dataset}: ${question}`,
      ...(column === undefined ? [] : [`Begin with its column ${column}.`]),
      `What it is:\n${JSON.stringify(described)}`,
      'Ask it by run_query with SQL that aggregates rather than lists: first the range and the gaps (earliest and latest ' +
        'time, rows per month, NULLs), then how the numbers are distributed and what they depend on. State numbers only ' +
        'as queries gave them, with the unit, and show the SQL of each. Offer generate_report for what is worth keeping.',
    ].join('\n\n')
  },
})
