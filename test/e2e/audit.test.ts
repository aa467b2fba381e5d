import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { findLocalFactory } from '../../cli/local-factory.ts'
import { openTable } from '../../lambdas/store/table.ts'
import { factory as run } from '../cli/run-factory.ts'
import { namesOf, type Recorded } from '../lambdas/audit/recorded.ts'
import { startTestFactory, type TestFactory } from '../support/factory.ts'
import { receiveTokens } from '../support/journeys.ts'
import { postMessage } from '../support/oauth.ts'
import { expectNoSecretInLogs, plant } from '../support/planted-secrets.ts'

const ARGUMENT = 'an argument that is nobody’s business'
plant('argument', ARGUMENT)

let factory: TestFactory
beforeAll(async () => {
  factory = await startTestFactory()
})
afterAll(() => factory?.remove())

/** The audit events of every log, in their order. */
async function events(): Promise<Recorded[]> {
  const files = await readdir(factory.logsDirectory)
  const logs = await Promise.all(files.map((file) => readFile(join(factory.logsDirectory, file), 'utf8')))
  return logs
    .flatMap((log) => log.split('\n'))
    .filter((line) => line.includes('"audit":'))
    .map((line) => JSON.parse(line) as Recorded)
    .sort((one, other) => String(one.timestamp).localeCompare(String(other.timestamp)))
}

/** The records of what administrators did in the running factory. */
async function acts() {
  const found = findLocalFactory(factory.environment.FACTORY_DIRECTORY) ?? expect.fail()
  const { dynamodb: endpoint, region, credentials, table } = found
  const client = new DynamoDBClient({ endpoint, region, credentials })
  const today = new Date().toISOString().slice(0, 10)
  return await openTable(client, table, () => 0).query(`AUDIT#${today}`)
}

it('from the sign-in to the end of a grant everything is an event, one line each, without a secret', async () => {
  const { productivity } = factory.servers
  const tokens = await receiveTokens(factory.issuer, productivity)
  const params = { name: 'create_event', arguments: { title: ARGUMENT } }
  const call = { jsonrpc: '2.0', id: 1, method: 'tools/call', params }
  await postMessage(productivity, tokens.accessToken, call)
  await postMessage(productivity, `${tokens.accessToken}x`, call)
  await tokens.refresh(tokens.refreshToken)
  const revoked = await run(['people', 'revoke', 'alice@example.com', '--local', '--json'], {
    environment: factory.environment,
  })
  expect(revoked.code).toBe(0)
  expect((await tokens.refresh(tokens.refreshToken)).status).toBe(400)
  expect(await acts()).toMatchObject([
    { audit: 'person.revoked', email: 'alice@example.com', outcome: 'done', by: expect.stringMatching(/./) },
  ])

  await factory.stop()
  const written = await events()
  const ours = namesOf(written).filter((name) => !/^(server|policy|keys)\./.test(name))
  expect(ours).toEqual([
    'client.registered',
    'sign_in.succeeded',
    'consent.given',
    'token.issued',
    'tool.called',
    'access.refused',
    'token.refreshed',
    'token.refused',
  ])
  const named = (name: string) => written.find(({ audit }) => audit === name) ?? expect.fail(name)
  const { sub, grant, client } = named('consent.given')
  expect(named('tool.called')).toMatchObject({ sub, grant, client, server: 'productivity', name: 'create_event' })
  expect(named('tool.called')).toMatchObject({ argumentDigest: expect.any(String), traceId: expect.any(String) })
  expect(named('token.refreshed')).toMatchObject({ sub, grant, client, server: 'productivity' })
  expect(namesOf(written)).toEqual(expect.arrayContaining(['server.registered', 'policy.registered', 'keys.rotated']))
  await expectNoSecretInLogs(factory.logsDirectory)
})
