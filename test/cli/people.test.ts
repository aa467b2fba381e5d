import { tmpdir } from 'node:os'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type FactoryFixture, startFactory } from '../lambdas/oauth/factory-fixture.ts'
import { obtainTokens, register } from '../lambdas/oauth/journey.ts'
import { startCloudFormation } from './cloudformation-endpoint.ts'
import { factory as run } from './run-factory.ts'

let factory: FactoryFixture
let cloudFormation: Awaited<ReturnType<typeof startCloudFormation>>
beforeAll(async () => {
  factory = await startFactory()
  const outputs = { Issuer: 'https://mcp.example.com', TableName: factory.table.tableName }
  cloudFormation = await startCloudFormation({ 'dev-mcp-authorization': { status: 'UPDATE_COMPLETE', outputs } })
  const clientId = (await register(factory, { client_name: 'Cl\u202eau\u001b[2Jde' })).client_id
  await obtainTokens(factory, { clientId })
})
afterAll(async () => {
  await factory.close()
  await cloudFormation[Symbol.asyncDispose]()
})

const deployed = (args: readonly string[], environment: Record<string, string> = {}) =>
  run(['people', ...args], {
    environment: {
      AWS_ENDPOINT_URL_CLOUDFORMATION: cloudFormation.url,
      AWS_ENDPOINT_URL_DYNAMODB: factory.table.endpoint,
      ...environment,
    },
  })

describe('people, of the deployed factory', () => {
  it('lists, blocks, lists, unblocks, and says what happened and when it acts', async () => {
    const listed = await deployed(['grants', 'Alice@Example.com'])
    expect(listed.code).toBe(0)
    expect(listed.stdout).toContain('Clau[2Jde on productivity: calendar:read calendar:write')
    expect(listed.stdout).toMatch(/last renewed \d{4}-\d\d-\d\d \d\d:\d\d UTC/)
    expect((await deployed(['block', 'alice@example.com'])).stdout).toMatch(
      /^alice@example\.com is blocked: refused within ten seconds .* 1 grant and 1 browser session ended\.\n$/,
    )
    const json = JSON.parse((await deployed(['grants', 'alice@example.com', '--json'])).stdout)
    expect(json).toEqual({ email: 'alice@example.com', blocked: true, grants: [], browserSessions: [] })
    expect((await deployed(['unblock', 'alice@example.com'])).stdout).toContain('is no longer blocked')
    expect((await deployed(['unblock', 'alice@example.com'])).stdout).toContain('was not blocked')
  })

  it('revoke of somebody who has nothing is done already', async () => {
    const { stdout, code } = await deployed(['revoke', 'nobody@example.com', '--json'])
    expect([code, JSON.parse(stdout)]).toEqual([0, { email: 'nobody@example.com', grants: 0, browserSessions: 0 }])
  })

  it('a table that does not answer: 1, and that it can be repeated', async () => {
    const { stderr, code } = await deployed(['block', 'alice@example.com'], {
      AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:9',
    })
    expect(code).toBe(1)
    expect(stderr).toMatch(/^people block alice@example\.com could not be finished: it can be repeated\. /)
  })

  it('a factory that is not deployed: 1, and where it looked', async () => {
    await using nothing = await startCloudFormation({})
    const { stderr, code } = await deployed(['grants', 'alice@example.com'], {
      AWS_ENDPOINT_URL_CLOUDFORMATION: nothing.url,
    })
    expect(code).toBe(1)
    expect(stderr).toMatch(/dev-mcp-authorization is not deployed[\s\S]*AWS_PROFILE and AWS_REGION/)
  })
})

it.each([
  [['block', 'alice'], 2, /<email>: found alice; allowed: an address/],
  [['block'], 2, /missing required argument 'email'/],
  [['forgive', 'alice@example.com'], 2, /unknown command 'forgive'/],
  [['grants', 'alice@example.com', '--local'], 1, /No factory runs in this directory/],
] as const)('people %j: %i', async (args, expected, message) => {
  const { stderr, code } = await run(['people', ...args], { directory: tmpdir() })
  expect(code).toBe(expected)
  expect(stderr).toMatch(message)
})

it('its help has examples and exit codes', async () => {
  const { stdout, code } = await run(['people', '--help'])
  expect(code).toBe(0)
  expect(stdout).toContain('npm run factory -- people block alice@example.com --local')
  expect(stdout).toContain('Exit codes: 0 done')
})
