import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { call } from '../../../../lambdas/runtime/testing.ts'
import { checkServiceHealth } from '../../../../lambdas/skillsets/devops/abilities/check-service-health.ts'
import { ProbeHistory } from '../../../../lambdas/skillsets/devops/backends/probe-history.ts'
import type { Service } from '../../../../lambdas/skillsets/devops/backends/service-probe.ts'
import { devopsOptions, resolveServiceUrl } from '../../../../lambdas/skillsets/devops/options.ts'
import { dataTable } from '../../runtime/support/data-table.ts'

const START = Date.parse('2026-11-30T12:00:00Z')
const HOUR = 3_600_000
const alice = { name: 'alice' }

let now = START
let data: Awaited<ReturnType<typeof dataTable>>
let origin = ''
const visited: string[] = []

const answers: Record<string, RequestListener> = {
  '/healthy': (_request, response) => response.end('fine'),
  '/broken': (_request, response) => response.writeHead(503).end('marked-secret stack trace'),
  '/moved': (_request, response) => response.writeHead(302, { location: '/healthy' }).end(),
  '/endless': (_request, response) => {
    const more = () => {
      while (!response.destroyed && response.write('x'.repeat(65_536)));
    }
    response.on('drain', more)
    more()
  },
  '/silent': () => undefined,
}
const server = createServer((request, response) => {
  visited.push(request.url ?? '')
  answers[request.url ?? '']?.(request, response)
})

beforeAll(async () => {
  data = await dataTable(() => now)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(async () => {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  await data.close()
})

const servicesOf = (services: readonly Service[], timeoutMs = 2_000) => ({
  services,
  history: new ProbeHistory(data.table),
  probing: { fetch, now: () => now, timeoutMs },
})
const at = (path: string, name = path.slice(1)): Service => ({ name, url: `${origin}${path}` })
const check = (services: readonly Service[], input: { service?: string } = {}, timeoutMs?: number) =>
  call(checkServiceHealth, input, { as: alice, services: servicesOf(services, timeoutMs) })

describe('check_service_health', () => {
  it.each([
    ['/healthy', { status: 'healthy', httpStatus: 200 }],
    ['/broken', { status: 'unhealthy', httpStatus: 503, reason: 'not a 2xx status' }],
    ['/moved', { status: 'unhealthy', httpStatus: 302, reason: 'redirects are not followed' }],
    ['/endless', { status: 'healthy', httpStatus: 200 }],
  ])('reports %s', async (path, expected) => {
    visited.length = 0
    const { results } = await check([at(path, `report${path.replace('/', '-')}`)])
    expect(results).toEqual([
      {
        service: expect.any(String),
        checkedAt: '2026-11-30T12:00:00.000Z',
        latencyMs: expect.any(Number),
        ...expected,
      },
    ])
    expect(visited).toEqual([path])
    expect(JSON.stringify(results)).not.toContain('marked-secret')
  })

  it('reports what does not answer in time, and what nobody listens to', async () => {
    const { results } = await check([at('/silent'), { name: 'nobody', url: 'http://127.0.0.1:1/' }], {}, 50)
    expect(results).toMatchObject([
      { service: 'silent', status: 'unreachable', reason: 'no answer within 50 ms' },
      { service: 'nobody', status: 'unreachable', reason: expect.stringMatching(/^could not connect/) },
    ])
    expect(results.some((result) => 'httpStatus' in result)).toBe(false)
  })

  it('checks the one that is named, and names the known ones otherwise', async () => {
    const services = [at('/healthy', 'one'), at('/healthy', 'two')]
    expect((await check(services, { service: 'two' })).results.map(({ service }) => service)).toEqual(['two'])
    await expect(check(services, { service: 'three' })).rejects.toMatchObject({
      code: 'unknown_service',
      hint: 'Known services: one, two.',
    })
    await expect(check([], { service: 'three' })).rejects.toMatchObject({ code: 'unknown_service' })
    expect(await check([])).toEqual({ results: [], recent: [] })
  })

  it('stops with the caller, and keeps no result of it', async () => {
    const controller = new AbortController()
    const services = servicesOf([at('/silent', 'aborted')])
    const calling = call(checkServiceHealth, {}, { as: alice, services, signal: controller.signal })
    setTimeout(() => controller.abort(new Error('over')), 20)
    await expect(calling).rejects.toThrow('over')
    expect(await services.history.recent('aborted', now)).toMatchObject({ samples: 0 })
  })

  it('says how far it is', async () => {
    const updates: unknown[] = []
    const services = servicesOf([at('/healthy', 'p1'), at('/broken', 'p2')])
    await call(checkServiceHealth, {}, { as: alice, services, onProgress: (update) => updates.push(update) })
    expect(updates).toMatchObject([
      { done: 1, total: 2 },
      { done: 2, total: 2 },
    ])
  })
})

describe('recent', () => {
  it('is honest about its sample', async () => {
    const one = [at('/healthy', 'honest')]
    const first = await check(one)
    expect(first.recent).toEqual([
      {
        service: 'honest',
        samples: 1,
        healthy: 1,
        availability: 1,
        from: '2026-11-30T12:00:00.000Z',
        to: '2026-11-30T12:00:00.000Z',
      },
    ])
    now = START + HOUR
    await check([at('/broken', 'honest')])
    now = START + 2 * HOUR
    const { recent } = await check(one)
    expect(recent[0]).toMatchObject({ samples: 3, healthy: 2, availability: 2 / 3, to: '2026-11-30T14:00:00.000Z' })
    now = START
  })

  it('has no availability without samples', async () => {
    expect(await new ProbeHistory(data.table).recent('never-checked', now)).toEqual({
      service: 'never-checked',
      samples: 0,
      healthy: 0,
    })
  })

  it('forgets after 24 hours, keeps 7 days, counts at most the newest 100', async () => {
    const history = new ProbeHistory(data.table)
    const add = (time: number, status: 'healthy' | 'unreachable') =>
      history.add({ service: 'old', status, latencyMs: 1, checkedAt: new Date(time).toISOString() })
    await add(START - 24 * HOUR - 1, 'unreachable')
    expect(await history.recent('old', START)).toMatchObject({ samples: 0 })
    for (let n = 1; n <= 60; n += 1) await add(START - 2 * HOUR - n, 'unreachable')
    for (let n = 1; n <= 60; n += 1) await add(START - HOUR - n, 'healthy')
    expect(await history.recent('old', START)).toMatchObject({ samples: 100, healthy: 60, availability: 0.6 })
    now = START + 7 * 24 * HOUR
    expect(await history.recent('old', START)).toMatchObject({ samples: 0 })
    now = START
  })
})

describe('options', () => {
  const parse = (services: unknown) => devopsOptions.safeParse({ services })

  it('replace {issuer}', () => {
    expect(resolveServiceUrl('{issuer}/health', 'https://mcp.example.com')).toBe('https://mcp.example.com/health')
    expect(resolveServiceUrl('https://x.test/{issuer}', 'https://mcp.example.com')).toBe('https://x.test/{issuer}')
  })

  it('accept what can be probed, and nothing at all', () => {
    expect(parse([{ name: 'factory', url: '{issuer}/health' }]).success).toBe(true)
    expect(parse([{ name: 'shop', url: 'https://shop.example.com/health' }]).success).toBe(true)
    expect(devopsOptions.parse({})).toEqual({ services: [] })
  })

  it.each([
    [[{ name: 'a', url: 'ftp://example.com' }]],
    [[{ name: 'a', url: 'file:///etc/passwd' }]],
    [[{ name: 'a', url: '{issuer}.evil.test/' }]],
    [[{ name: 'a', url: '{other}/health' }]],
    [[{ name: 'a', url: '/health' }]],
    [[{ name: 'A b', url: 'https://example.com' }]],
    [[{ name: 'a', url: 'https://example.com', method: 'DELETE' }]],
    [
      [
        { name: 'a', url: 'https://example.com' },
        { name: 'a', url: 'https://example.org' },
      ],
    ],
  ])('refuse %j', (services) => {
    expect(parse(services).success).toBe(false)
  })
})
