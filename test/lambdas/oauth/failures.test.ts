import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { cognitoPerson, type FactoryFixture, POLICY, PRODUCTIVITY, startFactory } from './factory-fixture.ts'
import {
  authorizeUrl,
  Browser,
  consentForm,
  location,
  obtainTokens,
  postToken,
  refreshForm,
  register,
} from './journey.ts'

let factory: FactoryFixture
let clientId: string

beforeAll(async () => {
  factory = await startFactory()
  clientId = (await register(factory)).client_id
})
afterAll(() => factory.close())
beforeEach(() => {
  factory.table.failing = []
  factory.provider.fault = 'none'
})

const health = async () => {
  factory.pass(5)
  const { statusCode, body } = await factory.send({ path: '/health' })
  return { statusCode, ...(JSON.parse(body ?? '') as { status: string; down: string[] }) }
}

describe('/health names what is down, and recovers without a restart', () => {
  it('the table', async () => {
    factory.table.failing = ['*']
    expect(await health()).toEqual({ statusCode: 503, status: 'degraded', down: ['table'] })
    factory.table.failing = []
    expect(await health()).toEqual({ statusCode: 200, status: 'ok', down: [] })
  })

  it('the keys', async () => {
    const { keys } = factory
    factory.keys = undefined
    factory.pass(300)
    expect(await health()).toMatchObject({ statusCode: 503, down: ['keys'] })
    factory.keys = keys
    expect(await health()).toMatchObject({ statusCode: 200 })
  })

  it('the identity provider', async () => {
    await health()
    factory.provider.fault = 'down'
    expect(await health()).toMatchObject({ statusCode: 503, down: ['upstream'] })
    factory.provider.fault = 'none'
    expect(await health()).toMatchObject({ statusCode: 200 })
  })

  it('nobody can make it look more often than every five seconds', async () => {
    await health()
    factory.table.takeCalls()
    await factory.send({ path: '/health' })
    expect(factory.table.takeCalls()).toEqual([])
  })
})

describe('a person sees a page that says to try again', () => {
  const unavailable = { 'Retry-After': '5', 'Content-Type': 'text/html; charset=utf-8' }

  it('when the table is down', async () => {
    factory.table.failing = ['*']
    const answer = await new Browser(factory).get(authorizeUrl({ client_id: clientId }))
    expect([answer.statusCode, answer.headers]).toEqual([503, expect.objectContaining(unavailable)])
    expect(answer.body).not.toMatch(/dynamodb|connection refused|StoreUnavailable/i)
  })

  it('when the provider goes down after consent; reloading works as soon as it is back', async () => {
    clientId = (await register(factory)).client_id
    const browser = new Browser(factory)
    const page = await browser.get(authorizeUrl({ client_id: clientId }))
    const consented = await browser.post('/consent', consentForm(page, 'allow'))
    const url = await browser.upstreamAnswer(consented, cognitoPerson('alice@example.com'))
    factory.provider.fault = 'down'
    expect((await browser.get(url)).statusCode).toBe(503)
    factory.provider.fault = 'none'
    expect(location(await browser.get(url)).searchParams.has('code')).toBe(true)
  })

  it('when the table goes down after consent: nothing upstream is consumed', async () => {
    const browser = new Browser(factory)
    const page = await browser.get(authorizeUrl({ client_id: clientId }))
    const consented = await browser.post('/consent', consentForm(page, 'allow'))
    const url = await browser.upstreamAnswer(consented, cognitoPerson('alice@example.com'))
    factory.table.failing = ['*']
    expect((await browser.get(url)).statusCode).toBe(503)
    factory.table.failing = []
    expect(location(await browser.get(url)).searchParams.has('code')).toBe(true)
  })
})

describe('documents that cannot be read', () => {
  it('a damaged registration takes away that server alone', async () => {
    await factory.put({ pk: 'SERVER#damaged', sk: 'SERVER', doc: '{"name":"damaged"}' })
    await factory.put({ pk: 'SERVERS', sk: 'damaged' })
    await factory.put({ pk: 'SERVERS', sk: 'vanished' })
    factory.pass(10)
    const { servers } = JSON.parse((await factory.send({ path: '/servers' })).body ?? '') as {
      servers: { name: string }[]
    }
    expect(servers.map(({ name }) => name)).toEqual(['devops', 'productivity'])
    expect(factory.logs.some(({ fields }) => fields.server === 'damaged')).toBe(true)
  })

  it('a registration under another’s name is not believed', async () => {
    await factory.put({ pk: 'SERVER#thief', sk: 'SERVER', doc: JSON.stringify(PRODUCTIVITY) })
    await factory.put({ pk: 'SERVERS', sk: 'thief' })
    factory.pass(10)
    const { servers } = JSON.parse((await factory.send({ path: '/servers' })).body ?? '') as { servers: unknown[] }
    expect(servers).toHaveLength(2)
  })

  it.each([
    ['an unknown kind', { kind: 'everybody', value: 'x', before: 1 }],
    ['no value', { kind: 'person', before: 1 }],
    ['a time that is text', { kind: 'person', value: 'x', before: '1' }],
    ['an end that is text', { kind: 'person', value: 'x', before: 1, expiresAt: 'never' }],
  ])('a deny entry with %s: 503, as at the gates, until it is mended; nothing is consumed', async (_case, damage) => {
    await factory.write({ policy: POLICY })
    const own = (await register(factory)).client_id
    const { refresh_token } = await obtainTokens(factory, { clientId: own })
    const key = { pk: 'DENY', sk: 'damaged' }
    await factory.put({ ...key, expiresAt: factory.now() + 500, ...damage } as Record<string, string | number>)
    factory.pass(10)
    const refused = await postToken(factory, refreshForm(own, refresh_token))
    expect([refused.status, refused.body.error]).toEqual([503, 'temporarily_unavailable'])
    expect(String(factory.logs.at(-2)?.fields.reason)).toMatch(/deny entry damaged/)
    await factory.put({ ...key, kind: 'person', value: 'x', before: 1, expiresAt: 1 })
    factory.pass(10)
    expect((await postToken(factory, refreshForm(own, refresh_token))).status).toBe(200)
  })

  it('no policy: 503', async () => {
    await factory.put({ pk: 'POLICY', sk: 'POLICY', doc: '{}' })
    factory.pass(10)
    expect((await factory.send({ path: '/servers' })).statusCode).toBe(503)
  })
})

it('an event that is no HTTP request: 500 as OAuth JSON, with the security headers', async () => {
  const answer = await factory.anotherInstance()({} as never, {} as never)
  expect([answer.statusCode, JSON.parse(answer.body ?? '').error]).toEqual([500, 'server_error'])
  expect(answer.headers).toMatchObject({ 'X-Content-Type-Options': 'nosniff' })
})

it('no log line holds a secret', async () => {
  const lines = JSON.stringify(factory.logs)
  expect(lines.length).toBeGreaterThan(100)
  expect(lines).not.toMatch(/code_verifier|client_secret|eyJ[\w-]{10}|__Host-/)
})
