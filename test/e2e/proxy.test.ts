import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { decodeJwt } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connect } from '../../local/journey/mcp-client.ts'
import { MemoryOAuthClient } from '../../local/journey/oauth-client.ts'
import { goThrough } from '../../local/journey/person.ts'
import { serverSecretName } from '../../model/names.ts'
import { insertedMetadataUrl } from '../../model/resource-urls.ts'
import { startTestFactory, type TestFactory } from '../support/factory.ts'
import { newBrowser, receiveTokens } from '../support/journeys.ts'
import { type RunningBackend, startSdkV1Backend, startSdkV2Backend } from '../support/mcp-backend.ts'
import { LIST_TOOLS, postMessage, REDIRECT_URI, send } from '../support/oauth.ts'
import { expectNoSecretInLogs, plant } from '../support/planted-secrets.ts'
import { connectWithSdkV1 } from '../support/sdk-v1.ts'

const API_KEY = 'Bearer backend-key-5b1f0c7d2a94'

let factory: TestFactory
let wiki: RunningBackend
let library: RunningBackend

beforeAll(async () => {
  wiki = await startSdkV1Backend()
  library = await startSdkV2Backend()
  factory = await startTestFactory({
    config: {
      servers: {
        wiki: {
          title: 'Wiki',
          proxy: {
            url: wiki.url,
            headers: { Authorization: { secret: 'api-key' }, 'X-Space': 'handbook' },
            tools: {
              write_page: { scope: 'wiki:write' },
              delete_page: { scope: 'wiki:delete', level: 'privileged' },
            },
          },
          privileged: { people: ['bob@example.com'] },
        },
        library: { title: 'Library', proxy: { url: library.url, public: true } },
      },
    },
  })
  const { region, credentials, secretsManager } = factory.running.administrator
  const secrets = new SecretsManagerClient({ region, credentials, endpoint: secretsManager })
  plant('backend key', API_KEY)
  await secrets.send(
    new CreateSecretCommand({ Name: serverSecretName('prod', 'wiki', 'api-key'), SecretString: API_KEY }),
  )
})
afterAll(async () => {
  await factory?.remove()
  await Promise.all([wiki?.stop(), library?.stop()])
})

const url = (server: string) => factory.url(server)

function options(email: string, scope?: string) {
  const browser = newBrowser()
  const oauth = new MemoryOAuthClient({ name: 'Test', redirectUrl: REDIRECT_URI, ...(scope && { scope }) })
  const authorize = async (authorizationUrl: URL) => (await goThrough(browser, authorizationUrl, { email })).url
  return { server: new URL(url('wiki')), oauth, authorize }
}

const textOf = (result: unknown) => (result as { content: { text: string }[] }).content[0]?.text

describe('a server that is a proxy', () => {
  it('002.1: a client of SDK 1 signs in and uses a session of the server behind, to its end', async () => {
    const { oauth, ...rest } = options('alice@example.com')
    const client = await connectWithSdkV1({ ...rest, oauth })
    plant('access token', oauth.issued?.access_token)
    expect(textOf(await client.callTool({ name: 'read_page' }))).toBe('read_page ran')
    const transport = client.transport as StreamableHTTPClientTransport
    expect(transport.sessionId).toMatch(/^[0-9a-f-]{36}$/)
    await transport.terminateSession()
    await client.close()
    expect(new Set(wiki.recorded.map(({ method }) => method))).toEqual(new Set(['POST', 'GET', 'DELETE']))
    expect(decodeJwt(oauth.issued?.access_token ?? '')).toMatchObject({
      aud: url('wiki'),
      scope: 'wiki:use wiki:write',
    })
  })

  it('the server behind sees who calls and its own credentials, and nothing of ours', async () => {
    const { accessToken, refreshToken } = await receiveTokens(factory.issuer, url('wiki'))
    const before = wiki.recorded.length
    await postMessage(`${url('wiki')}/v2/pages?limit=5&access_token=${accessToken}`, accessToken, LIST_TOOLS, {
      Cookie: 'planted=planted-cookie-value',
      'X-User-Id': 'planted-user',
      'X-Forwarded-For': '203.0.113.7',
      'Mcp-Session-Id': 'no-such-session',
    })
    const [seen] = wiki.recorded.slice(before)
    expect(seen?.url).toBe('/base/mcp/v2/pages?limit=5')
    expect(seen?.headers).toMatchObject({
      authorization: API_KEY,
      'x-space': 'handbook',
      'x-user-email': 'alice@example.com',
      'x-user-name': 'Alice Archer',
      'x-user-provider': 'google',
      'x-user-tenant': 'example',
      'x-user-id': decodeJwt(accessToken).sub,
      'mcp-session-id': 'no-such-session',
    })
    const everything = JSON.stringify(wiki.recorded)
    for (const secret of [accessToken, refreshToken, accessToken.split('.')[2], 'planted', '203.0.113.7'])
      expect(everything).not.toContain(secret)
  })

  it('a tool beyond what a person may ever have is not listed and not called; with its scope it is', async () => {
    const alice = await connect({ ...options('alice@example.com'), mode: 'legacy' })
    expect((await alice.listTools()).tools.map(({ name }) => name)).toEqual(['read_page', 'write_page'])
    await expect(alice.callTool({ name: 'delete_page' })).rejects.toThrow('Unknown tool')
    const bob = await connect({ ...options('bob@example.com'), mode: 'legacy' })
    expect((await bob.listTools()).tools).toHaveLength(3)
    const refused = await bob.callTool({ name: 'delete_page' })
    expect(refused.isError).toBe(true)
    expect(textOf(refused)).toContain('wiki:delete')
    expect(JSON.stringify(wiki.recorded)).not.toContain('delete_page')
    await Promise.all([alice.close(), bob.close()])
  })

  it('RS-02: where the headers name the tool the gate says which scopes are needed', async () => {
    const { accessToken } = await receiveTokens(factory.issuer, url('wiki'), {
      email: 'bob@example.com',
      parameters: { scope: 'wiki:write' },
    })
    const call = (tool: string) =>
      postMessage(
        url('wiki'),
        accessToken,
        { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: tool } },
        { 'MCP-Protocol-Version': '2026-07-28', 'Mcp-Method': 'tools/call', 'Mcp-Name': tool },
      )
    for (const [tool, scope] of [
      ['delete_page', 'wiki:write wiki:delete'],
      ['read_page', 'wiki:write wiki:use'],
    ] as const) {
      const { status, headers } = await call(tool)
      expect(status).toBe(403)
      expect(headers.get('www-authenticate')).toContain(`error="insufficient_scope", scope="${scope}"`)
    }
  })

  it('RS-03: its token is no good at another server, nor theirs here', async () => {
    const ours = await receiveTokens(factory.issuer, url('wiki'))
    const theirs = await receiveTokens(factory.issuer, factory.servers.productivity)
    expect((await postMessage(factory.servers.productivity, ours.accessToken, LIST_TOOLS)).status).toBe(401)
    for (const path of ['', '/v2/pages'])
      for (const method of ['POST', 'GET', 'DELETE']) {
        const { status, headers } = await send(url('wiki') + path, {
          method,
          headers: { Authorization: `Bearer ${theirs.accessToken}` },
        })
        expect(status).toBe(401)
        expect(headers.get('www-authenticate')).toContain('resource_metadata=')
      }
  })
})

describe('a public server', () => {
  it('is called without a token, and is told nobody’s name', async () => {
    const client = new Client({ name: 'Test', version: '1.0.0' })
    const transport = new StreamableHTTPClientTransport(new URL(url('library')))
    await client.connect(transport as Parameters<Client['connect']>[0])
    expect(textOf(await client.callTool({ name: 'delete_page' }))).toBe('delete_page ran')
    await client.close()
    expect(JSON.stringify(library.recorded)).not.toContain('x-user-')
  })

  it('asks for no sign-in: it has no metadata, and no token is issued for it', async () => {
    expect((await send(insertedMetadataUrl(url('library')))).status).toBe(404)
    await expect(receiveTokens(factory.issuer, url('library'))).rejects.toThrow('no code')
  })

  it('does not get a token that somebody sends all the same', async () => {
    const { accessToken } = await receiveTokens(factory.issuer, url('wiki'))
    await postMessage(url('library'), accessToken, LIST_TOOLS)
    expect(JSON.stringify(library.recorded)).not.toContain(accessToken)
  })
})

describe('/servers', () => {
  const statuses = async () => {
    const { json } = await send(`${factory.issuer}/servers`)
    const { servers } = json as { servers?: { name: string; status: string }[] }
    return Object.fromEntries((servers ?? []).map(({ name, status }) => [name, status]))
  }

  it('002.8: shows each server up, and down when the server behind it has stopped', async () => {
    const up = { devops: 'ok', library: 'ok', productivity: 'ok', wiki: 'ok' }
    // A function's first start may take longer than the list waits for it. Two caches of ten seconds stand between: an
    // instance's look at its backend, and the list itself.
    const patience = { timeout: 50_000, interval: 2_000 }
    await expect.poll(statuses, patience).toEqual(up)
    await wiki.stop()
    await expect.poll(statuses, patience).toEqual({ ...up, wiki: 'down' })
    const { accessToken } = await receiveTokens(factory.issuer, url('wiki'))
    const { status, json } = await postMessage(url('wiki'), accessToken, LIST_TOOLS)
    expect(status).toBe(502)
    expect(json).toMatchObject({ id: 1, error: { data: { code: 'backend_unreachable' } } })
  }, 120_000)
})

it('no secret that passed through is in any log', async () => {
  await factory.stop()
  await expectNoSecretInLogs(factory.logsDirectory)
})
