import { describe, expect, it } from 'vitest'
import { scopeOfTool } from '../../model/ability-scopes.ts'
import { ConfigError } from '../../model/config-error.ts'
import { defineFactory, type FactoryConfigInput, type ProxyServerConfig } from '../../model/factory-config.ts'
import { proxyDeclaration } from '../../model/proxy-declaration.ts'
import { serverRegistration } from '../../model/skillset-declaration.ts'

const URL = 'https://wiki.example.com/mcp'

function defined(server: object): ProxyServerConfig {
  const config = defineFactory({
    stage: 'prod',
    organisation: 'Example',
    connection: { provider: 'google', allowedDomains: ['example.com'] },
    signInPrefix: 'example-mcp',
    tenants: { 'example.com': 'example' },
    servers: { wiki: server } as FactoryConfigInput['servers'],
  })
  return config.servers.wiki as ProxyServerConfig
}

/** The lines of the error, one per wrong value. */
function problemsOf(server: object): readonly string[] {
  try {
    defined(server)
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
  return []
}
const proxy = (changes: object) => ({ title: 'Wiki', proxy: { url: URL, ...changes } })

describe('a proxy', () => {
  it('needs a title and a URL; the rest has defaults', () => {
    expect(defined(proxy({}))).toEqual({
      title: 'Wiki',
      access: {},
      allowedOrigins: [],
      proxy: { url: URL, headers: {}, timeout: 30, public: false, tools: {} },
    })
  })

  it.each([
    'http://localhost:3000/mcp',
    'http://127.0.0.1:3000/',
    'http://[::1]:3000/mcp',
    'https://wiki.example.com',
  ])('may be at %s', (url) => {
    expect(problemsOf(proxy({ url }))).toEqual([])
  })

  it.each<[object, string]>([
    [{}, "servers.wiki: found {}; allowed: one of skillset: 'name' and proxy: { url: 'https://…' }"],
    [{ ...proxy({}), skillset: 'wiki' }, "allowed: one of skillset: 'name' and proxy: { url: 'https://…' }"],
    [{ proxy: { url: URL } }, 'servers.wiki.title: found nothing; allowed: a string'],
    [{ title: 'Wiki', proxy: URL }, 'servers.wiki.proxy: found "https://wiki.example.com/mcp"; allowed: an object'],
    [{ ...proxy({}), options: {} }, 'servers.wiki: found'],
    [proxy({ url: undefined }), 'servers.wiki.proxy.url: found nothing; allowed: '],
    [
      proxy({ url: 'http://wiki.example.com/mcp' }),
      'servers.wiki.proxy.url: found "http://wiki.example.com/mcp"; allowed: an https URL',
    ],
    [proxy({ url: 'https://user:secret@wiki.example.com/' }), 'servers.wiki.proxy.url: '],
    [proxy({ url: 'https://wiki.example.com/mcp?key=1' }), 'servers.wiki.proxy.url: '],
    [proxy({ url: 'https://wiki.example.com/mcp#x' }), 'servers.wiki.proxy.url: '],
    [proxy({ url: 'http://localhost.evil.test/' }), 'servers.wiki.proxy.url: '],
    [proxy({ url: 'file:///etc/passwd' }), 'servers.wiki.proxy.url: '],
    [proxy({ timeout: 0 }), 'servers.wiki.proxy.timeout: found 0; allowed: at least 1'],
    [proxy({ timeout: 241 }), 'servers.wiki.proxy.timeout: found 241; allowed: at most 240'],
    [proxy({ health: 'https://evil.test/' }), 'servers.wiki.proxy.health: '],
    [proxy({ health: '//evil.test/' }), 'servers.wiki.proxy.health: '],
    [proxy({ scope: 'two scopes' }), 'servers.wiki.proxy.scope: found "two scopes"; allowed: a scope'],
    [proxy({ tools: { delete_page: {} } }), 'servers.wiki.proxy.tools.delete_page.scope: '],
    [
      proxy({ tools: { delete_page: { scope: 'w:d', level: 'root' } } }),
      'tools.delete_page.level: found "root"; allowed: one of "everyday", "privileged"',
    ],
    [proxy({ tools: { '*': { scope: 'w:d' } } }), 'allowed: the name of an MCP tool'],
    [
      proxy({ headers: { 'X-Key': { secret: 'No Name' } } }),
      'servers.wiki.proxy.headers.X-Key.secret: found "No Name"; allowed: a secret’s name',
    ],
    [proxy({ headers: { 'X-Space': 'a\r\nb: c' } }), 'servers.wiki.proxy.headers.X-Space: '],
    [proxy({ headers: { 'X Space': 'a' } }), 'allowed: a header name'],
    [proxy({ headers: { 'X-A': '1', 'x-a': '2' } }), 'allowed: each header once'],
  ])('%j: %s', (server, problem) => {
    expect(problemsOf(server).join('\n')).toContain(problem)
  })

  it.each([
    'Host',
    'connection',
    'Transfer-Encoding',
    'Content-Length',
    'TE',
    'Proxy-Authorization',
    'X-User-Id',
    'X-Forwarded-For',
    'Forwarded',
    'Mcp-Session-Id',
    'Accept',
    'Origin',
    'X-Amz-Date',
    'X-Amzn-Trace-Id',
  ])('may not set %s', (name) => {
    expect(problemsOf(proxy({ headers: { [name]: 'x' } })).join()).toContain('not the proxy’s own to set')
  })

  it.each([
    'Authorization',
    'Cookie',
    'X-Api-Key',
    'X-Auth-Token',
    'Client-Secret',
  ])('has %s from a secret alone, and the message does not repeat it', (name) => {
    const [problem = ''] = problemsOf(proxy({ headers: { [name]: 'Bearer s3cr3t' } }))
    expect(problem).toContain("allowed: { secret: 'name' }")
    expect(problem).not.toContain('s3cr3t')
    expect(problemsOf(proxy({ headers: { [name]: { secret: 'api-key' } } }))).toEqual([])
  })

  it('that is public has no rules and no scopes', () => {
    const bob = { people: ['bob@example.com'] }
    const rules = { access: bob, privileged: bob, scopes: { 'wiki:use': bob } }
    const problems = problemsOf({
      ...proxy({ public: true, scope: 'wiki:use', tools: { x: { scope: 'y' } } }),
      ...rules,
    })
    expect(problems.map((problem) => problem.split(':')[0])).toEqual([
      'servers.wiki.access',
      'servers.wiki.privileged',
      'servers.wiki.scopes',
      'servers.wiki.proxy.scope',
      'servers.wiki.proxy.tools',
    ])
  })
})

describe('its registration', () => {
  const registration = (changes: object) => {
    const server = defined(proxy(changes))
    return serverRegistration(proxyDeclaration('wiki', server), {
      ...server,
      name: 'wiki',
      resource: 'https://m/wiki/mcp',
    })
  }

  it('has a scope for every unnamed tool, and those of the tools that the config names', () => {
    const { scopes, abilities } = registration({
      tools: { delete_page: { scope: 'wiki:write', level: 'privileged', title: 'Delete a page' } },
    })
    expect(scopes).toEqual([
      { name: 'wiki:use', level: 'everyday', abilities: ['Use Wiki'] },
      { name: 'wiki:write', level: 'privileged', abilities: ['Delete a page'] },
    ])
    expect(abilities).toEqual({ '*': 'wiki:use', delete_page: 'wiki:write' })
    expect(['delete_page', 'read_page', 'toString'].map((tool) => scopeOfTool(abilities, tool))).toEqual([
      'wiki:write',
      'wiki:use',
      'wiki:use',
    ])
  })

  it('of a public one is empty', () => {
    expect(registration({ public: true })).toMatchObject({ scopes: [], abilities: {} })
  })

  it('a skillset has no scope for a tool that it does not have', () => {
    expect(scopeOfTool({ list_events: 'calendar:read' }, 'toString')).toBeUndefined()
  })

  it('needs each secret once', () => {
    const secret = { secret: 'api-key' }
    const { needs } = proxyDeclaration('wiki', defined(proxy({ headers: { Authorization: secret, 'X-Key': secret } })))
    expect(needs).toEqual([{ kind: 'secret', name: 'api-key', optional: false }])
  })
})
