import { join } from 'node:path'
import { startFactory } from '../../local/factory.ts'
import { withoutThrottles } from '../calls/whole-factory.ts'
import { benchColdStart, emptyFunction } from './cold-start.ts'
import { dataFunction, functionStarter } from './function-processes.ts'
import { benchQueries } from './queries.ts'

/** The function's start and its queries, in a factory whose sample data is there. */
export async function benchFunction(directory: string): Promise<void> {
  const factory = await startFactory({
    directory: join(directory, 'state'),
    port: 0,
    domain: true,
    fresh: true,
    offline: true,
    transformTemplate: withoutThrottles,
  })
  try {
    await factory.sampleData
    const data = dataFunction(factory, join(directory, 'state', 'cdk.out'))
    const empty = await emptyFunction(data, join(directory, 'empty'))
    const start = functionStarter(join(directory, 'runtime'))
    await benchColdStart(start, data, empty)
    await benchQueries({ factory, start, data, empty, directory })
  } finally {
    await factory.stop()
  }
}
