import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { PROJECT_ROOT } from '../../lib/project-root.ts'
import { hundredths } from '../figures.ts'

const LEAST_ROWS = 900_000
const MAKE = `
  import { writeParquet } from ${JSON.stringify(pathToFileURL(join(PROJECT_ROOT, 'local/sample-data/write-parquet.ts')).href)}
  const { rows } = await writeParquet(process.argv[1], 1)
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage()
  console.log(JSON.stringify({ rows, cpu: userCPUTime + systemCPUTime, maxRSS }))`

/** Seconds and memory in which the whole sample is made, by a process that does nothing else. */
export async function benchSampleData(folder: string): Promise<void> {
  const started = performance.now()
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', MAKE, folder])
  const seconds = (performance.now() - started) / 1000
  const { rows, cpu, maxRSS } = JSON.parse(stdout) as { rows: number; cpu: number; maxRSS: number }
  if (rows < LEAST_ROWS) throw new Error(`the sample has ${rows} rows`)
  const figures = {
    rows,
    seconds: hundredths(seconds),
    'CPU seconds': hundredths(cpu / 1_000_000),
    'most resident MiB': Math.round(maxRSS / 1024),
  }
  console.log('\nThe sample, from starting a process to its Parquet files')
  console.table({ 'the whole sample': figures })
}
