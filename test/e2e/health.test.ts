import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { selfSigned } from '../support/certificates.ts'
import { startTestFactory, type TestFactory } from '../support/factory.ts'
import { receiveTokens } from '../support/journeys.ts'
import { postMessage } from '../support/oauth.ts'

const CERTIFICATE_END = '2999-01-02T03:04:05.000Z'
/** Milliseconds. */
const LONGEST_FIRST_RUN = 30_000

const secure = createServer(selfSigned('127.0.0.1', new Date(CERTIFICATE_END)), (_request, response) => response.end())
let factory: TestFactory
let accessToken: string

beforeAll(async () => {
  await new Promise<void>((resolve) => secure.listen(0, '127.0.0.1', resolve))
  const { port } = secure.address() as AddressInfo
  const services = [
    { name: 'factory', url: '{issuer}/health', expect: { status: 200 } },
    { name: 'self-signed', url: `https://127.0.0.1:${port}/` },
    { name: 'elsewhere', url: 'https://shop.example.com/' },
  ]
  factory = await startTestFactory({ config: { servers: { devops: { skillset: 'devops', options: { services } } } } })
  accessToken = (await receiveTokens(factory.issuer, factory.servers.devops)).accessToken
})
afterAll(async () => {
  await factory?.remove()
  secure.closeAllConnections()
  await new Promise((resolve) => secure.close(resolve))
})

async function ability(name: string, input: object = {}): Promise<Record<string, unknown>> {
  const params = { name, arguments: input }
  const { text } = await postMessage(factory.servers.devops, accessToken, {
    jsonrpc: '2.0',
    id: 1,
    method: 'tools/call',
    params,
  })
  return JSON.parse(/^data: (.*)$/m.exec(text)?.[1] ?? text).result.structuredContent
}

it('the schedule probes by itself, and the abilities report what it found', async () => {
  const deadline = Date.now() + LONGEST_FIRST_RUN
  let listed = await ability('list_services')
  while (JSON.stringify(listed).includes('"unknown"') && Date.now() < deadline) {
    await sleep(200)
    listed = await ability('list_services')
  }
  expect(listed.services).toMatchObject([
    { service: 'factory', status: 'healthy', lastProbe: { httpStatus: 200 } },
    {
      service: 'self-signed',
      status: 'unreachable',
      lastProbe: { reason: 'tls_invalid', tls: { validTo: CERTIFICATE_END } },
    },
    // On one machine nothing is reached but the machine.
    { service: 'elsewhere', status: 'unreachable', lastProbe: { reason: 'connect_failed' } },
  ])

  const { results } = await ability('check_service_health', { service: 'factory' })
  expect(results).toMatchObject([
    {
      status: 'healthy',
      windows: [{ window: '5m', failures: 0, availability: 1 }, { window: '1h' }, { window: '24h' }],
    },
  ])
  expect(await ability('service_history', { service: 'self-signed' })).toMatchObject({
    availability: 0,
    errorRate: 1,
    incidents: [{ reasons: ['tls_invalid'] }],
  })
})
