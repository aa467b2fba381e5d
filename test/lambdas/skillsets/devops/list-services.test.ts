import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { call } from '../../../../lambdas/runtime/testing.ts'
import { listServices } from '../../../../lambdas/skillsets/devops/abilities/list-services.ts'
import { ProbeHistory } from '../../../../lambdas/skillsets/devops/backends/probe-history.ts'
import { dataTable } from '../../runtime/support/data-table.ts'
import { devopsServices, serviceAt } from './support/services.ts'

const NOW = Date.parse('2026-11-30T12:00:00Z')
const MINUTE = 60_000

let data: Awaited<ReturnType<typeof dataTable>>
beforeAll(async () => {
  data = await dataTable(() => NOW)
})
afterAll(() => data.close())

it('each service has the status of its last probe; a late one says nothing about now, and none is sent', async () => {
  const history = new ProbeHistory(data.table)
  const certificateEnd = '2026-11-29T12:00:00.000Z'
  const failed = {
    status: 'unreachable',
    latencyMs: 9,
    reason: 'tls_invalid',
    detail: 'expired',
    certificateEnd,
  } as const
  const healthy = { status: 'healthy', latencyMs: 3, httpStatus: 200 } as const
  await history.add('broken', NOW - 2 * MINUTE, healthy)
  await history.add('broken', NOW - MINUTE, failed)
  await history.add('fresh', NOW - 3 * MINUTE + 1, healthy)
  await history.add('stale', NOW - 3 * MINUTE, healthy)
  // Nobody listens there: a request would show.
  const services = ['broken', 'fresh', 'stale', 'new'].map((name) => serviceAt('http://127.0.0.1:1/', { name }))
  const send = vi.spyOn(data.client, 'send')
  const listed = await call(
    listServices,
    {},
    { as: { name: 'alice' }, services: devopsServices(services, history, () => NOW) },
  )
  expect(send).toHaveBeenCalledTimes(services.length)
  expect(listed.services).toEqual([
    {
      service: 'broken',
      status: 'unreachable',
      lastProbe: {
        at: '2026-11-30T11:59:00.000Z',
        latencyMs: 9,
        reason: 'tls_invalid',
        detail: 'expired',
        tls: { validTo: certificateEnd, daysLeft: -1 },
      },
    },
    {
      service: 'fresh',
      status: 'healthy',
      lastProbe: { at: '2026-11-30T11:57:00.001Z', latencyMs: 3, httpStatus: 200 },
    },
    {
      service: 'stale',
      status: 'unknown',
      lastProbe: { at: '2026-11-30T11:57:00.000Z', latencyMs: 3, httpStatus: 200 },
    },
    { service: 'new', status: 'unknown' },
  ])
  expect(listed.summary.split('\n')).toEqual([
    'broken: unreachable (expired), certificate has ended',
    'fresh: healthy',
    'stale: unknown (no probe since 2026-11-30T11:57:00.000Z)',
    'new: unknown (no probe yet)',
  ])
})
