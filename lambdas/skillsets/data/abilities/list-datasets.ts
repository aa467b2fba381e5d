import * as z from 'zod'
import type { AbilityContext } from '../../../runtime/ability-context.ts'
import { defineAbility } from '../../../runtime/define-ability.ts'
import { dataset } from '../schemas.ts'
import type { DataServices } from '../services.ts'

export const listDatasets = defineAbility({
  name: 'list_datasets',
  title: 'List data sets',
  description: 'The data sets that you can ask with run_query, and the SQL dialect that they understand.',
  scope: 'data:read',
  annotations: { readOnlyHint: true, openWorldHint: false },
  input: z.strictObject({}),
  output: z.object({ dialect: z.string(), datasets: z.array(dataset).readonly() }),
  async run(_input, { person, services: { engine }, signal }: AbilityContext<DataServices>) {
    return { dialect: engine.dialect, datasets: await engine.datasets({ tenant: person.tenant }, signal) }
  },
})
