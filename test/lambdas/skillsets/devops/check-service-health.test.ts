import tls from 'node:tls'
import { BatchWriteItemCommand } from '@aws-sdk/client-dynamodb'
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import { call } from '../../../../lambdas/runtime/testing.ts'
import { checkServiceHealth } from '../../../../lambdas/skillsets/devops/abilities/check-service-health.ts'
import { ProbeHistory } from '../../../../lambdas/skillsets/devops/backends/probe-history.ts'
import type { ProbeResult, Service } from '../../../../lambdas/skillsets/devops/backends/service-probe.ts'
import { devopsOptions, resolveServiceUrl } from '../../../../lambdas/skillsets/devops/options.ts'
import { selfSigned } from '../../../support/certificates.ts'
import { dataTable } from '../../runtime/support/data-table.ts'
import { devopsServices, serviceAt, startService } from './support/services.ts'

const START = Date.parse('2026-11-30T12:00:00Z')
const MINUTE = 60_000
const DAY = 1_440 * MINUTE
const alice = { name: 'alice' }

let now = START
let data: Awaited<ReturnType<typeof dataTable>>
let history: ProbeHistory
let service: Awaited<ReturnType<typeof startService>>
const visited: string[] = []

beforeAll(async () => {
  data = await dataTable(() => now)
  history = new ProbeHistory(data.table)
  service = await startService((request, response) => {
    visited.push(request.url ?? '')
    if (request.url === '/broken') response.writeHead(503).end('marked-secret stack trace')
    else if (request.url !== '/silent') response.end('fine')
  })
})
afterAll(async () => {
  await service.kill()
  await data.close()
})
afterEach(() => {
  now = START
  visited.length = 0
})

const at = (path: string, name = path.slice(1)): Service => serviceAt(service.url + path, { name })
const servicesOf = (services: readonly Service[]) => devopsServices(services, history, () => now)
const check = (services: readonly Service[], input: { service?: string } = {}) =>
  call(checkServiceHealth, input, { as: alice, services: servicesOf(services) })

const UP: ProbeResult = { status: 'healthy', latencyMs: 1, httpStatus: 200 }
const DOWN: ProbeResult = { status: 'unreachable', latencyMs: 5, reason: 'connect_failed', detail: 'could not connect' }

describe('check_service_health', () => {
  it.each([
    ['/healthy', { status: 'healthy', httpStatus: 200 }],
    [
      '/broken',
      { status: 'unhealthy', httpStatus: 503, reason: 'unexpected_status', detail: 'answered 503, expected 2xx' },
    ],
  ])('reports %s', async (path, expected) => {
    const { results } = await check([at(path)])
    expect(results).toEqual([
      {
        service: path.slice(1),
        checkedAt: '2026-11-30T12:00:00.000Z',
        latencyMs: expect.any(Number),
        ...expected,
        windows: [
          { window: '5m', probes: 0, expected: 5, failures: 0 },
          { window: '1h', probes: 0, expected: 60, failures: 0 },
          { window: '24h', probes: 0, expected: 1_440, failures: 0 },
        ],
        lastFailures: [],
      },
    ])
    expect(visited).toEqual([path])
    expect(JSON.stringify(results)).not.toContain('marked-secret')
  })

  it('is honest about its sample', async () => {
    for (let n = 0; n < 8; n += 1) await history.add('sampled', START - n * MINUTE, n === 3 || n === 6 ? DOWN : UP)
    const { results, summary } = await check([at('/healthy', 'sampled')])
    expect(results[0]?.windows).toMatchObject([
      { window: '5m', probes: 5, expected: 5, failures: 1, availability: 4 / 5, errorRate: 1 / 5 },
      { window: '1h', probes: 8, expected: 60, failures: 2, availability: 6 / 8, latencyMs: { p50: 1, p95: 1 } },
      { window: '24h', probes: 8, expected: 1_440 },
    ])
    expect(results[0]?.lastFailures).toEqual([
      { at: '2026-11-30T11:57:00.000Z', reason: 'connect_failed', detail: 'could not connect' },
      { at: '2026-11-30T11:54:00.000Z', reason: 'connect_failed', detail: 'could not connect' },
    ])
    expect(summary).toMatch(/^sampled: healthy, \d+ ms; 5m 80 % of 5 probes; 1h 75 % of 8 probes \(60 expected\)/)
  })

  it('changes nothing: a check counts in no window', async () => {
    const broken = at('/broken', 'checked')
    for (let n = 0; n < 3; n += 1) await check([broken])
    expect((await check([broken])).results[0]?.windows[0]).toMatchObject({ probes: 0 })
  })

  it('says when the certificate ends', async () => {
    const trusted = tls.getCACertificates()
    const certificate = selfSigned('127.0.0.1', new Date(START + 12 * DAY + MINUTE))
    const secure = await startService((_request, response) => response.end(), { tls: certificate })
    onTestFinished(async () => {
      tls.setDefaultCACertificates(trusted)
      await secure.kill()
    })
    tls.setDefaultCACertificates([...trusted, certificate.cert])
    const { results, summary } = await check([serviceAt(secure.url)])
    expect(results[0]).toMatchObject({ tls: { validTo: '2026-12-12T12:01:00.000Z', daysLeft: 12 } })
    expect(summary).toContain('certificate ends in 12 days')
  })

  it('checks the one that is named, and names the known ones otherwise', async () => {
    const services = [at('/healthy', 'one'), at('/healthy', 'two')]
    expect((await check(services, { service: 'two' })).results.map(({ service }) => service)).toEqual(['two'])
    await expect(check(services, { service: 'three' })).rejects.toMatchObject({
      code: 'unknown_service',
      hint: 'Known services: one, two.',
    })
    await expect(check([], { service: 'three' })).rejects.toMatchObject({ code: 'unknown_service' })
    expect(await check([])).toEqual({ summary: 'No services are configured.', results: [] })
  })

  it('stops with the caller', async () => {
    const controller = new AbortController()
    const services = servicesOf([at('/silent')])
    const calling = call(checkServiceHealth, {}, { as: alice, services, signal: controller.signal })
    controller.abort(new Error('over'))
    await expect(calling).rejects.toThrow('over')
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

describe('the history', () => {
  it('of a whole day is read by one query for all windows', async () => {
    await writeProbes('long', 1_500, (n) => (n % 4 === 0 ? DOWN : UP))
    const send = vi.spyOn(data.client, 'send')
    onTestFinished(() => send.mockRestore())
    const { results } = await check([at('/healthy', 'long')])
    expect(send).toHaveBeenCalledTimes(1)
    expect(results[0]?.windows).toMatchObject([
      { probes: 5, failures: 2 },
      { probes: 60, availability: 0.75 },
      { probes: 1_440, failures: 360, availability: 0.75 },
    ])
  })

  it('is kept 7 days', async () => {
    await history.add('kept', START, UP)
    now = START + 7 * DAY - 1_000
    expect(await history.last('kept', now)).toMatchObject({ at: START })
    now = START + 7 * DAY
    expect(await history.last('kept', now)).toBeUndefined()
  })

  /** One a minute back from START, as the history keeps them, but 25 at a time: one by one takes too long. */
  async function writeProbes(name: string, count: number, resultOf: (n: number) => ProbeResult): Promise<void> {
    const requests = Array.from({ length: count }, (_, n) => {
      const sk = new Date(START - n * MINUTE).toISOString()
      const doc = JSON.stringify(resultOf(n))
      return { PutRequest: { Item: { pk: { S: `SHARED#probes#${name}` }, sk: { S: sk }, doc: { S: doc } } } }
    })
    for (let n = 0; n < count; n += 25)
      await data.client.send(new BatchWriteItemCommand({ RequestItems: { data: requests.slice(n, n + 25) } }))
  }
})

describe('options', () => {
  const parse = (services: unknown) => devopsOptions.safeParse({ services })

  it('replace {issuer}', () => {
    expect(resolveServiceUrl('{issuer}/health', 'https://mcp.example.com')).toBe('https://mcp.example.com/health')
    expect(resolveServiceUrl('https://x.test/{issuer}', 'https://mcp.example.com')).toBe('https://x.test/{issuer}')
  })

  it('accept what can be probed, and nothing at all', () => {
    expect(parse([{ name: 'factory', url: '{issuer}/health' }]).data?.services).toEqual([
      { name: 'factory', url: '{issuer}/health', expect: {}, timeoutMs: 5_000 },
    ])
    const url = 'https://shop.example.com/health'
    expect(parse([{ name: 'shop', url, expect: { status: 204, contains: 'ok' }, timeoutMs: 900 }]).success).toBe(true)
    expect(devopsOptions.parse({})).toEqual({ services: [] })
  })

  const url = 'https://example.com'
  it.each([
    [[{ name: 'a', url: 'ftp://example.com' }]],
    [[{ name: 'a', url: 'file:///etc/passwd' }]],
    [[{ name: 'a', url: '{issuer}.evil.test/' }]],
    [[{ name: 'a', url: '{other}/health' }]],
    [[{ name: 'a', url: '/health' }]],
    [[{ name: 'a', url: 'https://user:password@example.com' }]],
    [[{ name: 'A b', url }]],
    [[{ name: 'a', url, method: 'DELETE' }]],
    [[{ name: 'a', url, expect: { status: 42 } }]],
    [[{ name: 'a', url, expect: { header: 'x' } }]],
    // A round must end before the next one begins.
    [[{ name: 'a', url, timeoutMs: 60_000 }]],
    [
      [
        { name: 'a', url },
        { name: 'a', url: 'https://example.org' },
      ],
    ],
  ])('refuse %j', (services) => {
    expect(parse(services).success).toBe(false)
  })
})
