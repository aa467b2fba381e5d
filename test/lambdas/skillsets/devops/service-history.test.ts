import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { call } from '../../../../lambdas/runtime/testing.ts'
import { serviceHistory } from '../../../../lambdas/skillsets/devops/abilities/service-history.ts'
import { incidentsIn } from '../../../../lambdas/skillsets/devops/backends/incidents.ts'
import { type KeptProbe, ProbeHistory } from '../../../../lambdas/skillsets/devops/backends/probe-history.ts'
import { availabilityOf } from '../../../../lambdas/skillsets/devops/backends/windows.ts'
import { dataTable } from '../../runtime/support/data-table.ts'
import { devopsServices, serviceAt } from './support/services.ts'

const MINUTE = 60_000
const NOW = Date.parse('2026-11-30T12:00:00Z')
const iso = (minute: number) => new Date(minute * MINUTE).toISOString()

const up = (minute: number, latencyMs = 1): KeptProbe => ({ at: minute * MINUTE, status: 'healthy', latencyMs })
const down = (minute: number, reason: KeptProbe['reason'] & string): KeptProbe => ({
  at: minute * MINUTE,
  status: 'unreachable',
  latencyMs: 5_000,
  reason,
})

describe('incidents', () => {
  it('are failed probes in a row, ended by a healthy one and by no gap', () => {
    const probes = [
      down(1, 'timeout'),
      up(2),
      up(3),
      down(4, 'timeout'),
      down(5, 'connect_failed'),
      down(20, 'timeout'),
      up(21),
      down(22, 'tls_invalid'),
    ]
    expect(incidentsIn(probes)).toEqual([
      { from: iso(1), to: iso(2), failedProbes: 1, reasons: ['timeout'] },
      { from: iso(4), to: iso(21), failedProbes: 3, reasons: ['timeout', 'connect_failed'] },
      { from: iso(22), failedProbes: 1, reasons: ['tls_invalid'] },
    ])
    expect(incidentsIn([up(1)])).toEqual([])
  })
})

describe('percentiles', () => {
  it('are of the healthy answers, by nearest rank', () => {
    const probes = Array.from({ length: 40 }, (_, n) => up(n, 40 - n))
    expect(availabilityOf([...probes, down(41, 'timeout')], 60 * MINUTE)).toMatchObject({
      latencyMs: { p50: 20, p95: 38 },
    })
    expect(availabilityOf([down(1, 'timeout')], MINUTE)).not.toHaveProperty('latencyMs')
  })
})

describe('service_history', () => {
  let data: Awaited<ReturnType<typeof dataTable>>
  beforeAll(async () => {
    data = await dataTable(() => NOW)
    const history = new ProbeHistory(data.table)
    for (const minutes of [90, 60, 30, 0])
      await history.add('shop', NOW - minutes * MINUTE, { status: 'healthy', latencyMs: minutes })
  })
  afterAll(() => data.close())

  const read = (input: Parameters<typeof call<typeof serviceHistory.input, typeof serviceHistory.output, never>>[1]) =>
    call(serviceHistory, input as { service: string }, {
      as: { name: 'alice' },
      services: devopsServices([serviceAt('http://127.0.0.1:1/')], new ProbeHistory(data.table), () => NOW),
    })

  it('has its beginning and not its end, and no bucket of what is still to come', async () => {
    const range = { from: '2026-11-30T12:00:00+01:00', to: '2026-11-30T18:00:00Z', bucketMinutes: 25 }
    const { from, to, probes, expected, buckets } = await read({ service: 'shop', ...range })
    expect({ from, to, probes, expected }).toEqual({
      from: '2026-11-30T11:00:00.000Z',
      to: '2026-11-30T12:00:00.000Z',
      probes: 2,
      expected: 60,
    })
    expect(buckets.map(({ from, probes, expected }) => [from, probes, expected])).toEqual([
      ['2026-11-30T11:00:00.000Z', 1, 25],
      ['2026-11-30T11:25:00.000Z', 1, 25],
      ['2026-11-30T11:50:00.000Z', 0, 10],
    ])
  })

  it('is of the last 24 hours by the hour where nothing is asked for', async () => {
    const { from, buckets, summary } = await read({ service: 'shop' })
    expect(from).toBe('2026-11-29T12:00:00.000Z')
    expect(buckets).toHaveLength(24)
    expect(summary).toContain('100 % of 3 probes (1440 expected); incidents: none')
  })

  it.each([
    ['a service that is not there', { service: 'other' }, 'unknown_service'],
    [
      'a span backwards',
      { service: 'shop', from: '2026-11-30T12:00:00Z', to: '2026-11-30T11:00:00Z' },
      'invalid_range',
    ],
    ['a span to come', { service: 'shop', from: '2026-12-01T00:00:00Z' }, 'invalid_range'],
    [
      'more than anybody reads',
      { service: 'shop', from: '2026-11-30T00:00:00Z', bucketMinutes: 1 },
      'too_many_buckets',
    ],
    ['a time without an offset', { service: 'shop', from: '2026-11-30T00:00:00' }, 'invalid_arguments'],
  ])('refuses %s', async (_what, input, code) => {
    await expect(read(input)).rejects.toMatchObject({ code })
  })
})
