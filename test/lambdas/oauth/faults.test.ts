import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { AWS_CLIENT } from '../../../lambdas/store/aws-client.ts'
import { ENDPOINTS } from '../../../model/endpoints.ts'
import { type Failure, type FaultyFront, startFaultyFront } from '../../support/faulty-front.ts'
import { type SecretStandIn, startSecret } from '../key-rotation/secrets-manager.ts'
import { sampleKeys } from '../tokens/sample-keys.ts'
import { type FactoryFixture, type HttpRequest, startFactory } from './factory-fixture.ts'
import type { Answer } from './journey.ts'
import { ENDPOINT_USES } from './uses/all-uses.ts'
import type { Dependency, EndpointUse, PreparedRequest } from './uses/endpoint-use.ts'

const FAILURES = ['down', 'throttled', 'slow'] as const
const WRITES = ['PutItem', 'UpdateItem', 'DeleteItem']
/** As Secrets Manager says it. */
const THROTTLED = { status: 400, body: { __type: 'ThrottlingException', message: 'Rate exceeded' } }
/** What nobody is given while something is wrong. */
const ISSUED = /[?&;]code=|access_token|refresh_token|client_secret|__Host-session=[^;]/

let factory: FactoryFixture
let secret: SecretStandIn
let secretsManager: FaultyFront
let secrets: SecretsManagerClient

/** Everything of AWS over the wire, by clients with the limits of production. */
beforeAll(async () => {
  const keys = await sampleKeys()
  secret = await startSecret(JSON.stringify(keys))
  secretsManager = await startFaultyFront(secret.endpoint, THROTTLED)
  secrets = new SecretsManagerClient({
    ...AWS_CLIENT,
    endpoint: secretsManager.url,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'id', secretAccessKey: 'secret' },
  })
  const readKeys = async () => (await secrets.send(new GetSecretValueCommand({ SecretId: 'keys' }))).SecretString ?? ''
  factory = await startFactory({ dynamodb: AWS_CLIENT, keys, readKeys })
})
afterAll(async () => {
  await factory.close()
  secrets.destroy()
  await secretsManager[Symbol.asyncDispose]()
  await secret[Symbol.asyncDispose]()
})

function fail(dependency: Dependency, failure: Failure): void {
  factory.table.failure = failure
  if (dependency === 'table') factory.table.failing = ['*']
  if (dependency === 'writes') factory.table.failing = WRITES
  if (dependency === 'keys') secretsManager.failureOf = () => failure
  if (dependency === 'upstream' && failure !== 'lossy') factory.provider.fault = failure
}

function heal(): void {
  factory.heal()
  secretsManager.failureOf = () => undefined
}

describe.each(['table', 'writes', 'keys', 'upstream'] as const)('%s', (dependency) => {
  const needing = ENDPOINT_USES.filter(({ needs }) => needs.includes(dependency))
  const refused = new Map<string, Answer>()
  const health = new Map<string, Answer>()
  const works = new Map<string, boolean>()
  // The identity provider is waited for longer.
  const isAnswered = ({ needs }: EndpointUse, failure: Failure) =>
    !needs.includes(dependency) || (dependency === 'upstream' && failure === 'slow')

  // The same requests through one failure after the other, all at once, so that what is slow is waited for once.
  beforeAll(async () => {
    let open = await prepareAll()
    let instance = factory.anotherInstance()
    for (const failure of FAILURES) {
      instance = factory.anotherInstance()
      fail(dependency, failure)
      health.set(failure, await factory.send({ path: ENDPOINTS.health }, instance))
      const answers = await Promise.all(open.map(({ request }) => factory.send(request, instance)))
      heal()
      const asked = open.map((prepared, index) => ({ ...prepared, answer: answers[index] ?? {} }))
      for (const { use, done, answer } of asked.filter(({ use }) => isAnswered(use, failure)))
        works.set(use.name, await done(answer))
      open = asked
        .filter(({ use }) => !isAnswered(use, failure))
        .map(({ answer, ...prepared }) => {
          refused.set(`${prepared.use.name} ${failure}`, answer)
          return { ...prepared, request: again(prepared.request, answer) }
        })
      // So long a failure to read the keys counts.
      factory.pass(10)
    }
    health.set('well', await factory.send({ path: ENDPOINTS.health }, instance))
    for (const { use, request, done } of open) works.set(use.name, await done(await factory.send(request, instance)))
  })

  describe.each(FAILURES)('%s', (failure) => {
    it.each(needing.filter((use) => !isAnswered(use, failure)))('$name', ({ name, errors }) =>
      expectUnavailable(refused.get(`${name} ${failure}`), errors))

    it('/health names it', () => {
      const down = dependency === 'writes' || (dependency === 'upstream' && failure === 'slow') ? [] : [dependency]
      const { statusCode, body = '' } = health.get(failure) ?? {}
      expect([statusCode, JSON.parse(body).down]).toEqual([down.length > 0 ? 503 : 200, down])
    })
  })

  it.each(needing)('the same request works afterwards: $name', ({ name }) => expect(works.get(name)).toBe(true))
  it.each(ENDPOINT_USES.filter((use) => !needing.includes(use)))('works without: $name', ({ name }) =>
    expect(works.get(name)).toBe(true))
  it('/health is well afterwards, without a restart', () => expect(health.get('well')?.statusCode).toBe(200))
})

describe.each(['table', 'keys'] as const)('a lost reply of the %s costs nobody anything', (dependency) => {
  const works = new Map<string, boolean>()
  beforeAll(async () => {
    const prepared = await prepareAll()
    const instance = factory.anotherInstance()
    fail(dependency, 'lossy')
    for (const { use, request, done } of prepared)
      works.set(use.name, await done(await factory.send(request, instance)))
    heal()
  })

  it.each(ENDPOINT_USES)('$name', ({ name }) => expect(works.get(name)).toBe(true))
})

async function prepareAll(): Promise<(PreparedRequest & { readonly use: EndpointUse })[]> {
  const prepared: (PreparedRequest & { readonly use: EndpointUse })[] = []
  for (const use of ENDPOINT_USES) prepared.push({ use, ...(await use.prepare(factory)) })
  return prepared
}

/** The same request, by a browser that keeps the cookies of the answer. */
function again(request: HttpRequest, { cookies = [] }: Answer): HttpRequest {
  const set = cookies.map((cookie) => cookie.split(';')[0] ?? '')
  const kept = request.cookies?.filter((pair) => !set.some((own) => own.split('=')[0] === pair.split('=')[0])) ?? []
  return { ...request, cookies: [...kept, ...set] }
}

function expectUnavailable(answer: Answer | undefined, errors: EndpointUse['errors']): void {
  const { statusCode, headers, body = '', cookies = [] } = answer ?? {}
  expect([statusCode, body]).toEqual([503, expect.any(String)])
  expect(headers).toMatchObject({
    'Retry-After': '5',
    'Cache-Control': 'no-store',
    'X-Request-ID': expect.any(String),
    'Content-Type': errors === 'json' ? 'application/json' : 'text/html; charset=utf-8',
  })
  if (errors === 'json') expect(JSON.parse(body).error).toBe('temporarily_unavailable')
  expect(JSON.stringify([headers, body, cookies])).not.toMatch(ISSUED)
  expect(body).not.toMatch(/dynamodb|secretsmanager|ECONN|Exception|StoreUnavailable/i)
}
