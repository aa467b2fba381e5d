import { request, type ServerResponse } from 'node:http'
import { expect, onTestFinished, test } from 'vitest'
import type { ApiDirectory, DomainMapping } from '../../local/api-gateway/index.ts'
import { customDomain, executeApi } from '../../local/front.ts'
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

async function ask(port: number, path: string, host: string): Promise<{ status: number | undefined; body: string }> {
  return new Promise((resolve, reject) => {
    request({ port, host: '127.0.0.1', path, headers: { host } }, async (response) => {
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
  const port = await listening(customDomain(STACKS, APIS))
  const { body } = await ask(port, path, 'mcp.example.com')
  expect(JSON.parse(body)).toEqual({ apiId, url: path, target: { domainName: 'mcp.example.com', mappingKey } })
})

test("only the domain's name and this machine's own are answered", async () => {
  const port = await listening(customDomain(STACKS, APIS))
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
