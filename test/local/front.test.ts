import { type RequestListener, request, type ServerResponse } from 'node:http'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { ApiDirectory, DomainMapping } from '../../local/api-gateway/index.ts'
import { boardAlone, customDomain, executeApi } from '../../local/front.ts'
import { listenOnLoopback } from '../../local/loopback-server.ts'
import { KeptPorts, listenEarly } from '../../local/origins.ts'
import { resource, stackOf, temporaryDirectory } from './hand-made.ts'

const mapping = (ApiId: string, ApiMappingKey?: string) =>
  resource('AWS::ApiGatewayV2::ApiMapping', ApiId, ApiId, {
    DomainName: 'mcp.example.com',
    ApiId,
    Stage: 'x',
    ...(ApiMappingKey !== undefined && { ApiMappingKey }),
  })

const STACKS = [
  stackOf(
    resource('AWS::ApiGatewayV2::DomainName', 'Domain', 'mcp.example.com', { DomainName: 'mcp.example.com' }),
    mapping('root'),
    mapping('devops', 'devops'),
    mapping('devops-two', 'devops-two'),
  ),
]

/** Answers with who was asked. */
const APIS: ApiDirectory = {
  get: (apiId) => ({
    async handle(incoming, response: ServerResponse, target: DomainMapping | undefined) {
      response.end(JSON.stringify({ apiId, url: incoming.url, target }))
    },
  }),
}

const BOARD: RequestListener = (_request, response) => response.end('the board')

async function ask(
  port: number,
  path: string,
  host: string,
  { method = 'GET', headers = {} }: { method?: string; headers?: Record<string, string> } = {},
): Promise<{ status: number | undefined; body: string }> {
  return new Promise((resolve, reject) => {
    request({ port, host: '127.0.0.1', path, method, headers: { ...headers, host } }, async (response) => {
      let body = ''
      for await (const chunk of response) body += chunk
      resolve({ status: response.statusCode, body })
    })
      .on('error', reject)
      .end()
  })
}

async function listening(listener: Parameters<typeof listenOnLoopback>[0]): Promise<number> {
  const { port, close } = await listenOnLoopback(listener)
  onTestFinished(close)
  return port
}

test.each([
  ['/', 'root', ''],
  ['/token?x=/devops', 'root', ''],
  ['/devops', 'devops', 'devops'],
  ['/devops/mcp', 'devops', 'devops'],
  ['/devops-two/mcp', 'devops-two', 'devops-two'],
  ['/devops-three/mcp', 'root', ''],
  ['/.well-known/oauth-protected-resource/devops/mcp', 'root', ''],
])('PLATFORM 6: %s is the business of %s, its path unchanged', async (path, apiId, mappingKey) => {
  const port = await listening(customDomain(STACKS, APIS, BOARD))
  const { body } = await ask(port, path, 'mcp.example.com')
  expect(JSON.parse(body)).toEqual({ apiId, url: path, target: { domainName: 'mcp.example.com', mappingKey } })
})

test("only the domain's name and this machine's own are answered", async () => {
  const port = await listening(customDomain(STACKS, APIS, BOARD))
  for (const host of ['mcp.example.com', 'MCP.example.com:443', `localhost:${port}`, `127.0.0.1:${port}`])
    expect(await ask(port, '/', host)).toMatchObject({ status: 200 })
  for (const host of ['evil.test', 'localhost.evil.test', 'mcp.example.com.evil.test'])
    expect(await ask(port, '/', host)).toEqual({ status: 403, body: '{"message":"Forbidden"}' })
})

test('an API on a port of its own has no mapping, and answers no foreign name', async () => {
  const port = await listening(executeApi(APIS.get('devops')))
  expect(JSON.parse((await ask(port, '/v1/mcp', 'localhost')).body)).toEqual({ apiId: 'devops', url: '/v1/mcp' })
  expect(await ask(port, '/v1/mcp', 'evil.test')).toMatchObject({ status: 403 })
})

const APIS_ANSWER = /^\{"apiId":"root"/

describe('the board beside the APIs', () => {
  test.each(['localhost', '127.0.0.1', '[::1]'])('is at / and below /-/ of this machine as %s', async (host) => {
    const port = await listening(customDomain(STACKS, APIS, BOARD))
    for (const path of ['/', '/?client=cursor', '/-/activity', '/-/'])
      expect(await ask(port, path, `${host}:${port}`)).toEqual({ status: 200, body: 'the board' })
  })

  test.each([
    ['POST', '/'],
    ['HEAD', '/'],
    ['GET', '/-'],
    ['GET', '/-board'],
    ['GET', '/servers'],
    ['GET', '//'],
    ['GET', '/.well-known/-/x'],
  ])('leaves %s %s to the APIs', async (method, path) => {
    const port = await listening(customDomain(STACKS, APIS, BOARD))
    const { body } = await ask(port, path, 'localhost', { method })
    if (method !== 'HEAD') expect(body).toMatch(APIS_ANSWER)
    expect(body).not.toBe('the board')
  })

  test("is not shown by the domain's name, nor by a foreign one", async () => {
    const port = await listening(customDomain(STACKS, APIS, BOARD))
    for (const path of ['/', '/-/activity']) {
      expect((await ask(port, path, 'mcp.example.com')).body).toMatch(APIS_ANSWER)
      expect(await ask(port, path, 'evil.test')).toMatchObject({ status: 403 })
    }
  })

  test.each([
    'forwarded',
    'via',
    'x-forwarded-for',
    'x-forwarded-host',
    'x-forwarded-proto',
    'x-real-ip',
    'cf-connecting-ip',
  ])('is not shown through a tunnel that rewrites the Host: %s', async (header) => {
    const port = await listening(customDomain(STACKS, APIS, BOARD))
    const headers = { [header]: 'x' }
    for (const path of ['/', '/-/activity'])
      expect((await ask(port, path, 'localhost', { headers })).body).toMatch(APIS_ANSWER)
    const alone = await listening(boardAlone(BOARD))
    expect(await ask(alone, '/', 'localhost', { headers })).toMatchObject({ status: 403 })
  })

  test('is not at the front where a tunnel leads there: one may add nothing and send this machine’s own name', async () => {
    const port = await listening(customDomain(STACKS, APIS, undefined))
    for (const path of ['/', '/-/activity']) expect((await ask(port, path, 'localhost')).body).toMatch(APIS_ANSWER)
  })

  test('alone on its port it is all there is, for this machine', async () => {
    const port = await listening(boardAlone(BOARD))
    expect(await ask(port, '/', 'localhost')).toEqual({ status: 200, body: 'the board' })
    expect(await ask(port, '/', 'evil.test')).toMatchObject({ status: 403 })
  })
})

test('a taken port is said plainly', async () => {
  const door = await listenEarly(0)
  onTestFinished(door.close)
  await expect(listenEarly(door.port)).rejects.toThrow(`port ${door.port} is taken`)
})

test('until the factory has started its port answers 503', async () => {
  const door = await listenEarly(0)
  onTestFinished(door.close)
  expect(await ask(door.port, '/', 'localhost')).toMatchObject({ status: 503 })
  door.open((_request, response) => response.end('open'))
  expect(await ask(door.port, '/', 'localhost')).toEqual({ status: 200, body: 'open' })
})

test('a port nobody chose stays the same, unless somebody else has it', async () => {
  const path = `${temporaryDirectory()}/ports.json`
  const first = await new KeptPorts(path).choose('sign-in')
  expect(await new KeptPorts(path).choose('sign-in')).toBe(first)
  const taken = await listenEarly(first)
  onTestFinished(taken.close)
  expect(await new KeptPorts(path).choose('sign-in')).not.toBe(first)
})
