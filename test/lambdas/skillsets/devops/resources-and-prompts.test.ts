import { afterAll, beforeAll, expect, it } from 'vitest'
import { get, read } from '../../../../lambdas/runtime/testing.ts'
import { ProbeHistory } from '../../../../lambdas/skillsets/devops/backends/probe-history.ts'
import { investigateService } from '../../../../lambdas/skillsets/devops/prompts/investigate-service.ts'
import { serviceStatus } from '../../../../lambdas/skillsets/devops/resources/service-status.ts'
import type { DevopsServices } from '../../../../lambdas/skillsets/devops/services.ts'
import skillset from '../../../../lambdas/skillsets/devops/skillset.ts'
import { connect } from '../../runtime/support/connect.ts'
import { dataTable } from '../../runtime/support/data-table.ts'
import { devopsServices, serviceAt } from './support/services.ts'

const NOW = Date.parse('2026-11-30T12:00:00Z')
const alice = { name: 'alice' }

let data: Awaited<ReturnType<typeof dataTable>>
let services: DevopsServices
beforeAll(async () => {
  data = await dataTable(() => NOW)
  const watched = ['shop', 'search'].map((name) => serviceAt('http://127.0.0.1:9', { name }))
  services = devopsServices(watched, new ProbeHistory(data.table), () => NOW)
  await services.history.add('shop', NOW - 30_000, { status: 'unreachable', latencyMs: 1, reason: 'timeout' })
})
afterAll(() => data.close())

it('services://status has what the last probes found', async () => {
  const { services: listed } = JSON.parse(String(await read(serviceStatus, { as: alice, services })))
  expect(listed).toMatchObject([
    { service: 'shop', status: 'unreachable' },
    { service: 'search', status: 'unknown' },
  ])
})

it('investigate_service begins with what the probes of the service showed', async () => {
  const [message] = await get(investigateService, { service: 'shop' }, { as: alice, services })
  expect(JSON.stringify(message)).toMatch(/service shop.*incidents: 1.*timeout/)
})

it('investigate_service refuses a service that is not watched, and names those that are', async () => {
  await expect(get(investigateService, { service: 'bank' }, { as: alice, services })).rejects.toMatchObject({
    code: 'unknown_service',
    hint: expect.stringContaining('shop, search'),
  })
})

it('a client completes the names of services', async () => {
  const client = await connect(skillset, { as: alice, services })
  const ref = { type: 'ref/prompt', name: 'investigate_service' } as const
  const { completion } = await client.complete({ ref, argument: { name: 'service', value: 's' } })
  expect(completion.values).toEqual(['shop', 'search'])
  expect((await client.listPrompts()).prompts[0]?.arguments).toEqual([
    { name: 'service', description: 'The name of a watched service', required: true },
  ])
  await client.close()
})
