import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { PROJECT_ROOT } from '../../lib/project-root.ts'
import { bundle } from '../cold.ts'
import { median } from '../figures.ts'

const ROUNDS = 7

interface Taken {
  readonly ms: number
  /** Milliseconds of the processor, over all threads. */
  readonly cpu: number
}

/** Milliseconds, and those of the processor: what a report draws of one table, again and again; the first time includes the start. */
const CHARTS = `
  import { chooseChart } from './lambdas/skillsets/data/charts/choose-chart.ts'
  import { drawChart } from './lambdas/skillsets/data/charts/draw-chart.ts'
  import { renderPng } from './lambdas/skillsets/data/charts/render-png.ts'
  import { revenueByMonthAndCategory } from './test/lambdas/skillsets/data/charts/retail-tables.ts'

  const PNG = '89504e470d0a1a0a'
  const times = []
  for (let chart = 0; chart <= 20; chart++) {
    const started = chart === 0 ? 0 : performance.now()
    const before = chart === 0 ? { user: 0, system: 0 } : process.cpuUsage()
    const { light, dark } = await drawChart(chooseChart(revenueByMonthAndCategory))
    const { png } = await renderPng(light)
    const { user, system } = process.cpuUsage()
    times.push({ ms: performance.now() - started, cpu: (user + system - before.user - before.system) / 1000 })
    if (![light, dark].every((svg) => svg.startsWith('<svg') && svg.includes('Electronics')))
      throw new Error('the chart is not drawn')
    if (Buffer.from(png.subarray(0, 8)).toString('hex') !== PNG) throw new Error('the picture is no PNG')
  }
  console.log(JSON.stringify(times))`

/** A chart of 360 rows as SVG, light and dark, and as PNG: the first of a process, its start included, and the following. */
export async function benchChart(directory: string): Promise<void> {
  const path = join(directory, 'charts.mjs')
  await writeFile(path, await bundle(CHARTS))
  const env = { NODE_PATH: join(PROJECT_ROOT, 'node_modules') }
  const rounds: Taken[][] = []
  for (let round = 0; round <= ROUNDS; round++) {
    const { stdout } = await promisify(execFile)(process.execPath, [path], { env })
    // The first round brings the files into the machine's memory and is not counted.
    if (round > 0) rounds.push(JSON.parse(stdout))
  }
  console.log('\nA chart: two SVGs and a PNG')
  console.table({
    'the first, from starting the process': medians(rounds.map(([first]) => first)),
    'the second': medians(rounds.map(([, second]) => second)),
    'the next 19': medians(rounds.flatMap((times) => times.slice(2))),
  })
}

const medians = (times: readonly (Taken | undefined)[]) => ({
  ms: Math.round(median(times.map((each) => each?.ms ?? Number.NaN))),
  'CPU ms': Math.round(median(times.map((each) => each?.cpu ?? Number.NaN))),
})
