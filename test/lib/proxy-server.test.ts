import { describe, expect, it } from 'vitest'
import { ConfigError } from '../../model/config-error.ts'
import { SkillsetError } from '../../model/skillset-declaration.ts'
import { sampleConfig, sampleFactory, sampleTemplates } from './sample-factory.ts'
import { functionOf, type Json, joined, resourcesOfType, roleStatements, type TemplateJson } from './template-json.ts'

const url = 'https://wiki.example.com/mcp'
const skillset = { productivity: { skillset: 'productivity' } }
const wiki = {
  title: 'Wiki',
  proxy: {
    url,
    headers: { Authorization: { secret: 'api-key' }, 'X-Space': 'handbook' },
    tools: { delete_page: { scope: 'wiki:delete', level: 'privileged' as const } },
  },
}
const library = { title: 'Library', proxy: { url, public: true } }

const before = sampleTemplates({ config: sampleConfig({ servers: skillset }) })
const after = sampleTemplates({ config: sampleConfig({ servers: { ...skillset, wiki, library } }) })
const template = (server: string): TemplateJson => after[`prod-mcp-server-${server}`] ?? { Resources: {} }

/** `METHOD /path` to the method's properties. */
function methods({ Resources }: TemplateJson): Record<string, Json> {
  const path = (id: string | undefined): string => {
    const { ParentId, PathPart } = Resources[id ?? '']?.Properties ?? {}
    return PathPart === undefined ? '' : `${path(ParentId.Ref)}/${PathPart}`
  }
  return Object.fromEntries(
    resourcesOfType({ Resources }, 'AWS::ApiGateway::Method').map(([, { Properties }]) => [
      `${Properties.HttpMethod} ${path(Properties.ResourceId.Ref)}`,
      Properties,
    ]),
  )
}

const PASSED_ON = ['POST', 'GET', 'DELETE'].flatMap((verb) => [`${verb} /mcp`, `${verb} /mcp/{proxy+}`])

it('a proxy changes no other template', () => {
  for (const [name, unchanged] of Object.entries(before)) expect(after[name]).toEqual(unchanged)
})

it.each(PASSED_ON)('%s streams from the proxy, behind the gate', (key) => {
  const { AuthorizationType, AuthorizerId, Integration } = methods(template('wiki'))[key]
  expect([AuthorizationType, Integration.Type, Integration.ResponseTransferMode]).toEqual([
    'CUSTOM',
    'AWS_PROXY',
    'STREAM',
  ])
  expect(AuthorizerId.Ref).toBeDefined()
})

it.each(['OPTIONS /mcp', 'OPTIONS /mcp/{proxy+}'])('CL-05: %s is a preflight, without a token', (key) => {
  expect(methods(template('wiki'))[key]).toMatchObject({ AuthorizationType: 'NONE', Integration: { Type: 'MOCK' } })
})

it('the function is told where the backend is, which secret to read, and the scopes that the gate has', () => {
  const [, { Properties }] = functionOf(template('wiki'), 'wiki')
  const { BACKEND, ABILITIES, PROVIDER, SECRET_API_KEY, ...rest } = Properties.Environment.Variables
  expect(JSON.parse(BACKEND)).toEqual({ url, headers: wiki.proxy.headers, timeout: 30 })
  const abilities = { '*': 'wiki:use', delete_page: 'wiki:delete' }
  expect(JSON.parse(ABILITIES)).toEqual(abilities)
  const [[, registration] = []] = resourcesOfType(template('wiki'), 'Custom::McpServer')
  expect(JSON.parse(joined(registration?.Properties.Registration)).abilities).toEqual(abilities)
  expect(PROVIDER).toBe('google')
  expect(joined(SECRET_API_KEY)).toMatch(/:secret:prod-mcp\/wiki\/api-key$/)
  expect(rest).not.toHaveProperty('TABLE_NAME')
})

it('its role has its log, its traces and its secrets, and nothing else', () => {
  const [, { Properties }] = functionOf(template('wiki'), 'wiki')
  const statements = roleStatements(template('wiki')).filter(({ role }) => role === Properties.Role['Fn::GetAtt'][0])
  expect(statements.map(({ statement }) => statement.Sid ?? 'traces').sort()).toEqual([
    'ReadSecretApiKey',
    'WriteOwnLog',
    'traces',
  ])
})

describe('a public server', () => {
  it.each(PASSED_ON)('%s needs no token', (key) => {
    expect(methods(template('library'))[key].AuthorizationType).toBe('NONE')
  })

  it('has no gate, no metadata and no scopes', () => {
    expect(resourcesOfType(template('library'), 'AWS::ApiGateway::Authorizer')).toEqual([])
    expect(Object.keys(methods(template('library'))).filter((key) => key.includes('well-known'))).toEqual([])
    const [[, registration] = []] = resourcesOfType(template('library'), 'Custom::McpServer')
    expect(JSON.parse(joined(registration?.Properties.Registration))).toMatchObject({ scopes: [], abilities: {} })
    expect(functionOf(template('library'), 'library')[1].Properties.Environment.Variables).not.toHaveProperty(
      'ABILITIES',
    )
  })

  it('is one only where the config says so: every other method of a server with a backend stands behind the gate', () => {
    const open = Object.entries(methods(template('wiki')))
      .filter(([, { AuthorizationType, Integration }]) => AuthorizationType === 'NONE' && Integration.Type !== 'MOCK')
      .map(([key]) => key)
    expect(open).toEqual(['GET /health'])
  })
})

it('scopes are unique across skillsets and proxies', () => {
  const scoped = { ...wiki, proxy: { ...wiki.proxy, scope: 'calendar:read' } }
  const config = sampleConfig({ servers: { ...skillset, wiki: scoped } })
  expect(() => sampleFactory({ config })).toThrow(SkillsetError)
})

it('a scope at two levels stops synth', () => {
  const tools = { delete_page: { scope: 'wiki:use', level: 'privileged' as const } }
  const config = () =>
    sampleFactory({ config: sampleConfig({ servers: { wiki: { ...wiki, proxy: { url, tools } } } }) })
  expect(config).toThrow(/wiki:use/)
  expect(() => sampleConfig({ servers: { wiki: { ...wiki, proxy: { url: 'ftp://x' } } } })).toThrow(ConfigError)
})
