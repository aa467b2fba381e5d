import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { benchChart } from './data/chart.ts'
import { benchFunction } from './data/function.ts'
import { benchSampleData } from './data/sample-data.ts'
import { benchSize } from './data/size.ts'

/** What the Data server costs: its sample, its size, its charts, its start, and what it adds to the engine's time. */
export async function benchData(): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'factory-bench-'))
  try {
    await benchSampleData(join(directory, 'sample'))
    await benchSize(directory)
    await benchChart(directory)
    await benchFunction(join(directory, 'factory'))
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}
