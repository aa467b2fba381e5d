import { afterAll, beforeAll, expect, it } from 'vitest'
import { runJob } from '../../../../lambdas/runtime/run-job.ts'
import { call } from '../../../../lambdas/runtime/testing.ts'
import { checkServiceHealth } from '../../../../lambdas/skillsets/devops/abilities/check-service-health.ts'
import { serviceHistory } from '../../../../lambdas/skillsets/devops/abilities/service-history.ts'
import { ProbeHistory } from '../../../../lambdas/skillsets/devops/backends/probe-history.ts'
import { probeRound } from '../../../../lambdas/skillsets/devops/backends/probe-round.ts'
import devops from '../../../../lambdas/skillsets/devops/skillset.ts'
import { scheduledEvent } from '../../../../local/event-bridge.ts'
import { dataTable } from '../../runtime/support/data-table.ts'
import { keptLog } from '../../runtime/support/sample-skillset.ts'
import { devopsServices, serviceAt, startService } from './support/services.ts'

const MINUTE = 60_000
const START = Date.parse('2026-11-30T12:00:00Z')
const PROBES = 90
const KILLED_AT = 53
const STARTED_AT = 88
const alice = { name: 'alice' }

let data: Awaited<ReturnType<typeof dataTable>>
let services: ReturnType<typeof devopsServices>
let now = START

/** Ninety scheduled runs of the job against a real server that is dead from the 54th to the 88th. */
beforeAll(async () => {
  data = await dataTable(() => now)
  let shop = await startService((_request, response) => response.end('fine'))
  const { url, port } = shop
  services = devopsServices([serviceAt(url)], new ProbeHistory(data.table), () => now)
  const run = runJob({ ...devops, services: () => services }, probeRound, {
    environment: {
      ISSUER: 'http://127.0.0.1:1',
      SERVER_NAME: 'devops',
      OPTIONS: '{}',
      ALLOWED_ORIGINS: '[]',
      TABLE_NAME: 'data',
    },
    now: () => now,
    ...keptLog(),
  })
  for (let n = 0; n < PROBES; n += 1) {
    if (n === KILLED_AT) await shop.kill()
    if (n === STARTED_AT) shop = await startService((_request, response) => response.end('fine'), { port })
    now = START + n * MINUTE
    const event = scheduledEvent('rule', new Date(now))
    await run(event, { awsRequestId: String(n), getRemainingTimeInMillis: () => 50_000 })
    // At least once, says EventBridge: what comes twice counts once.
    if (n === 20) await run(event, { awsRequestId: 'again', getRemainingTimeInMillis: () => 50_000 })
  }
  await shop.kill()
})
afterAll(() => data.close())

const windows = async (at: number) => {
  now = at
  const { results } = await call(checkServiceHealth, {}, { as: alice, services })
  return Object.fromEntries((results[0]?.windows ?? []).map(({ window, ...availability }) => [window, availability]))
}

it('a probed service that was killed gives the exact fraction', async () => {
  const last = START + (PROBES - 1) * MINUTE
  const down = STARTED_AT - KILLED_AT
  expect(await windows(last)).toMatchObject({
    '5m': { probes: 5, expected: 5, failures: 3, availability: 2 / 5, errorRate: 3 / 5 },
    '1h': { probes: 60, expected: 60, failures: down, availability: (60 - down) / 60, errorRate: down / 60 },
    '24h': { probes: PROBES, expected: 1_440, failures: down, availability: (PROBES - down) / PROBES },
  })
})

it('a window has what was due within its length, its end included and its beginning not', async () => {
  const up = START + STARTED_AT * MINUTE
  expect((await windows(up - 1))['5m']).toMatchObject({ probes: 5, failures: 5, availability: 0, errorRate: 1 })
  expect((await windows(up))['5m']).toMatchObject({ probes: 5, failures: 4 })
  expect((await windows(up + MINUTE - 1))['5m']).toMatchObject({ probes: 5, failures: 4 })
  expect((await windows(up + MINUTE))['5m']).toMatchObject({ probes: 5, failures: 3 })
})

it('where nothing was probed there is no data, neither up nor down', async () => {
  const later = START + (PROBES + 2) * MINUTE
  expect((await windows(later))['5m']).toMatchObject({ probes: 2, expected: 5, failures: 0, availability: 1 })
  const { '5m': nothing, '1h': hour } = await windows(later + 5 * MINUTE)
  expect(nothing).toEqual({ probes: 0, expected: 5, failures: 0 })
  expect(hour).toMatchObject({ probes: 52, expected: 60, failures: STARTED_AT - KILLED_AT })
})

it('the incident has its beginning, its end and its reason', async () => {
  now = START + PROBES * MINUTE
  const input = { service: 'shop', from: '2026-11-30T12:00:00Z', bucketMinutes: 30 }
  const { incidents, buckets, summary } = await call(serviceHistory, input, { as: alice, services })
  const incident = {
    from: '2026-11-30T12:53:00.000Z',
    to: '2026-11-30T13:28:00.000Z',
    failedProbes: STARTED_AT - KILLED_AT,
    reasons: ['connect_failed'],
  }
  expect(incidents).toEqual([incident])
  expect(buckets.map(({ from, probes, failures }) => [from, probes, failures])).toEqual([
    ['2026-11-30T12:00:00.000Z', 30, 0],
    ['2026-11-30T12:30:00.000Z', 30, 7],
    ['2026-11-30T13:00:00.000Z', 30, 28],
  ])
  expect(summary).toContain('61.11 % of 90 probes')
  expect(summary).toContain(`${incident.from} to ${incident.to}: connect_failed`)
})
