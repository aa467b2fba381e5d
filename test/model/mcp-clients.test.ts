import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { isRegisteredRedirectUri } from '../../lambdas/oauth/clients/redirect-uri.ts'
import { reaches, type Way, wayText } from '../../model/mcp-client.ts'
import { findClient, MCP_CLIENTS } from '../../model/mcp-clients.ts'
import { redirectUriKind } from '../../model/redirect-uri.ts'

const INTEROP = join(import.meta.dirname, '../interop/package.json')
const SERVER = { name: 'productivity', url: 'https://mcp.example.com/productivity/mcp' }
const WAYS = MCP_CLIENTS.flatMap(({ id, ways }) =>
  ways(SERVER).map((way): [string, Way] => [`${id}, ${way.kind}`, way]),
)

/** With values in place of `<port>` and `<id>`. */
const concrete = (uri: string) => uri.replace('<port>', '49152').replace('<id>', 'FLLrQdlez6Uf')
const URIS = MCP_CLIENTS.flatMap(({ id, redirectUris }) => redirectUris.map((uri): [string, string] => [id, uri]))

/** As the clients really send them. */
const SEEN: readonly [client: string, uri: string][] = [
  ['claude', 'https://claude.ai/api/mcp/auth_callback'],
  ['claude', 'https://claude.com/api/mcp/auth_callback'],
  ['claude-code', 'http://localhost:54545/callback'],
  ['codex', 'http://127.0.0.1:1455/callback'],
  ['codex', 'http://127.0.0.1:1455/callback/aBcDeF012345'],
  ['chatgpt', 'https://chatgpt.com/connector/oauth/FLLrQdlez6Uf'],
  ['chatgpt', 'https://chatgpt.com/connector_platform_oauth_redirect'],
  ['cursor', 'cursor://anysphere.cursor-mcp/oauth/callback'],
  ['cursor', 'https://www.cursor.com/agents/mcp/oauth/callback'],
  ['cursor', 'http://localhost:8787/callback'],
  ['vscode', 'https://vscode.dev/redirect'],
  ['vscode', 'https://insiders.vscode.dev/redirect'],
  ['vscode', 'http://127.0.0.1/'],
  ['vscode', 'http://127.0.0.1:33418/'],
  ['vscode', 'http://127.0.0.1:50001'],
  ['inspector', 'http://127.0.0.1:6276/oauth/callback'],
  ['inspector', 'http://localhost:6274/oauth/callback'],
  ['mcp-remote', 'http://localhost:3334/oauth/callback'],
  ['opencode', 'http://127.0.0.1:19876/mcp/oauth/callback'],
]

it.each(
  WAYS.filter(([, way]) => wayText(way).includes('-y')),
)('%s: unasked, npx runs the version that was tried', (_, way) => {
  const { dependencies } = JSON.parse(readFileSync(INTEROP, 'utf8'))
  expect(wayText(way)).toMatch(new RegExp(`\\bmcp-remote@${dependencies['mcp-remote']}"?[ ,]`))
})

describe('redirect URIs', () => {
  it.each(URIS)('CL-01: the authorization server permits that of %s: %s', (_client, uri) => {
    expect(redirectUriKind(concrete(uri), [])).toBeDefined()
  })

  it.each(SEEN)('CL-01: what %s was seen to send is in the list: %s', (client, uri) => {
    const listed = findClient(client)?.redirectUris ?? []
    const pattern = (template: string) =>
      new RegExp(`^${template.replace(/[.?]/g, '\\$&').replace('<port>', '\\d+').replace('<id>', '[\\w-]+')}$`)
    expect(listed.some((template) => pattern(template).test(uri))).toBe(true)
    expect(isRegisteredRedirectUri(uri, [uri])).toBe(true)
  })
})

describe('ways to connect', () => {
  it.each(WAYS)('%s: carries the URL of the server', (_name, way) => {
    if (way.kind !== 'link') expect(wayText(way)).toContain(SERVER.url)
  })

  it.each(WAYS.filter(([, { kind }]) => kind === 'file'))('%s: is what the file holds', (_name, way) => {
    if (way.kind !== 'file') throw new Error('no file')
    expect(way.keys.at(-1)).toBe(SERVER.name)
    if (way.format === 'toml') {
      expect(way.text).toBe(`[mcp_servers.productivity]\nurl = "${SERVER.url}"`)
      return
    }
    const entry = way.keys.reduce((value, key) => value[key], JSON.parse(way.text))
    expect(Object.values(entry).flat()).toContain(SERVER.url)
  })

  it("Cursor's link holds the entry of its file, in base64", () => {
    const { protocol, host, pathname, searchParams } = new URL(hrefOf('cursor'))
    expect(`${protocol}//${host}${pathname}`).toBe('cursor://anysphere.cursor-deeplink/mcp/install')
    expect(searchParams.get('name')).toBe(SERVER.name)
    expect(JSON.parse(atob(searchParams.get('config') ?? ''))).toEqual({ url: SERVER.url })
  })

  it("VS Code's link and command hold the entry of its file, with the name", () => {
    const entry = { name: SERVER.name, type: 'http', url: SERVER.url }
    const [scheme, query = ''] = hrefOf('vscode').split('?')
    expect(scheme).toBe('vscode:mcp/install')
    expect(JSON.parse(decodeURIComponent(query))).toEqual(entry)
    const command = findClient('vscode')
      ?.ways(SERVER)
      .find(({ kind }) => kind === 'command')
    const [, quoted = ''] = /^code --add-mcp (".*")$/.exec(command ? wayText(command) : '') ?? []
    expect(JSON.parse(JSON.parse(quoted))).toEqual(entry)
  })
})

describe('every client', () => {
  it.each(MCP_CLIENTS)('$id says how to sign in, where tokens are, and where this was looked up', (client) => {
    expect(client.id).toMatch(/^[a-z-]+$/)
    expect([client.name, client.signIn, client.tokens, ...client.quirks]).not.toContain('')
    expect(client.sources.length).toBeGreaterThan(0)
    for (const source of client.sources) expect(source).toMatch(/^https:\/\//)
    if (client.redirectUris.length === 0) expect(client.quirks.join()).toContain('not verified')
  })

  it('has an id of its own', () => {
    expect(new Set(MCP_CLIENTS.map(({ id }) => id)).size).toBe(MCP_CLIENTS.length)
  })

  it('in a cloud does not reach this machine, and every other does', () => {
    for (const client of MCP_CLIENTS) {
      expect(reaches(client, 'https://tunnel.example.com/productivity/mcp')).toBe(true)
      for (const host of ['localhost', '127.0.0.1', '[::1]'])
        expect(reaches(client, `http://${host}:4100/productivity/mcp`)).toBe(!client.cloud)
    }
  })
})

function hrefOf(id: string): string {
  const link = findClient(id)
    ?.ways(SERVER)
    .find(({ kind }) => kind === 'link')
  return link ? wayText(link) : ''
}
