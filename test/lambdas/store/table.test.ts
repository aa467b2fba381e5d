import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openStore, type Store } from '../../../lambdas/store/store.ts'
import { StoreUnavailable } from '../../../lambdas/store/store-unavailable.ts'
import { ABSENT, openTable, type Table } from '../../../lambdas/store/table.ts'
import { randomId, randomSecret } from '../../../lambdas/tokens/secrets.ts'
import { type LocalTable, startLocalTable } from './local-table.ts'

let local: LocalTable
let table: Table
let store: Store
let now = 1_000_000

beforeAll(async () => {
  local = await startLocalTable()
  table = openTable(local.client, local.tableName, () => now)
  store = openStore(
    local.client,
    local.tableName,
    () => now,
    () => undefined,
  )
})
afterAll(() => local.close())

const key = () => ({ pk: `TEST#${randomId()}`, sk: 'TEST' })

describe('the table', () => {
  it('PLATFORM 17: an item that has expired is not there, though DynamoDB still returns it', async () => {
    const item = key()
    await table.put(item, { value: 'x', expiresAt: now + 10 })
    expect(await table.get(item)).toMatchObject({ value: 'x' })
    now += 10
    expect(await table.get(item)).toBeUndefined()
    expect(await table.getMany([item])).toEqual([undefined])
    expect(await table.query(item.pk)).toEqual([])
    expect(await table.put(item, { value: 'y', expiresAt: now + 10 }, ABSENT)).toBe(true)
    expect(await table.put(item, { value: 'z', expiresAt: now + 10 }, ABSENT)).toBe(false)
  })

  it('reads nothing that may be old: what has ended is not there any more', async () => {
    const client = new DynamoDBClient({ region: 'eu-west-1', endpoint: local.endpoint })
    const reads: string[] = []
    client.middlewareStack.add(
      () =>
        async ({ input }) => {
          reads.push(JSON.stringify(input))
          return { response: {}, output: { $metadata: {} } }
        },
      { step: 'initialize' },
    )
    const watched = openTable(client, local.tableName, () => now)
    await watched.get(key())
    await watched.getMany([key()])
    await watched.query('TEST')
    expect(reads).toHaveLength(3)
    for (const read of reads) expect(read).toContain('"ConsistentRead":true')
  })

  it('answers in the order of the keys, however many', async () => {
    const keys = Array.from({ length: 101 }, key)
    for (const index of [0, 99, 100]) await table.put(keys[index] ?? key(), { index })
    const found = (await table.getMany(keys)).map((item) => item?.index)
    expect(found).toEqual(keys.map((_, index) => ([0, 99, 100].includes(index) ? index : undefined)))
    expect(await table.getMany([])).toEqual([])
  })

  it('says so when it does not answer', async () => {
    local.failing = ['GetItem']
    await expect(table.get(key())).rejects.toThrow(StoreUnavailable)
    local.failing = []
    await expect(table.get(key())).resolves.toBeUndefined()
  })

  it('does not take a fault of ours for one of the table’s', async () => {
    await expect(table.get({ pk: '', sk: 'x' })).rejects.not.toThrow(StoreUnavailable)
  })
})

function sampleGrant() {
  return {
    grantId: randomId(),
    flowId: randomId(),
    clientId: 'client',
    server: 'server',
    resource: 'https://mcp.example.com/server/mcp',
    scopes: ['one', 'two'],
    signedIn: {
      person: { sub: 'sub', email: 'alice@example.com', name: 'Alice', tenant: 'example', claims: {} },
      evidence: { email: 'alice@example.com', email_verified: true },
      signedInAt: now,
    },
    salt: randomSecret(),
    generation: 0,
    kid: 'refresh-1',
    supersededAt: [],
    absoluteEnd: now + 1000,
    expiresAt: now + 500,
  }
}

describe('a grant', () => {
  it('is read back as it was begun', async () => {
    const grant = sampleGrant()
    expect(await store.grants.begin(grant)).toBe(true)
    expect(await store.grants.find(grant.grantId)).toEqual(grant)
  })

  it('AS-12: does not begin over its tombstone', async () => {
    const grant = sampleGrant()
    await store.grants.end(grant.grantId)
    expect(await store.grants.begin(grant)).toBe(false)
    expect(await store.grants.find(grant.grantId)).toBeUndefined()
  })

  it('is begun once: another code cannot take its place', async () => {
    const grant = sampleGrant()
    expect(await store.grants.begin(grant)).toBe(true)
    expect(await store.grants.begin(grant)).toBe(true)
    expect(await store.grants.begin({ ...grant, flowId: randomId() })).toBe(false)
    await store.grants.rotate(grant, 'refresh-1', now + 600)
    expect(await store.grants.begin(grant)).toBe(false)
  })

  it('AS-07: of 50 parallel exchanges one wins', async () => {
    const grant = sampleGrant()
    await store.grants.begin(grant)
    const won = await Promise.all(Array.from({ length: 50 }, () => store.grants.rotate(grant, 'refresh-1', now + 600)))
    expect(won.filter(Boolean)).toHaveLength(1)
    expect((await store.grants.find(grant.grantId))?.generation).toBe(1)
  })

  it('AS-07: once ended, or expired, it is exchanged no more', async () => {
    const ended = sampleGrant()
    await store.grants.begin(ended)
    await store.grants.end(ended.grantId)
    expect(await store.grants.rotate(ended, 'refresh-1', now + 600)).toBe(false)
    const expired = sampleGrant()
    await store.grants.begin(expired)
    now += 500
    expect(await store.grants.rotate(expired, 'refresh-1', now + 600)).toBe(false)
  })
})

describe('an upstream state', () => {
  it('AS-09: of 20 parallel uses one counts', async () => {
    const state = randomSecret()
    const spent = await Promise.all(
      Array.from({ length: 20 }, () => store.upstreamStates.spend(state, randomId(), now + 600)),
    )
    expect(spent.filter(Boolean)).toHaveLength(1)
  })
})

describe('a code', () => {
  const sampleCode = () => {
    const { grantId, flowId, clientId, resource, server, scopes, salt, signedIn } = sampleGrant()
    const bound = { grantId, flowId, clientId, resource, server, scopes, salt, signedIn, kid: 'seal-1' }
    return { ...bound, redirectUri: 'http://127.0.0.1/', codeChallenge: 'challenge', redeemableUntil: now + 60 }
  }

  it('is issued once per flow', async () => {
    const code = sampleCode()
    expect(await store.codes.issue(code)).toBe(true)
    expect(await store.codes.issue({ ...code, grantId: randomId() })).toBe(false)
    expect(await store.codes.find(code.flowId)).toMatchObject({ ...code, usedAt: undefined })
  })

  it('AS-12: is spent once; a repeated call of the same request is the same', async () => {
    const code = sampleCode()
    await store.codes.issue(code)
    expect(await store.codes.redeem(code.flowId, 'first')).toBe(true)
    expect(await store.codes.redeem(code.flowId, 'first')).toBe(true)
    expect(await store.codes.redeem(code.flowId, 'second')).toBe(false)
    await store.codes.release(code.flowId, 'first')
    expect(await store.codes.redeem(code.flowId, 'second')).toBe(true)
  })

  it('AS-12: is not spent after 60 s', async () => {
    const code = sampleCode()
    await store.codes.issue(code)
    now += 60
    expect(await store.codes.redeem(code.flowId, 'late')).toBe(false)
  })
})

it('a client that is gone stays gone, whoever uses it in that moment', async () => {
  await store.clients.renew('c-gone', now + 100)
  expect(await store.clients.find('c-gone')).toBeUndefined()
})

describe('what a browser or client keeps secret', () => {
  it('is in the table only as its hash', async () => {
    const cookie = randomSecret()
    const state = randomSecret()
    const { signedIn } = sampleGrant()
    const { id } = await store.browserSessions.begin(cookie, signedIn, now + 100, 'Firefox on Linux')
    await store.upstreamStates.spend(state, randomId(), now + 100)
    const { ScanCommand } = await import('@aws-sdk/client-dynamodb')
    const everything = JSON.stringify(await local.client.send(new ScanCommand({ TableName: local.tableName })))
    expect(everything).not.toContain(cookie)
    expect(everything).not.toContain(state)
    expect((await store.browserSessions.find(cookie))?.signedIn.person.email).toBe('alice@example.com')
    await store.browserSessions.end('somebody-else', id)
    expect(await store.browserSessions.find(cookie)).toBeDefined()
    await store.browserSessions.end(signedIn.person.sub, id)
    expect(await store.browserSessions.find(cookie)).toBeUndefined()
  })
})
