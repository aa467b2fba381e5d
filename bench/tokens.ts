import { hundredths, median } from './figures.ts'
import { isInstalled } from './installed.ts'
import { checkAnswers } from './tokens/check-answers.ts'
import { type Measured, measureCodes, measureRefresh } from './tokens/measure.ts'
import { pinLoad, type ServerProcess, startServer } from './tokens/server-process.ts'

const ROUNDS = 5
/** Requests of each kind that a server answers before it is measured: by then V8 has optimised what is called at each. */
const WARM_UP = 10_000
const OURS = 'the factory'

/** Modules of tokens/servers/. */
const SERVERS: readonly {
  readonly name: string
  readonly module: string
  readonly variant?: string
  readonly needs?: string
}[] = [
  { name: OURS, module: 'factory.ts' },
  { name: 'oidc-provider, JWT', module: 'oidc-provider.ts', needs: 'oidc-provider' },
  {
    name: 'oidc-provider, JWT, no ID token',
    module: 'oidc-provider.ts',
    variant: 'no-id-token',
    needs: 'oidc-provider',
  },
  {
    name: 'workers-oauth-provider',
    module: 'workers-oauth-provider.ts',
    needs: '@cloudflare/workers-oauth-provider',
  },
  { name: 'better-auth, JWT', module: 'better-auth.ts', needs: 'better-auth' },
]

const MEASUREMENTS: Readonly<Record<string, (server: ServerProcess) => Promise<Measured>>> = {
  'refresh, 16 connections': (server) => measureRefresh(server),
  'refresh, 1 connection': (server) => measureRefresh(server, 1),
  'code exchange, 16 connections': measureCodes,
}

/**
 * The token endpoint behind a plain node:http server with its state in memory, beside other authorization servers in
 * the same run. Each has been seen to give right answers before any is measured; the rounds alternate between them.
 * @throws Error where a peer is not installed or a server answers wrongly
 */
export async function benchTokens(): Promise<void> {
  const missing = SERVERS.flatMap(({ needs = [] }) => needs).filter((name) => !isInstalled(name))
  if (missing.length > 0) throw new Error(`not installed: ${missing.join(', ')}. Run npm --prefix bench ci`)
  const pinned = pinLoad()
  if (!pinned) console.warn('Without taskset and a second core, the load takes time from the servers.')
  await using running = new AsyncDisposableStack()
  const servers = new Map<string, ServerProcess>()
  for (const { name, ...which } of SERVERS) {
    const server = await startServer(which, pinned)
    running.defer(() => server.stop())
    await checkAnswers(server).catch((cause) => {
      throw new Error(`${name}: ${(cause as Error).message}`, { cause })
    })
    await warmUp(server)
    servers.set(name, server)
  }
  for (const [title, measurement] of Object.entries(MEASUREMENTS)) {
    const rounds = await inTurns(servers, measurement)
    console.log(`\nToken endpoint: ${title}`)
    console.table(summary(rounds))
  }
}

async function warmUp(server: ServerProcess): Promise<void> {
  for (const measure of [measureRefresh, measureCodes])
    for (let requests = 0; requests < WARM_UP; ) requests += (await measure(server)).requests
}

async function inTurns(servers: ReadonlyMap<string, ServerProcess>, measurement: (typeof MEASUREMENTS)[string]) {
  const rounds = new Map([...servers.keys()].map((name) => [name, [] as Measured[]]))
  for (let round = 0; round < ROUNDS; round++)
    for (const [name, server] of servers) rounds.get(name)?.push(await measurement(server))
  return rounds
}

/** Medians over the rounds; a ratio is the median of the ratios within each round, which share the machine's state. */
function summary(rounds: ReadonlyMap<string, readonly Measured[]>) {
  const ours = rounds.get(OURS) ?? []
  return Object.fromEntries(
    [...rounds].map(([name, measured]) => {
      const rates = measured.map(({ perSecond }) => perSecond)
      const ratio = (of: (measured: Measured) => number) =>
        hundredths(median(measured.map((one, round) => of(ours[round] ?? one) / of(one))))
      return [
        name,
        {
          'requests/s': Math.round(median(rates)),
          from: Math.round(Math.min(...rates)),
          to: Math.round(Math.max(...rates)),
          'p50 ms': hundredths(median(measured.map(({ p50 }) => p50))),
          'CPU µs/request': Math.round(median(measured.map(({ cpu }) => cpu))),
          'ours is × as fast': ratio(({ perSecond }) => perSecond),
          'ours takes × the CPU': ratio(({ cpu }) => cpu),
        },
      ]
    }),
  )
}
