import * as z from 'zod'
import type { AbilityContext } from '../../../runtime/ability-context.ts'
import { defineAbility } from '../../../runtime/define-ability.ts'
import { columns, dataset, datasetName, rows } from '../schemas.ts'
import type { DataServices } from '../services.ts'

export const describeDataset = defineAbility({
  name: 'describe_dataset',
  title: 'Describe a data set',
  description:
    'The columns of a data set with their types, units and comments, how many rows you may read, and a few of them. ' +
    'Call it before you write SQL for a data set.',
  scope: 'data:read',
  annotations: { readOnlyHint: true, openWorldHint: false },
  input: z.strictObject({ dataset: datasetName }),
  output: dataset.extend({
    dialect: z.string(),
    columns,
    rowCount: z.int().optional().describe('Absent where counting would cost a scan'),
    sample: rows,
  }),
  async run({ dataset }, { person, services: { engine, leases }, signal }: AbilityContext<DataServices>) {
    const described = await leases.during(person, () => engine.describe({ tenant: person.tenant }, dataset, signal))
    return { ...described, dialect: engine.dialect, sample: described.sample.rows }
  },
})
