import { hundredths, median } from '../figures.ts'

/** Does something once; milliseconds. */
export type Timer = () => Promise<number>

/** Milliseconds of every round, by name. */
export type Times = ReadonlyMap<string, readonly number[]>

/** Measures in turns, so that what else the machine does meets all of them alike. A tenth of the rounds is not counted. */
export async function measureInTurns(timers: Readonly<Record<string, Timer>>, rounds: number): Promise<Times> {
  const times = new Map(Object.keys(timers).map((name) => [name, [] as number[]]))
  for (let round = -Math.ceil(rounds / 10); round < rounds; round++)
    for (const [name, timer] of Object.entries(timers)) {
      const milliseconds = await timer()
      if (round >= 0) times.get(name)?.push(milliseconds)
    }
  return times
}

/** Times something that answers. */
export async function timed<Answer>(work: () => Promise<Answer>): Promise<{ answer: Answer; milliseconds: number }> {
  const started = performance.now()
  const answer = await work()
  return { answer, milliseconds: performance.now() - started }
}

/** Prints medians; differences and ratios to one of them are the medians of those within each round. */
export function printTimes(title: string, times: Times, floor: string): void {
  const floors = times.get(floor) ?? []
  const rows = [...times].map(([name, each]): [string, object] => [
    name,
    {
      ms: hundredths(median(each)),
      'ms more': hundredths(median(each.map((time, round) => time - (floors[round] ?? Number.NaN)))),
      '×': hundredths(median(each.map((time, round) => time / (floors[round] ?? Number.NaN)))),
    },
  ])
  console.log(`\n${title}; more and × beside: ${floor}`)
  console.table(Object.fromEntries(rows))
}
