import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { TableUnreachable, tableReader } from '../../../lambdas/authorizer/table-reader.ts'
import { startLocalTable, TABLE_NAME } from '../store/local-table.ts'

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
})

interface Call {
  readonly operation: string
  readonly input: Record<string, unknown>
  readonly request: IncomingMessage
}

const ITEMS = ['KEYS', 'POLICY', 'SERVER#devops'].map((pk) => ({
  pk: { S: pk },
  sk: { S: pk.replace(/#.*/, '') },
  doc: { S: `document of ${pk}` },
}))
const ANSWERS: Readonly<Record<string, unknown>> = {
  BatchGetItem: { Responses: { [TABLE_NAME]: ITEMS }, UnprocessedKeys: {} },
  Query: { Items: [] },
}

/** An endpoint that keeps every call and answers as it is told. */
async function endpointOf(
  answer: (call: Call, calls: readonly Call[]) => unknown = ({ operation }) => ANSWERS[operation],
) {
  const calls: Call[] = []
  const listener: RequestListener = async (request, response) => {
    const body = Buffer.concat(await request.toArray()).toString()
    const operation = String(request.headers['x-amz-target']).replace('DynamoDB_20120810.', '')
    const call = { operation, input: JSON.parse(body), request }
    calls.push(call)
    const answered = await answer(call, calls)
    if (answered === undefined) return
    if (typeof answered === 'function') return answered(response)
    if (typeof answered === 'number') response.writeHead(answered)
    response.end(typeof answered === 'object' ? JSON.stringify(answered) : 'not JSON {')
  }
  const server = createServer(listener)
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { calls, endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

/** A limit that a busy machine keeps, but for the tests of the limit itself. */
const readerOf = (endpoint: string, timeLimit = 10_000) => {
  const read = tableReader(
    {
      endpoint,
      region: 'eu-west-1',
      tableName: TABLE_NAME,
      accessKeyId: 'AKIDEXAMPLE',
      secretAccessKey: 'a-secret',
      sessionToken: 'a-session',
    },
    'devops',
    Date.now,
  )
  return () => read(timeLimit)
}

describe('one reading', () => {
  it('is one BatchGetItem and one Query, both strongly consistent, both signed', async () => {
    const { calls, endpoint } = await endpointOf()
    expect(await readerOf(endpoint)()).toEqual({
      keys: 'document of KEYS',
      policy: 'document of POLICY',
      server: 'document of SERVER#devops',
      denyEntries: [],
    })
    expect(calls.map(({ operation }) => operation).toSorted()).toEqual(['BatchGetItem', 'Query'])
    expect(calls.find(({ operation }) => operation === 'BatchGetItem')?.input).toEqual({
      RequestItems: {
        [TABLE_NAME]: {
          ConsistentRead: true,
          Keys: [
            { pk: { S: 'KEYS' }, sk: { S: 'KEYS' } },
            { pk: { S: 'POLICY' }, sk: { S: 'POLICY' } },
            { pk: { S: 'SERVER#devops' }, sk: { S: 'SERVER' } },
          ],
        },
      },
    })
    expect(calls.find(({ operation }) => operation === 'Query')?.input).toMatchObject({ ConsistentRead: true })
    for (const { request } of calls) {
      expect(request.headers.authorization).toMatch(
        /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/eu-west-1\/dynamodb\/aws4_request, SignedHeaders=/,
      )
      expect(request.headers['x-amz-security-token']).toBe('a-session')
      expect(request.headers.connection).toBe('close')
    }
  })

  it('follows the pages of deny entries', async () => {
    const entry = (value: string) => ({ pk: { S: 'DENY' }, sk: { S: value }, value: { S: value }, before: { N: '7' } })
    const { calls, endpoint } = await endpointOf(({ operation, input }) => {
      if (operation !== 'Query') return ANSWERS[operation]
      return input.ExclusiveStartKey === undefined
        ? { Items: [entry('a')], LastEvaluatedKey: { pk: { S: 'DENY' }, sk: { S: 'a' } } }
        : { Items: [entry('b')] }
    })
    const { denyEntries } = await readerOf(endpoint)()
    expect(denyEntries).toMatchObject([{ value: 'a', before: 7 }, { value: 'b' }])
    expect(calls.at(-1)?.input.ExclusiveStartKey).toEqual({ pk: { S: 'DENY' }, sk: { S: 'a' } })
  })

  it('says what is not there', async () => {
    const { endpoint } = await endpointOf(({ operation }) =>
      operation === 'Query' ? { Items: [] } : { Responses: { [TABLE_NAME]: [] } },
    )
    expect(await readerOf(endpoint)()).toEqual({
      keys: undefined,
      policy: undefined,
      server: undefined,
      denyEntries: [],
    })
  })

  it('reads what a DynamoDB holds', async () => {
    await using table = await startLocalTable()
    await table.put({ pk: 'KEYS', sk: 'KEYS', doc: 'the keys' })
    await table.put({ pk: 'SERVER#devops', sk: 'SERVER', doc: 'ours' })
    await table.put({ pk: 'SERVER#other', sk: 'SERVER', doc: 'not ours' })
    await table.put({ pk: 'DENY', sk: 'grant#g', kind: 'grant', value: 'g', before: 5, expiresAt: 6 })
    expect(await readerOf(table.endpoint)()).toEqual({
      keys: 'the keys',
      policy: undefined,
      server: 'ours',
      denyEntries: [{ pk: 'DENY', sk: 'grant#g', kind: 'grant', value: 'g', before: 5, expiresAt: 6 }],
    })
  })
})

describe('the table is unreachable when', () => {
  const failing = (wrong: 'BatchGetItem' | 'Query', answer: unknown) =>
    endpointOf(({ operation }) => (operation === wrong ? answer : ANSWERS[operation]))

  it('nothing listens', async () => {
    await expect(readerOf('http://127.0.0.1:1')()).rejects.toThrow(TableUnreachable)
  })

  it.each(['BatchGetItem', 'Query'] as const)('%s does not answer in time', async (operation) => {
    const { endpoint } = await failing(operation, undefined)
    await expect(readerOf(endpoint, 50)()).rejects.toThrow(TableUnreachable)
  })

  it.each(['BatchGetItem', 'Query'] as const)('%s begins an answer and does not end it in time', async (operation) => {
    const { endpoint } = await failing(operation, (response: ServerResponse) => response.write('{'))
    await expect(readerOf(endpoint, 200)()).rejects.toThrow(TableUnreachable)
  })

  it('its answer breaks off', async () => {
    const { endpoint } = await failing('Query', (response: ServerResponse) => {
      response.writeHead(200, { 'content-length': 100 }).write('{"Items":[]}', () => response.destroy())
    })
    await expect(readerOf(endpoint)()).rejects.toThrow(TableUnreachable)
  })

  it.each([400, 403, 429, 500, 503])('it answers %i, once and without a second try', async (status) => {
    const { calls, endpoint } = await failing('Query', status)
    await expect(readerOf(endpoint)()).rejects.toThrow(`Query answered ${status}`)
    expect(calls.filter(({ operation }) => operation === 'Query')).toHaveLength(1)
  })

  it.each([
    ['what is not JSON', 'text'],
    ['another shape', {}],
    ['keys it did not read', { Responses: { [TABLE_NAME]: [] }, UnprocessedKeys: { [TABLE_NAME]: { Keys: [] } } }],
  ])('it answers with %s', async (_, answer) => {
    const { endpoint } = await failing('BatchGetItem', answer)
    await expect(readerOf(endpoint)()).rejects.toThrow(TableUnreachable)
  })

  it('its error is named by AWS’s word for it, never by AWS’s message', async () => {
    const server = createServer((_, response) => {
      response.writeHead(400)
      response.end(
        '{"__type":"com.amazonaws#AccessDeniedException","message":"arn:aws:iam::1:role/x is not authorized"}',
      )
    })
    servers.push(server)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    await expect(readerOf(endpoint)()).rejects.toThrow(/answered 400 AccessDeniedException$/)
  })

  it('it redirects: credentials are for nobody else', async () => {
    const elsewhere = await endpointOf()
    const server = createServer((_, response) => response.writeHead(307, { location: elsewhere.endpoint }).end())
    servers.push(server)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    await expect(readerOf(endpoint)()).rejects.toThrow(TableUnreachable)
    expect(elsewhere.calls).toEqual([])
  })
})
