import { median } from '../figures.ts'
import { type HeldTokens, redeem, refresh } from './client.ts'
import type { ServerProcess } from './server-process.ts'

/** What a round found. */
export interface Measured {
  readonly requests: number
  readonly perSecond: number
  /** Milliseconds. */
  readonly p50: number
  /** Microseconds of the server's processor time per request. */
  readonly cpu: number
}

const CONNECTIONS = 16
const MILLISECONDS = 2000
const CODES = 2000

/** As many refreshes as fit, each connection with a grant of its own. */
export async function measureRefresh(server: ServerProcess, connections = CONNECTIONS): Promise<Measured> {
  const codes = await server.issueCodes(connections)
  const grants = await Promise.all(codes.map((code) => redeem(server.tokenUrl, code)))
  const end = performance.now() + MILLISECONDS
  return measure(server, grants, async function* (grant: HeldTokens) {
    for (let held = grant; performance.now() < end; ) {
      held = await refresh(server.tokenUrl, held)
      yield
    }
  })
}

/** A number of codes, issued before, each redeemed once. */
export async function measureCodes(server: ServerProcess): Promise<Measured> {
  const codes = await server.issueCodes(CODES)
  return measure(server, Array.from({ length: CONNECTIONS }), async function* () {
    for (let code = codes.pop(); code !== undefined; code = codes.pop()) {
      await redeem(server.tokenUrl, code)
      yield
    }
  })
}

/** @param requests of one connection, one after the other; yields after each */
async function measure<Connection>(
  server: ServerProcess,
  connections: readonly Connection[],
  requests: (connection: Connection) => AsyncGenerator<void>,
): Promise<Measured> {
  const times: number[] = []
  const cpu = await server.cpuTime()
  const started = performance.now()
  await Promise.all(
    connections.map(async (connection) => {
      let from = performance.now()
      for await (const _ of requests(connection)) {
        const to = performance.now()
        times.push(to - from)
        from = to
      }
    }),
  )
  const seconds = (performance.now() - started) / 1000
  const used = (await server.cpuTime()) - cpu
  return { requests: times.length, perSecond: times.length / seconds, p50: median(times), cpu: used / times.length }
}
