import { benchCalls } from './calls.ts'
import { benchStart } from './start.ts'

/** `npm run bench -- [start|calls]`: figures of this run on this machine; the ratios are what counts. */
const BENCHES: Readonly<Record<string, () => Promise<void>>> = { start: benchStart, calls: benchCalls }

const asked = process.argv.slice(2)
const unknown = asked.find((name) => !Object.hasOwn(BENCHES, name))
if (unknown !== undefined) {
  console.error(`bench: found ${unknown}; allowed: ${Object.keys(BENCHES).join(', ')}`)
  process.exitCode = 2
} else for (const name of asked.length > 0 ? asked : Object.keys(BENCHES)) await BENCHES[name]?.()
