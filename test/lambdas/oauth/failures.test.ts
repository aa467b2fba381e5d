import { describe, expect, it } from 'vitest'
import { POLICY, PRODUCTIVITY } from './factory-fixture.ts'
import { factoryOfFile } from './factory-of-file.ts'
import {
  authorizeUrl,
  Browser,
  codeForm,
  codeIn,
  consentForm,
  location,
  obtainCode,
  obtainTokens,
  postToken,
  reachCallback,
  refreshForm,
  register,
} from './journey.ts'

const { factory, clientId } = await factoryOfFile()

describe('/health', () => {
  it('nobody can make it look more often than every five seconds', async () => {
    const look = async () => {
      factory.table.takeCalls()
      await factory.send({ path: '/health' })
      return factory.table.takeCalls()
    }
    factory.pass(5)
    expect(await look()).toEqual(['GetItem'])
    expect(await look()).toEqual([])
  })
})

describe('a person who has consented reloads the page as soon as all is well again', () => {
  it.each([
    [
      'the provider is down',
      () => {
        factory.provider.fault = 'down'
      },
    ],
    [
      'the provider is asked too much',
      () => {
        factory.provider.fault = 'throttled'
      },
    ],
    [
      'the table is down: nothing upstream is consumed',
      () => {
        factory.table.failing = ['*']
      },
    ],
    [
      'the table takes no session: nothing upstream is consumed',
      () => {
        factory.table.failing = ['PutItem BROWSER']
      },
    ],
    [
      'the table takes no code: nothing upstream is consumed',
      () => {
        factory.table.failing = ['PutItem CODE']
      },
    ],
  ])('%s', async (_case, fail) => {
    const { browser, callback } = await reachCallback(factory, { clientId })
    fail()
    expect((await browser.get(callback)).statusCode).toBe(503)
    expect((await browser.get(callback)).statusCode).toBe(503)
    factory.heal()
    const answer = await browser.get(callback)
    expect(location(answer).searchParams.has('code')).toBe(true)
    expect((await browser.get('/account')).body).toContain('alice@example.com')
    expect((await new Browser(factory).get(callback)).statusCode).toBe(400)
  })

  it('what the provider said then gives nothing more: who signs out stays signed out', async () => {
    const { browser, ...reached } = await reachCallback(factory, { clientId })
    factory.table.failing = ['PutItem BROWSER']
    await browser.get(reached.callback)
    factory.heal()
    const code = codeIn(await browser.get(reached.callback))
    await postToken(factory, codeForm({ ...reached, browser, code }))
    browser.cookies.delete('__Host-session')
    expect((await browser.get(reached.callback)).statusCode).toBe(400)
    expect(browser.cookies.has('__Host-session')).toBe(false)
  })
})

it('a grant that its person could not find is not given: the note comes first', async () => {
  const { browser } = await obtainCode(factory, { clientId })
  const form = consentForm(await browser.get(authorizeUrl({ client_id: clientId })), 'allow')
  factory.table.failing = ['PutItem PERSON']
  expect((await browser.post('/consent', form)).statusCode).toBe(503)
  expect(await factory.table.get(`CODE#${form.get('flow')}`, 'CODE')).toBeUndefined()
  factory.heal()
  expect(codeIn(await browser.post('/consent', form))).toContain(form.get('flow'))
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
