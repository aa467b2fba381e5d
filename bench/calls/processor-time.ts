import { hundredths, median } from '../figures.ts'

/** What is measured: one call of it, again and again. */
export type Candidate = () => unknown

/** What every call of a round took, in microseconds of this process's processor time; a round of each candidate has the same number. */
export type ProcessorTimes = ReadonlyMap<string, readonly number[]>

const ROUNDS = 9
/** Milliseconds that one candidate takes in a round. */
const ROUND = 250
const BATCH = 50
/** Calls by which V8 has optimised what is called at each. */
const WARM_UP = 3000

/** Measures candidates in turns, so that what else the machine does meets all of them alike. */
export async function processorTimes(candidates: Readonly<Record<string, Candidate>>): Promise<ProcessorTimes> {
  const times = new Map(Object.keys(candidates).map((name) => [name, [] as number[]]))
  for (const candidate of Object.values(candidates)) for (let call = 0; call < WARM_UP; call++) await candidate()
  for (let round = 0; round < ROUNDS; round++)
    for (const [name, candidate] of Object.entries(candidates)) times.get(name)?.push(await perCall(candidate))
  return times
}

async function perCall(candidate: Candidate): Promise<number> {
  const end = performance.now() + ROUND
  const before = process.cpuUsage()
  let calls = 0
  for (; performance.now() < end; calls += BATCH) for (let call = 0; call < BATCH; call++) await candidate()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / calls
}

/** Prints medians, and the ratio to one of the candidates: the median of the ratios within each round. */
export function tableOf(times: ProcessorTimes, floor: string, title: string): void {
  const floors = times.get(floor) ?? []
  const rows = [...times].map(([name, each]): [string, object] => [
    name,
    {
      'CPU µs': hundredths(median(each)),
      [`× ${floor}`]: hundredths(median(each.map((time, round) => time / (floors[round] ?? Number.NaN)))),
    },
  ])
  console.log(`\n${title}`)
  console.table(Object.fromEntries(rows))
}
