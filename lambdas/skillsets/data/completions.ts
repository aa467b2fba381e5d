import type { AbilityContext } from '../../runtime/ability-context.ts'
import type { Typed } from '../../runtime/completions.ts'
import type { DataServices } from './services.ts'

type Context = AbilityContext<DataServices>

/** The data sets that this person may ask. */
export async function datasetNames({ person, services: { engine }, signal }: Context): Promise<string[]> {
  const datasets = await engine.datasets({ tenant: person.tenant }, signal)
  return datasets.map(({ name }) => name)
}

/** The columns of the data set that is typed already; none before, or where there is no such data set. */
export async function columnNames(context: Context, { arguments: { dataset } }: Typed): Promise<string[]> {
  const { person, services, signal } = context
  if (dataset === undefined || !(await datasetNames(context)).includes(dataset)) return []
  const columns = await services.engine.columns({ tenant: person.tenant }, dataset, signal)
  return columns.map(({ name }) => name)
}
