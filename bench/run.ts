import { parseArgs } from 'node:util'
import { benchCalls } from './calls.ts'
import { benchCold } from './cold.ts'
import { benchData } from './data.ts'
import { benchReload } from './reload.ts'
import { benchStart } from './start.ts'
import { benchTokens } from './tokens.ts'

const USAGE = `npm run bench -- [start|calls|cold|data|reload|tokens]

  start   seconds and memory that a factory takes to start, the first time and again
  calls   what a call costs: gate, runtime and whole factory, beside their peers (npm --prefix bench ci)
  cold    the OAuth function's bundle, and the time to its first answer, beside an empty handler
  data    the Data server: run_query beside DuckDB called directly, charts, its function's start and size, its sample
  reload  milliseconds from saving an ability to the first answer that has the edit
  tokens  requests per second of the token endpoint, beside other authorization servers (npm --prefix bench ci)
  --help

Without a name all run. Figures are of this run on this machine; the ratios are what counts.
`

const BENCHES: Readonly<Record<string, () => Promise<void>>> = {
  start: benchStart,
  calls: benchCalls,
  cold: benchCold,
  data: benchData,
  reload: benchReload,
  tokens: benchTokens,
}

/** @throws Error for an option or a bench that there is not */
function readArguments(): readonly string[] | 'help' {
  const { values, positionals } = parseArgs({ options: { help: { type: 'boolean' } }, allowPositionals: true })
  if (values.help) return 'help'
  const unknown = positionals.find((name) => !Object.hasOwn(BENCHES, name))
  if (unknown !== undefined) throw new Error(`found ${unknown}; allowed: ${Object.keys(BENCHES).join(', ')}`)
  return positionals.length > 0 ? positionals : Object.keys(BENCHES)
}

/** `npm run bench`. */
let asked: readonly string[] | 'help' = []
try {
  asked = readArguments()
} catch (error) {
  process.stderr.write(`bench: ${(error as Error).message}\n\n${USAGE}`)
  process.exitCode = 2
}
if (asked === 'help') process.stdout.write(USAGE)
else
  for (const name of asked)
    try {
      await BENCHES[name]?.()
    } catch (error) {
      process.stderr.write(`bench ${name}: ${(error as Error).message}\n`)
      process.exitCode = 1
    }
